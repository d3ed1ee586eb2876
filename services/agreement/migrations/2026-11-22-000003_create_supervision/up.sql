-- Violations, inspections, assessments, reports and disclosures.

CREATE TABLE violations (
    area             text NOT NULL,
    violation_id     uuid NOT NULL,
    fund_year        integer NOT NULL,
    institution_code text NOT NULL,
    kind             text NOT NULL,
    spoils_record    boolean NOT NULL,
    occur_date       date NOT NULL,
    amount_fen       bigint NOT NULL CONSTRAINT violations_amount_not_negative CHECK (amount_fen >= 0),
    physician_code   text,
    reference        text NOT NULL,
    inspection_id    uuid,
    maker            text NOT NULL,
    checker          text,
    CONSTRAINT violations_key PRIMARY KEY (area, violation_id),
    CONSTRAINT violations_institution FOREIGN KEY (area, institution_code) REFERENCES institutions (area, institution_code),
    CONSTRAINT violations_two_persons CHECK (checker IS NULL OR checker <> maker)
);
COMMENT ON TABLE violations IS 'Violations of the agreement.';
COMMENT ON COLUMN violations.amount_fen IS 'Fen that it cost the fund.';
COMMENT ON COLUMN violations.physician_code IS 'National code of the physician mainly responsible.';
ALTER TABLE violations ENABLE ROW LEVEL SECURITY;
ALTER TABLE violations FORCE ROW LEVEL SECURITY;
CREATE POLICY violations_institution ON violations USING (
    area = (SELECT required_setting('medfund.area'))
    AND (SELECT required_setting('medfund.institution')) IN (institution_code, '*')
);
CREATE INDEX violations_of_year ON violations (area, fund_year, violation_id);
CREATE INDEX violations_spoiling ON violations (area, institution_code, fund_year) WHERE spoils_record AND checker IS NOT NULL;

CREATE TABLE inspections (
    area                 text NOT NULL,
    inspection_id        uuid NOT NULL,
    fund_year            integer NOT NULL,
    institution_code     text NOT NULL,
    fund_line            text NOT NULL,
    settlement_month     date NOT NULL,
    n_population         bigint NOT NULL,
    n_sample             bigint NOT NULL,
    violating_cases      jsonb NOT NULL,
    sample_violating_fen bigint NOT NULL,
    sampling_rate        numeric NOT NULL CONSTRAINT inspections_rate_is_share CHECK (sampling_rate > 0 AND sampling_rate <= 1),
    extrapolated         boolean NOT NULL,
    refused_fen          bigint NOT NULL CONSTRAINT inspections_refused_at_least_found CHECK (refused_fen >= sample_violating_fen),
    maker                text NOT NULL,
    checker              text,
    CONSTRAINT inspections_key PRIMARY KEY (area, inspection_id),
    CONSTRAINT inspections_institution FOREIGN KEY (area, institution_code) REFERENCES institutions (area, institution_code),
    CONSTRAINT inspections_two_persons CHECK (checker IS NULL OR checker <> maker),
    CONSTRAINT inspections_sample_within_population CHECK (n_sample BETWEEN 1 AND n_population)
);
COMMENT ON TABLE inspections IS 'Sampled inspections.';
COMMENT ON COLUMN inspections.settlement_month IS 'First day of the month.';
COMMENT ON COLUMN inspections.violating_cases IS 'Cases found to violate; amounts in fen.';
COMMENT ON COLUMN inspections.sample_violating_fen IS 'Fen of the violating cases together.';
COMMENT ON COLUMN inspections.refused_fen IS 'Fen refused after enlargement.';
ALTER TABLE inspections ENABLE ROW LEVEL SECURITY;
ALTER TABLE inspections FORCE ROW LEVEL SECURITY;
CREATE POLICY inspections_institution ON inspections USING (
    area = (SELECT required_setting('medfund.area'))
    AND (SELECT required_setting('medfund.institution')) IN (institution_code, '*')
);
CREATE INDEX inspections_of_year ON inspections (area, fund_year, inspection_id);
CREATE UNIQUE INDEX inspections_confirmed_once ON inspections (area, institution_code, fund_line, settlement_month) WHERE checker IS NOT NULL;

CREATE TABLE reviews (
    area             text NOT NULL,
    review_id        uuid NOT NULL,
    fund_year        integer NOT NULL,
    institution_code text NOT NULL,
    grade            text NOT NULL,
    reference        text NOT NULL,
    confirm_date     date,
    maker            text NOT NULL,
    checker          text,
    CONSTRAINT reviews_key PRIMARY KEY (area, review_id),
    CONSTRAINT reviews_institution FOREIGN KEY (area, institution_code) REFERENCES institutions (area, institution_code),
    CONSTRAINT reviews_two_persons CHECK (checker IS NULL OR checker <> maker),
    CONSTRAINT reviews_confirmed_on_a_day CHECK ((checker IS NULL) = (confirm_date IS NULL))
);
COMMENT ON TABLE reviews IS 'Results of graded reviews.';
ALTER TABLE reviews ENABLE ROW LEVEL SECURITY;
ALTER TABLE reviews FORCE ROW LEVEL SECURITY;
CREATE POLICY reviews_institution ON reviews USING (
    area = (SELECT required_setting('medfund.area'))
    AND (SELECT required_setting('medfund.institution')) IN (institution_code, '*')
);
CREATE INDEX reviews_of_year ON reviews (area, fund_year, review_id);
CREATE UNIQUE INDEX reviews_confirmed_once ON reviews (area, institution_code, fund_year) WHERE checker IS NOT NULL;

CREATE TABLE indicator_assessments (
    area             text NOT NULL,
    assessment_id    uuid NOT NULL,
    fund_year        integer NOT NULL,
    institution_code text NOT NULL,
    measured         jsonb NOT NULL,
    quarter_visits   bigint[],
    deductions       jsonb NOT NULL,
    deduction_rate   numeric NOT NULL CONSTRAINT indicator_assessments_rate_is_share CHECK (deduction_rate BETWEEN 0 AND 1),
    maker            text NOT NULL,
    checker          text,
    CONSTRAINT indicator_assessments_key PRIMARY KEY (area, assessment_id),
    CONSTRAINT indicator_assessments_institution FOREIGN KEY (area, institution_code) REFERENCES institutions (area, institution_code),
    CONSTRAINT indicator_assessments_two_persons CHECK (checker IS NULL OR checker <> maker)
);
COMMENT ON TABLE indicator_assessments IS 'Measured indicators of a year and what the missed ones cost.';
COMMENT ON COLUMN indicator_assessments.deduction_rate IS 'Share of the payable of the year.';
ALTER TABLE indicator_assessments ENABLE ROW LEVEL SECURITY;
ALTER TABLE indicator_assessments FORCE ROW LEVEL SECURITY;
CREATE POLICY indicator_assessments_institution ON indicator_assessments USING (
    area = (SELECT required_setting('medfund.area'))
    AND (SELECT required_setting('medfund.institution')) IN (institution_code, '*')
);
CREATE INDEX indicator_assessments_of_year ON indicator_assessments (area, fund_year, assessment_id);
CREATE UNIQUE INDEX indicator_assessments_confirmed_once ON indicator_assessments (area, institution_code, fund_year) WHERE checker IS NOT NULL;

CREATE TABLE conducts (
    area             text NOT NULL,
    institution_code text NOT NULL,
    fund_year        integer NOT NULL,
    kept_rules       boolean NOT NULL,
    reference        text NOT NULL,
    maker            text NOT NULL,
    CONSTRAINT conducts_key PRIMARY KEY (area, institution_code, fund_year),
    CONSTRAINT conducts_institution FOREIGN KEY (area, institution_code) REFERENCES institutions (area, institution_code)
);
COMMENT ON TABLE conducts IS 'Whether the rules were kept in years before this service knew the fund.';
ALTER TABLE conducts ENABLE ROW LEVEL SECURITY;
ALTER TABLE conducts FORCE ROW LEVEL SECURITY;
CREATE POLICY conducts_institution ON conducts USING (
    area = (SELECT required_setting('medfund.area'))
    AND (SELECT required_setting('medfund.institution')) IN (institution_code, '*')
);

CREATE TABLE clean_records (
    area             text NOT NULL,
    clean_record_id  uuid NOT NULL,
    fund_year        integer NOT NULL,
    institution_code text NOT NULL,
    years            jsonb NOT NULL,
    clean            boolean NOT NULL,
    maker            text NOT NULL,
    checker          text,
    CONSTRAINT clean_records_key PRIMARY KEY (area, clean_record_id),
    CONSTRAINT clean_records_institution FOREIGN KEY (area, institution_code) REFERENCES institutions (area, institution_code),
    CONSTRAINT clean_records_two_persons CHECK (checker IS NULL OR checker <> maker)
);
COMMENT ON TABLE clean_records IS 'Statements whether the rules were kept in the years before a fund year.';
ALTER TABLE clean_records ENABLE ROW LEVEL SECURITY;
ALTER TABLE clean_records FORCE ROW LEVEL SECURITY;
CREATE POLICY clean_records_institution ON clean_records USING (
    area = (SELECT required_setting('medfund.area'))
    AND (SELECT required_setting('medfund.institution')) IN (institution_code, '*')
);
CREATE INDEX clean_records_of_year ON clean_records (area, fund_year, clean_record_id);
CREATE UNIQUE INDEX clean_records_confirmed_once ON clean_records (area, institution_code, fund_year) WHERE checker IS NOT NULL;

CREATE TABLE monthly_reports (
    area             text NOT NULL,
    report_id        uuid NOT NULL,
    fund_year        integer NOT NULL,
    institution_code text NOT NULL,
    settlement_month date NOT NULL,
    measured         jsonb NOT NULL,
    reporter         text NOT NULL,
    create_time      timestamptz NOT NULL,
    CONSTRAINT monthly_reports_key PRIMARY KEY (area, report_id),
    CONSTRAINT monthly_reports_institution FOREIGN KEY (area, institution_code) REFERENCES institutions (area, institution_code)
);
COMMENT ON TABLE monthly_reports IS 'Indicators as institutions reported them.';
ALTER TABLE monthly_reports ENABLE ROW LEVEL SECURITY;
ALTER TABLE monthly_reports FORCE ROW LEVEL SECURITY;
CREATE POLICY monthly_reports_institution ON monthly_reports USING (
    area = (SELECT required_setting('medfund.area'))
    AND (SELECT required_setting('medfund.institution')) IN (institution_code, '*')
);
CREATE INDEX monthly_reports_of_year ON monthly_reports (area, fund_year, report_id);

CREATE TABLE disclosures (
    area             text NOT NULL,
    disclosure_id    uuid NOT NULL,
    fund_year        integer NOT NULL,
    institution_code text NOT NULL,
    quarter          integer NOT NULL CONSTRAINT disclosures_quarter_known CHECK (quarter BETWEEN 1 AND 4),
    measured         jsonb NOT NULL,
    maker            text NOT NULL,
    checker          text,
    CONSTRAINT disclosures_key PRIMARY KEY (area, disclosure_id),
    CONSTRAINT disclosures_institution FOREIGN KEY (area, institution_code) REFERENCES institutions (area, institution_code),
    CONSTRAINT disclosures_two_persons CHECK (checker IS NULL OR checker <> maker)
);
COMMENT ON TABLE disclosures IS 'Figures that are disclosed each quarter, to everybody.';
ALTER TABLE disclosures ENABLE ROW LEVEL SECURITY;
ALTER TABLE disclosures FORCE ROW LEVEL SECURITY;
CREATE POLICY disclosures_area ON disclosures USING (area = (SELECT required_setting('medfund.area')));
CREATE INDEX disclosures_of_year ON disclosures (area, fund_year, disclosure_id);
CREATE UNIQUE INDEX disclosures_confirmed_once ON disclosures (area, institution_code, fund_year, quarter) WHERE checker IS NOT NULL;
