CREATE TABLE execution_months (
    area text NOT NULL,
    fund_year integer NOT NULL,
    fund_line text NOT NULL,
    institution_code text NOT NULL,
    settlement_month date NOT NULL CONSTRAINT execution_months_on_the_first CHECK (date_part('day', settlement_month) = 1),
    district text NOT NULL,
    n_admissions bigint NOT NULL,
    cost_fen bigint NOT NULL,
    refused_fen bigint NOT NULL,
    payable_fen bigint NOT NULL,
    paid_fen bigint NOT NULL,
    deferred_fen bigint NOT NULL,
    CONSTRAINT execution_months_key PRIMARY KEY (area, fund_year, fund_line, institution_code, settlement_month)
);
ALTER TABLE execution_months ENABLE ROW LEVEL SECURITY;
ALTER TABLE execution_months FORCE ROW LEVEL SECURITY;
CREATE POLICY execution_months_institution ON execution_months USING (
    area = (SELECT required_setting('medfund.area'))
    AND (SELECT required_setting('medfund.institution')) IN ('*', institution_code)
);

CREATE TABLE payments (
    area text NOT NULL,
    payment_order text NOT NULL,
    fund_year integer NOT NULL,
    fund_line text NOT NULL,
    institution_code text NOT NULL,
    amount_fen bigint NOT NULL,
    value_date date NOT NULL,
    CONSTRAINT payments_key PRIMARY KEY (area, payment_order)
);
CREATE INDEX payments_of_year ON payments (area, fund_year, fund_line);
COMMENT ON COLUMN payments.fund_year IS 'The fund year it pays for, not that of its value date.';
COMMENT ON COLUMN payments.amount_fen IS 'Fen, negative for a recovery.';
ALTER TABLE payments ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments FORCE ROW LEVEL SECURITY;
CREATE POLICY payments_institution ON payments USING (
    area = (SELECT required_setting('medfund.area'))
    AND (SELECT required_setting('medfund.institution')) IN ('*', institution_code)
);

CREATE TABLE cleared_institutions (
    area text NOT NULL,
    fund_year integer NOT NULL,
    fund_line text NOT NULL,
    institution_code text NOT NULL,
    district text NOT NULL,
    payable_fen bigint NOT NULL,
    cost_fen bigint NOT NULL,
    final_fen bigint NOT NULL,
    CONSTRAINT cleared_institutions_key PRIMARY KEY (area, fund_year, fund_line, institution_code)
);
ALTER TABLE cleared_institutions ENABLE ROW LEVEL SECURITY;
ALTER TABLE cleared_institutions FORCE ROW LEVEL SECURITY;
CREATE POLICY cleared_institutions_institution ON cleared_institutions USING (
    area = (SELECT required_setting('medfund.area'))
    AND (SELECT required_setting('medfund.institution')) IN ('*', institution_code)
);

CREATE TABLE primary_care_allotments (
    area text NOT NULL,
    fund_year integer NOT NULL,
    fund_line text NOT NULL,
    rolled_in_fen bigint NOT NULL,
    earmark_fen bigint NOT NULL,
    allotted_fen bigint NOT NULL,
    rolled_out_fen bigint NOT NULL,
    lapsed_fen bigint NOT NULL,
    rolled_in jsonb NOT NULL,
    rolled_out jsonb NOT NULL,
    districts jsonb NOT NULL,
    decision uuid,
    allot_date date NOT NULL,
    CONSTRAINT primary_care_allotments_key PRIMARY KEY (area, fund_year, fund_line),
    CONSTRAINT primary_care_allotments_add_up CHECK (rolled_in_fen + earmark_fen = allotted_fen + rolled_out_fen + lapsed_fen)
);
COMMENT ON COLUMN primary_care_allotments.rolled_in IS 'Parts rolled in, each with the year that kept it and its amount in fen.';
COMMENT ON COLUMN primary_care_allotments.rolled_out IS 'Parts that roll on, each with the year that kept it and its amount in fen.';
COMMENT ON COLUMN primary_care_allotments.districts IS 'Districts by code, each with its funding increase and its share in fen.';
ALTER TABLE primary_care_allotments ENABLE ROW LEVEL SECURITY;
ALTER TABLE primary_care_allotments FORCE ROW LEVEL SECURITY;
CREATE POLICY primary_care_allotments_area ON primary_care_allotments USING (
    area = (SELECT required_setting('medfund.area'))
);

CREATE TABLE final_accounts (
    area text NOT NULL,
    fund_year integer NOT NULL,
    fund_line text NOT NULL,
    district text NOT NULL,
    income_fen bigint NOT NULL,
    backstop_fen bigint NOT NULL,
    deductions jsonb NOT NULL,
    settled_fen bigint NOT NULL,
    primary_care_fen bigint NOT NULL,
    expenditure_fen bigint NOT NULL,
    surplus_fen bigint NOT NULL,
    surplus_rate text NOT NULL,
    surplus_health text NOT NULL,
    institutions jsonb NOT NULL,
    close_date date NOT NULL,
    CONSTRAINT final_accounts_key PRIMARY KEY (area, fund_year, fund_line, district)
);
COMMENT ON COLUMN final_accounts.deductions IS 'The pack''s deductions in its order, each with its amount in fen.';
COMMENT ON COLUMN final_accounts.institutions IS 'Institutions by code, each with its quota, payable and final amount in fen.';
ALTER TABLE final_accounts ENABLE ROW LEVEL SECURITY;
ALTER TABLE final_accounts FORCE ROW LEVEL SECURITY;
CREATE POLICY final_accounts_area ON final_accounts USING (
    area = (SELECT required_setting('medfund.area'))
);

CREATE TABLE disclosures (
    area text NOT NULL,
    disclosure_id uuid NOT NULL,
    subject text NOT NULL,
    kind text NOT NULL,
    fund_year integer NOT NULL,
    lines jsonb NOT NULL,
    publish_date date NOT NULL,
    create_time timestamptz NOT NULL,
    CONSTRAINT disclosures_key PRIMARY KEY (area, disclosure_id),
    CONSTRAINT disclosures_subject_once UNIQUE (area, subject)
);
COMMENT ON COLUMN disclosures.lines IS 'Lines in order, each with its name, term and amount in fen.';
ALTER TABLE disclosures ENABLE ROW LEVEL SECURITY;
ALTER TABLE disclosures FORCE ROW LEVEL SECURITY;
CREATE POLICY disclosures_area ON disclosures USING (
    area = (SELECT required_setting('medfund.area'))
);
