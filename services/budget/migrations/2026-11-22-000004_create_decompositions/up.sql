CREATE TABLE histories (
    area text NOT NULL,
    fund_year integer NOT NULL,
    fund_line text NOT NULL,
    institution_code text NOT NULL,
    district text NOT NULL,
    history_fen bigint[] NOT NULL,
    last_year_settled_fen bigint NOT NULL,
    recorded_base_fen bigint,
    recorded_base_reason text NOT NULL,
    update_time timestamptz NOT NULL,
    CONSTRAINT histories_key PRIMARY KEY (area, fund_year, fund_line, institution_code)
);
COMMENT ON COLUMN histories.history_fen IS 'Fen of each year, far to near.';
ALTER TABLE histories ENABLE ROW LEVEL SECURITY;
ALTER TABLE histories FORCE ROW LEVEL SECURITY;
CREATE POLICY histories_institution ON histories USING (
    area = (SELECT required_setting('medfund.area'))
    AND (SELECT required_setting('medfund.institution')) IN ('*', institution_code)
);

CREATE TABLE applications (
    area text NOT NULL,
    fund_year integer NOT NULL,
    fund_line text NOT NULL,
    institution_code text NOT NULL,
    district text NOT NULL,
    applied_fen bigint NOT NULL CONSTRAINT applications_applied_positive CHECK (applied_fen > 0),
    reason text NOT NULL,
    file_date date NOT NULL,
    CONSTRAINT applications_key PRIMARY KEY (area, fund_year, fund_line, institution_code)
);
ALTER TABLE applications ENABLE ROW LEVEL SECURITY;
ALTER TABLE applications FORCE ROW LEVEL SECURITY;
CREATE POLICY applications_institution ON applications USING (
    area = (SELECT required_setting('medfund.area'))
    AND (SELECT required_setting('medfund.institution')) IN ('*', institution_code)
);

CREATE TABLE coefficients (
    area text NOT NULL,
    fund_year integer NOT NULL,
    fund_line text NOT NULL,
    institution_code text NOT NULL,
    district text NOT NULL,
    factors jsonb NOT NULL,
    update_time timestamptz NOT NULL,
    CONSTRAINT coefficients_key PRIMARY KEY (area, fund_year, fund_line, institution_code)
);
COMMENT ON COLUMN coefficients.factors IS 'The factors an officer set, by id.';
ALTER TABLE coefficients ENABLE ROW LEVEL SECURITY;
ALTER TABLE coefficients FORCE ROW LEVEL SECURITY;
CREATE POLICY coefficients_institution ON coefficients USING (
    area = (SELECT required_setting('medfund.area'))
    AND (SELECT required_setting('medfund.institution')) IN ('*', institution_code)
);

CREATE TABLE negotiation_rounds (
    area text NOT NULL,
    fund_year integer NOT NULL,
    fund_line text NOT NULL,
    district text NOT NULL,
    group_id text NOT NULL,
    round_number integer NOT NULL CONSTRAINT negotiation_rounds_number_positive CHECK (round_number > 0),
    institution_codes text[] NOT NULL,
    participants text[] NOT NULL,
    minutes_reference text NOT NULL,
    coefficients jsonb NOT NULL,
    hold_date date NOT NULL,
    CONSTRAINT negotiation_rounds_key PRIMARY KEY (area, fund_year, fund_line, district, group_id, round_number)
);
ALTER TABLE negotiation_rounds ENABLE ROW LEVEL SECURITY;
ALTER TABLE negotiation_rounds FORCE ROW LEVEL SECURITY;
CREATE POLICY negotiation_rounds_area ON negotiation_rounds USING (
    area = (SELECT required_setting('medfund.area'))
);

CREATE TABLE decompositions (
    area text NOT NULL,
    fund_year integer NOT NULL,
    fund_line text NOT NULL,
    district text NOT NULL,
    target_fen bigint NOT NULL,
    primary_floor_fen bigint NOT NULL,
    floor_applied boolean NOT NULL,
    forecast_factor text NOT NULL,
    state text NOT NULL CONSTRAINT decompositions_state_known CHECK (state IN ('proposed', 'outdated', 'balanced', 'decided')),
    balance_note text NOT NULL,
    decision uuid,
    maker text NOT NULL,
    version bigint NOT NULL,
    update_time timestamptz NOT NULL,
    CONSTRAINT decompositions_key PRIMARY KEY (area, fund_year, fund_line, district)
);
ALTER TABLE decompositions ENABLE ROW LEVEL SECURITY;
ALTER TABLE decompositions FORCE ROW LEVEL SECURITY;
CREATE POLICY decompositions_area ON decompositions USING (
    area = (SELECT required_setting('medfund.area'))
);

CREATE TABLE quotas (
    area text NOT NULL,
    fund_year integer NOT NULL,
    fund_line text NOT NULL,
    institution_code text NOT NULL,
    district text NOT NULL,
    is_primary boolean NOT NULL,
    history_fen bigint[] NOT NULL,
    base text NOT NULL,
    coefficient text NOT NULL,
    factors jsonb NOT NULL,
    applied_fen bigint NOT NULL,
    quota_fen bigint NOT NULL CONSTRAINT quotas_quota_not_negative CHECK (quota_fen >= 0),
    adjusted_quota_fen bigint NOT NULL CONSTRAINT quotas_adjusted_not_negative CHECK (adjusted_quota_fen >= 0),
    CONSTRAINT quotas_key PRIMARY KEY (area, fund_year, fund_line, institution_code)
);
COMMENT ON COLUMN quotas.base IS 'Fen, an exact decimal of any length.';
COMMENT ON COLUMN quotas.coefficient IS 'Exact decimal, rounded as the pack says.';
ALTER TABLE quotas ENABLE ROW LEVEL SECURITY;
ALTER TABLE quotas FORCE ROW LEVEL SECURITY;
CREATE POLICY quotas_institution ON quotas USING (
    area = (SELECT required_setting('medfund.area'))
    AND (SELECT required_setting('medfund.institution')) IN ('*', institution_code)
);

CREATE TABLE quota_adjustments (
    area text NOT NULL,
    adjustment_id uuid NOT NULL,
    fund_year integer NOT NULL,
    fund_line text NOT NULL,
    institution_code text NOT NULL,
    district text NOT NULL,
    reason text NOT NULL,
    change_fen bigint NOT NULL CONSTRAINT quota_adjustments_change_something CHECK (change_fen <> 0),
    adjusted_quota_fen bigint NOT NULL,
    decision uuid NOT NULL,
    adjust_date date NOT NULL,
    CONSTRAINT quota_adjustments_key PRIMARY KEY (area, adjustment_id)
);
ALTER TABLE quota_adjustments ENABLE ROW LEVEL SECURITY;
ALTER TABLE quota_adjustments FORCE ROW LEVEL SECURITY;
CREATE POLICY quota_adjustments_institution ON quota_adjustments USING (
    area = (SELECT required_setting('medfund.area'))
    AND (SELECT required_setting('medfund.institution')) IN ('*', institution_code)
);

CREATE TABLE derivations (
    area text NOT NULL,
    amount text NOT NULL,
    institution_code text NOT NULL,
    tree jsonb NOT NULL,
    CONSTRAINT derivations_key PRIMARY KEY (area, amount)
);
COMMENT ON COLUMN derivations.amount IS 'The amount''s resource name.';
COMMENT ON COLUMN derivations.institution_code IS 'Whose amount it is; empty: the area''s.';
COMMENT ON COLUMN derivations.tree IS 'The tree with the pack at its root; exact decimals are texts.';
ALTER TABLE derivations ENABLE ROW LEVEL SECURITY;
ALTER TABLE derivations FORCE ROW LEVEL SECURITY;
CREATE POLICY derivations_institution ON derivations USING (
    area = (SELECT required_setting('medfund.area'))
    AND (institution_code = '' OR (SELECT required_setting('medfund.institution')) IN ('*', institution_code))
);
