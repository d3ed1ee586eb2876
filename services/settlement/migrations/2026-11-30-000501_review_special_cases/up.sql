-- Cases of pools that are reviewed singly, and the experts who hear them.

CREATE TABLE experts (
    area             text        NOT NULL,
    expert           text        NOT NULL,
    institution_code text,
    specialty        text        NOT NULL,
    registered_by    text        NOT NULL,
    create_time      timestamptz NOT NULL,
    retire_time      timestamptz,
    CONSTRAINT experts_key PRIMARY KEY (area, expert)
);
COMMENT ON TABLE experts IS 'The pool from which those are drawn who hear a case.';
COMMENT ON COLUMN experts.expert IS 'An opaque id.';
COMMENT ON COLUMN experts.institution_code IS 'Whose cases the expert does not hear; null: works for none of the area.';
ALTER TABLE experts ENABLE ROW LEVEL SECURITY;
ALTER TABLE experts FORCE ROW LEVEL SECURITY;
CREATE POLICY experts_area ON experts USING (area = (SELECT required_setting('medfund.area')));

CREATE TABLE special_cases (
    area              text        NOT NULL,
    institution_code  text        NOT NULL,
    setl_id           text        NOT NULL,
    fund_year         integer     NOT NULL,
    fund_line         text        NOT NULL,
    kind_of_care      text        NOT NULL,
    district          text        NOT NULL,
    settlement_month  date        NOT NULL,
    medfee_sumamt_fen bigint      NOT NULL,
    reason            text        NOT NULL,
    evidence          jsonb       NOT NULL,
    state             text        NOT NULL,
    answer            text        NOT NULL,
    seed              uuid,
    experts           jsonb       NOT NULL,
    proposal          jsonb       NOT NULL,
    reviewed_cost_fen bigint,
    checker           text,
    create_time       timestamptz NOT NULL,
    update_time       timestamptz NOT NULL,
    version           bigint      NOT NULL,
    CONSTRAINT special_cases_key PRIMARY KEY (area, institution_code, setl_id),
    CONSTRAINT special_cases_state_known
        CHECK (state IN ('filed', 'refused', 'heard', 'proposed', 'granted', 'dismissed')),
    CONSTRAINT special_cases_cost_within CHECK (reviewed_cost_fen BETWEEN 1 AND medfee_sumamt_fen),
    CONSTRAINT special_cases_granted_by_cost CHECK ((state = 'granted') = (reviewed_cost_fen IS NOT NULL))
);
COMMENT ON TABLE special_cases IS 'Cases that institutions want reviewed singly, and what came of them.';
COMMENT ON COLUMN special_cases.settlement_month IS 'First day of the month.';
COMMENT ON COLUMN special_cases.medfee_sumamt_fen IS 'Fen that the case cost.';
COMMENT ON COLUMN special_cases.seed IS 'What the experts were drawn by; null: not heard.';
COMMENT ON COLUMN special_cases.experts IS 'Who hears it, in the order drawn, with opinions.';
COMMENT ON COLUMN special_cases.proposal IS 'The outcome that was proposed last, with the maker and the note; amounts in fen; JSON null: none.';
COMMENT ON COLUMN special_cases.reviewed_cost_fen IS 'Fen that the case counts for points; null: it is not granted.';
CREATE INDEX special_cases_year ON special_cases (area, fund_year, institution_code, setl_id);
ALTER TABLE special_cases ENABLE ROW LEVEL SECURITY;
ALTER TABLE special_cases FORCE ROW LEVEL SECURITY;
CREATE POLICY special_cases_institution ON special_cases USING (
    area = (SELECT required_setting('medfund.area'))
    AND (SELECT required_setting('medfund.institution')) IN (institution_code, '*')
);
