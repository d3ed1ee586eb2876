-- Institutions, the changes of their standing, districts' methods and agreements.

CREATE TABLE institutions (
    area                 text NOT NULL,
    institution_code     text NOT NULL,
    display_name         text NOT NULL,
    district             text NOT NULL,
    level                smallint NOT NULL CONSTRAINT institutions_level_known CHECK (level BETWEEN 0 AND 3),
    institution_class    text NOT NULL,
    is_primary           boolean NOT NULL,
    city_direct          boolean NOT NULL,
    members              jsonb NOT NULL,
    authorised_signers   text[] NOT NULL,
    state                text NOT NULL CONSTRAINT institutions_state_known
        CHECK (state IN ('applied', 'evaluated', 'rejected', 'admitted', 'suspended', 'exited')),
    suspended_through    date,
    evaluator            text,
    evaluation_reference text,
    admitter             text,
    CONSTRAINT institutions_key PRIMARY KEY (area, institution_code),
    CONSTRAINT institutions_suspension_ends CHECK ((state = 'suspended') = (suspended_through IS NOT NULL)),
    CONSTRAINT institutions_two_persons CHECK (admitter IS NULL OR admitter <> evaluator)
);
COMMENT ON TABLE institutions IS 'Designated institutions and those that applied.';
COMMENT ON COLUMN institutions.is_primary IS 'Whether it is a primary institution.';
COMMENT ON COLUMN institutions.suspended_through IS 'The last day of its suspension.';
ALTER TABLE institutions ENABLE ROW LEVEL SECURITY;
ALTER TABLE institutions FORCE ROW LEVEL SECURITY;
CREATE POLICY institutions_institution ON institutions USING (
    area = (SELECT required_setting('medfund.area'))
    AND (SELECT required_setting('medfund.institution')) IN (institution_code, '*')
);
CREATE INDEX institutions_suspended ON institutions (area, suspended_through) WHERE suspended_through IS NOT NULL;

CREATE TABLE institution_changes (
    area             text NOT NULL,
    change_id        uuid NOT NULL,
    institution_code text NOT NULL,
    kind             jsonb NOT NULL,
    reason           text NOT NULL,
    maker            text NOT NULL,
    checker          text,
    CONSTRAINT institution_changes_key PRIMARY KEY (area, change_id),
    CONSTRAINT institution_changes_institution FOREIGN KEY (area, institution_code) REFERENCES institutions (area, institution_code),
    CONSTRAINT institution_changes_two_persons CHECK (checker IS NULL OR checker <> maker)
);
COMMENT ON TABLE institution_changes IS 'Changes of institutions, proposed by one person and confirmed by another.';
COMMENT ON COLUMN institution_changes.kind IS 'What is to change, with the day or the profile that it needs.';
ALTER TABLE institution_changes ENABLE ROW LEVEL SECURITY;
ALTER TABLE institution_changes FORCE ROW LEVEL SECURITY;
CREATE POLICY institution_changes_institution ON institution_changes USING (
    area = (SELECT required_setting('medfund.area'))
    AND (SELECT required_setting('medfund.institution')) IN (institution_code, '*')
);
CREATE INDEX institution_changes_of ON institution_changes (area, institution_code, change_id);

CREATE TABLE inpatient_methods (
    area                     text NOT NULL,
    district                 text NOT NULL,
    from_fund_year           integer NOT NULL,
    method                   text NOT NULL,
    locked_through_fund_year integer NOT NULL CONSTRAINT inpatient_methods_lock_after_start CHECK (locked_through_fund_year >= from_fund_year),
    decision_id              uuid NOT NULL,
    CONSTRAINT inpatient_methods_key PRIMARY KEY (area, district, from_fund_year),
    CONSTRAINT inpatient_methods_decision FOREIGN KEY (area, decision_id) REFERENCES decisions (area, decision_id)
);
COMMENT ON TABLE inpatient_methods IS 'How each district pays inpatient care from a fund year on.';
ALTER TABLE inpatient_methods ENABLE ROW LEVEL SECURITY;
ALTER TABLE inpatient_methods FORCE ROW LEVEL SECURITY;
CREATE POLICY inpatient_methods_area ON inpatient_methods USING (area = (SELECT required_setting('medfund.area')));

CREATE TABLE agreements (
    area                  text NOT NULL,
    agreement_id          uuid NOT NULL,
    fund_year             integer NOT NULL,
    institution_code      text NOT NULL,
    terms                 jsonb NOT NULL,
    indicator_limits      jsonb NOT NULL,
    supplements           uuid,
    effective_date        date NOT NULL,
    version               integer,
    maker                 text NOT NULL,
    agency_signer         text,
    agency_sign_time      timestamptz,
    institution_signer    text,
    institution_sign_time timestamptz,
    CONSTRAINT agreements_key PRIMARY KEY (area, agreement_id),
    CONSTRAINT agreements_version_key UNIQUE (area, fund_year, institution_code, version),
    CONSTRAINT agreements_institution FOREIGN KEY (area, institution_code) REFERENCES institutions (area, institution_code),
    CONSTRAINT agreements_in_force_when_both_signed CHECK ((version IS NOT NULL) = (agency_signer IS NOT NULL AND institution_signer IS NOT NULL)),
    CONSTRAINT agreements_two_persons CHECK (agency_signer <> institution_signer)
);
COMMENT ON TABLE agreements IS 'Agreements and supplements; drafts have no version.';
COMMENT ON COLUMN agreements.terms IS 'Payment terms; amounts in fen.';
COMMENT ON COLUMN agreements.version IS '1 for the first agreement of the year, one more for each supplement.';
ALTER TABLE agreements ENABLE ROW LEVEL SECURITY;
ALTER TABLE agreements FORCE ROW LEVEL SECURITY;
CREATE POLICY agreements_institution ON agreements USING (
    area = (SELECT required_setting('medfund.area'))
    AND (SELECT required_setting('medfund.institution')) IN (institution_code, '*')
);
CREATE INDEX agreements_of_year ON agreements (area, fund_year, institution_code, agreement_id);
