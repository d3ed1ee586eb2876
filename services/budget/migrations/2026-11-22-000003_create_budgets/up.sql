CREATE TABLE institutions (
    area text NOT NULL,
    institution_code text NOT NULL,
    display_name text NOT NULL,
    district text NOT NULL,
    level integer NOT NULL,
    institution_class text NOT NULL,
    is_primary boolean NOT NULL,
    active boolean NOT NULL,
    CONSTRAINT institutions_key PRIMARY KEY (area, institution_code)
);
COMMENT ON COLUMN institutions.is_primary IS 'Primary institution (基层医疗机构).';
ALTER TABLE institutions ENABLE ROW LEVEL SECURITY;
ALTER TABLE institutions FORCE ROW LEVEL SECURITY;
CREATE POLICY institutions_area ON institutions USING (
    area = (SELECT required_setting('medfund.area'))
);

CREATE TABLE budgets (
    area text NOT NULL,
    fund_year integer NOT NULL,
    fund_line text NOT NULL,
    district text NOT NULL,
    income_fen bigint NOT NULL CONSTRAINT budgets_income_positive CHECK (income_fen > 0),
    expenditure_fen bigint NOT NULL CONSTRAINT budgets_expenditure_positive CHECK (expenditure_fen > 0),
    basis jsonb NOT NULL,
    surplus_rate text NOT NULL,
    surplus_health text NOT NULL,
    state text NOT NULL CONSTRAINT budgets_state_known CHECK (state IN ('proposed', 'reviewed', 'returned', 'approved')),
    review_note text NOT NULL,
    decision uuid,
    deficit_decision uuid,
    maker text NOT NULL,
    version bigint NOT NULL,
    update_time timestamptz NOT NULL,
    CONSTRAINT budgets_key PRIMARY KEY (area, fund_year, fund_line, district)
);
ALTER TABLE budgets ENABLE ROW LEVEL SECURITY;
ALTER TABLE budgets FORCE ROW LEVEL SECURITY;
CREATE POLICY budgets_area ON budgets USING (
    area = (SELECT required_setting('medfund.area'))
);

CREATE TABLE targets (
    area text NOT NULL,
    fund_year integer NOT NULL,
    fund_line text NOT NULL,
    district text NOT NULL,
    budget_fen bigint NOT NULL,
    deductions jsonb NOT NULL,
    reserve_fen bigint NOT NULL CONSTRAINT targets_reserve_not_negative CHECK (reserve_fen >= 0),
    primary_care_earmark_fen bigint NOT NULL CONSTRAINT targets_earmark_within_reserve CHECK (primary_care_earmark_fen BETWEEN 0 AND reserve_fen),
    adjustment_fen bigint NOT NULL,
    adjustment_reason text NOT NULL,
    target_fen bigint NOT NULL CONSTRAINT targets_target_positive CHECK (target_fen > 0),
    state text NOT NULL CONSTRAINT targets_state_known CHECK (state IN ('proposed', 'decided')),
    decision uuid,
    maker text NOT NULL,
    version bigint NOT NULL,
    update_time timestamptz NOT NULL,
    CONSTRAINT targets_key PRIMARY KEY (area, fund_year, fund_line, district)
);
COMMENT ON COLUMN targets.deductions IS 'The pack''s deductions in its order, each with its amount in fen.';
ALTER TABLE targets ENABLE ROW LEVEL SECURITY;
ALTER TABLE targets FORCE ROW LEVEL SECURITY;
CREATE POLICY targets_area ON targets USING (
    area = (SELECT required_setting('medfund.area'))
);

CREATE TABLE reserves (
    area text NOT NULL,
    fund_year integer NOT NULL,
    fund_line text NOT NULL,
    district text NOT NULL,
    planned_fen bigint NOT NULL CONSTRAINT reserves_planned_not_negative CHECK (planned_fen >= 0),
    drawn_fen bigint NOT NULL,
    primary_care_earmark_fen bigint NOT NULL,
    released_fen bigint CONSTRAINT reserves_released_not_negative CHECK (released_fen >= 0),
    overspend_fen bigint,
    settled_fen bigint,
    primary_care_fen bigint NOT NULL,
    update_time timestamptz NOT NULL,
    CONSTRAINT reserves_key PRIMARY KEY (area, fund_year, fund_line, district),
    CONSTRAINT reserves_drawn_within_planned CHECK (drawn_fen <= planned_fen - primary_care_earmark_fen)
);
COMMENT ON COLUMN reserves.drawn_fen IS 'Fen drawn for adjustments less what they returned.';
COMMENT ON COLUMN reserves.released_fen IS 'Fen handed to the clearing; null until it is opened.';
COMMENT ON COLUMN reserves.overspend_fen IS 'Fen that bore overspend; null until the clearing is approved.';
COMMENT ON COLUMN reserves.settled_fen IS 'Fen that the institutions received for the year; null until the clearing is approved.';
ALTER TABLE reserves ENABLE ROW LEVEL SECURITY;
ALTER TABLE reserves FORCE ROW LEVEL SECURITY;
CREATE POLICY reserves_area ON reserves USING (
    area = (SELECT required_setting('medfund.area'))
);
