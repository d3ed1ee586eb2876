-- What budget and agreement told besides: this service's own copies. The settings are read in sub-selects: once for a statement, not once for a row.

CREATE TABLE decisions (
    area         text        NOT NULL,
    decision     text        NOT NULL,
    body         text        NOT NULL,
    matter       text        NOT NULL,
    district     text        NOT NULL,
    fund_year    integer     NOT NULL,
    subject      text        NOT NULL,
    approved     boolean     NOT NULL,
    meeting_date date        NOT NULL,
    CONSTRAINT decisions_key PRIMARY KEY (area, decision)
);
COMMENT ON TABLE decisions IS 'What bodies decided, as budget tells it.';
COMMENT ON COLUMN decisions.decision IS 'areas/{area}/decisions/{decision}.';
COMMENT ON COLUMN decisions.district IS 'Empty: the whole area.';
ALTER TABLE decisions ENABLE ROW LEVEL SECURITY;
ALTER TABLE decisions FORCE ROW LEVEL SECURITY;
CREATE POLICY decisions_area ON decisions USING (area = (SELECT required_setting('medfund.area')));

CREATE TABLE institutions (
    area              text        NOT NULL,
    institution_code  text        NOT NULL,
    display_name      text        NOT NULL,
    district          text        NOT NULL,
    level             integer     NOT NULL,
    institution_class text        NOT NULL,
    is_primary        boolean     NOT NULL,
    active            boolean     NOT NULL,
    CONSTRAINT institutions_key PRIMARY KEY (area, institution_code)
);
COMMENT ON TABLE institutions IS 'Institutions, as agreement tells them.';
ALTER TABLE institutions ENABLE ROW LEVEL SECURITY;
ALTER TABLE institutions FORCE ROW LEVEL SECURITY;
CREATE POLICY institutions_area ON institutions USING (area = (SELECT required_setting('medfund.area')));

CREATE TABLE agreements (
    area             text        NOT NULL,
    fund_year        integer     NOT NULL,
    institution_code text        NOT NULL,
    version          integer     NOT NULL,
    effective_date   date        NOT NULL,
    agreement        text        NOT NULL,
    terms            jsonb       NOT NULL,
    CONSTRAINT agreements_key PRIMARY KEY (area, fund_year, institution_code, version)
);
COMMENT ON TABLE agreements IS 'Signed agreements and their supplements: what is paid how.';
COMMENT ON COLUMN agreements.effective_date IS 'First day the terms hold.';
COMMENT ON COLUMN agreements.terms IS 'The payment terms, amounts in fen.';
ALTER TABLE agreements ENABLE ROW LEVEL SECURITY;
ALTER TABLE agreements FORCE ROW LEVEL SECURITY;
CREATE POLICY agreements_institution ON agreements USING (
    area = (SELECT required_setting('medfund.area'))
    AND (SELECT required_setting('medfund.institution')) IN (institution_code, '*')
);

CREATE TABLE histories (
    area                  text        NOT NULL,
    fund_year             integer     NOT NULL,
    fund_line             text        NOT NULL,
    institution_code      text        NOT NULL,
    last_year_settled_fen bigint      NOT NULL,
    CONSTRAINT histories_key PRIMARY KEY (area, fund_year, fund_line, institution_code)
);
COMMENT ON TABLE histories IS 'What was settled with institutions in the year before.';
COMMENT ON COLUMN histories.fund_year IS 'The year they are the history of.';
COMMENT ON COLUMN histories.last_year_settled_fen IS 'Fen.';
ALTER TABLE histories ENABLE ROW LEVEL SECURITY;
ALTER TABLE histories FORCE ROW LEVEL SECURITY;
CREATE POLICY histories_institution ON histories USING (
    area = (SELECT required_setting('medfund.area'))
    AND (SELECT required_setting('medfund.institution')) IN (institution_code, '*')
);

CREATE TABLE quotas (
    area               text        NOT NULL,
    fund_year          integer     NOT NULL,
    fund_line          text        NOT NULL,
    institution_code   text        NOT NULL,
    district           text        NOT NULL,
    decision           text        NOT NULL,
    quota_fen          bigint      NOT NULL,
    adjusted_quota_fen bigint      NOT NULL,
    CONSTRAINT quotas_key PRIMARY KEY (area, fund_year, fund_line, institution_code),
    CONSTRAINT quotas_not_negative CHECK (quota_fen >= 0 AND adjusted_quota_fen >= 0)
);
COMMENT ON TABLE quotas IS 'Institutions'' quotas, opening and adjusted.';
COMMENT ON COLUMN quotas.quota_fen IS 'Fen, opening.';
COMMENT ON COLUMN quotas.adjusted_quota_fen IS 'Fen, after all adjustments so far.';
ALTER TABLE quotas ENABLE ROW LEVEL SECURITY;
ALTER TABLE quotas FORCE ROW LEVEL SECURITY;
CREATE POLICY quotas_institution ON quotas USING (
    area = (SELECT required_setting('medfund.area'))
    AND (SELECT required_setting('medfund.institution')) IN (institution_code, '*')
);

CREATE TABLE clean_records (
    area             text        NOT NULL,
    fund_year        integer     NOT NULL,
    institution_code text        NOT NULL,
    clean            boolean     NOT NULL,
    CONSTRAINT clean_records_key PRIMARY KEY (area, fund_year, institution_code)
);
COMMENT ON TABLE clean_records IS 'Whether institutions kept the rules in the years their extra working capital looks back on.';
ALTER TABLE clean_records ENABLE ROW LEVEL SECURITY;
ALTER TABLE clean_records FORCE ROW LEVEL SECURITY;
CREATE POLICY clean_records_institution ON clean_records USING (
    area = (SELECT required_setting('medfund.area'))
    AND (SELECT required_setting('medfund.institution')) IN (institution_code, '*')
);

CREATE TABLE refusals (
    area                 text        NOT NULL,
    inspection           text        NOT NULL,
    fund_year            integer     NOT NULL,
    fund_line            text        NOT NULL,
    institution_code     text        NOT NULL,
    settlement_month     date        NOT NULL,
    sample_violating_fen bigint      NOT NULL,
    sampling_rate        text        NOT NULL,
    refused_fen          bigint      NOT NULL,
    taken_month          date,
    CONSTRAINT refusals_key PRIMARY KEY (area, inspection),
    CONSTRAINT refusals_not_negative CHECK (refused_fen >= 0)
);
COMMENT ON TABLE refusals IS 'Refusals of inspections, each taken from one month.';
COMMENT ON COLUMN refusals.settlement_month IS 'First day of the month it is to be taken from.';
COMMENT ON COLUMN refusals.sample_violating_fen IS 'Fen.';
COMMENT ON COLUMN refusals.sampling_rate IS 'Exact decimal.';
COMMENT ON COLUMN refusals.refused_fen IS 'Fen.';
COMMENT ON COLUMN refusals.taken_month IS 'First day of the month it was taken from.';
CREATE INDEX refusals_open ON refusals (area, settlement_month) WHERE taken_month IS NULL;
ALTER TABLE refusals ENABLE ROW LEVEL SECURITY;
ALTER TABLE refusals FORCE ROW LEVEL SECURITY;
CREATE POLICY refusals_institution ON refusals USING (
    area = (SELECT required_setting('medfund.area'))
    AND (SELECT required_setting('medfund.institution')) IN (institution_code, '*')
);

CREATE TABLE reviews (
    area             text        NOT NULL,
    fund_year        integer     NOT NULL,
    institution_code text        NOT NULL,
    grade            text        NOT NULL,
    confirm_date     date        NOT NULL,
    CONSTRAINT reviews_key PRIMARY KEY (area, fund_year, institution_code)
);
COMMENT ON TABLE reviews IS 'Confirmed graded reviews.';
ALTER TABLE reviews ENABLE ROW LEVEL SECURITY;
ALTER TABLE reviews FORCE ROW LEVEL SECURITY;
CREATE POLICY reviews_institution ON reviews USING (
    area = (SELECT required_setting('medfund.area'))
    AND (SELECT required_setting('medfund.institution')) IN (institution_code, '*')
);

CREATE TABLE indicators (
    area             text        NOT NULL,
    fund_year        integer     NOT NULL,
    institution_code text        NOT NULL,
    deductions       jsonb       NOT NULL,
    CONSTRAINT indicators_key PRIMARY KEY (area, fund_year, institution_code)
);
COMMENT ON TABLE indicators IS 'Confirmed indicators: what missed ones cost.';
ALTER TABLE indicators ENABLE ROW LEVEL SECURITY;
ALTER TABLE indicators FORCE ROW LEVEL SECURITY;
CREATE POLICY indicators_institution ON indicators USING (
    area = (SELECT required_setting('medfund.area'))
    AND (SELECT required_setting('medfund.institution')) IN (institution_code, '*')
);

CREATE TABLE reserves (
    area        text        NOT NULL,
    fund_year   integer     NOT NULL,
    fund_line   text        NOT NULL,
    district    text        NOT NULL,
    reserve_fen bigint      NOT NULL,
    CONSTRAINT reserves_key PRIMARY KEY (area, fund_year, fund_line, district),
    CONSTRAINT reserves_not_negative CHECK (reserve_fen >= 0)
);
COMMENT ON TABLE reserves IS 'The reserve that may bear overspend, once budget opened the clearing.';
COMMENT ON COLUMN reserves.reserve_fen IS 'Fen.';
ALTER TABLE reserves ENABLE ROW LEVEL SECURITY;
ALTER TABLE reserves FORCE ROW LEVEL SECURITY;
CREATE POLICY reserves_area ON reserves USING (area = (SELECT required_setting('medfund.area')));
