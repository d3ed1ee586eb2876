-- Past cases with their costs: the agency's, seen by no institution.

CREATE TABLE histories (
    area           text        NOT NULL,
    history_id     uuid        NOT NULL,
    scheme_hash    text        NOT NULL,
    file_digest    bytea       NOT NULL,
    n_lines        bigint      NOT NULL CONSTRAINT histories_lines_positive CHECK (n_lines > 0),
    finished       boolean     NOT NULL,
    n_accepted     bigint      NOT NULL,
    n_refused      bigint      NOT NULL,
    n_errors       bigint      NOT NULL,
    total_cost_fen bigint      NOT NULL,
    content_digest bytea       NOT NULL,
    create_time    timestamptz NOT NULL,
    update_time    timestamptz NOT NULL,
    CONSTRAINT histories_key PRIMARY KEY (area, history_id),
    CONSTRAINT histories_file_key UNIQUE (area, scheme_hash, file_digest),
    CONSTRAINT histories_scheme FOREIGN KEY (area, scheme_hash) REFERENCES schemes (area, scheme_hash),
    CONSTRAINT histories_lines_counted CHECK (
        n_accepted >= 0 AND n_refused >= 0 AND n_accepted + n_refused <= n_lines
        AND (NOT finished OR n_accepted + n_refused = n_lines)
    )
);
COMMENT ON TABLE histories IS 'Files of past cases, taken in chunk by chunk.';
COMMENT ON COLUMN histories.file_digest IS 'SHA-256 of the file, as the uploader took it.';
COMMENT ON COLUMN histories.total_cost_fen IS 'Fen of cost of the accepted lines.';
COMMENT ON COLUMN histories.content_digest IS 'SHA-256 over the accepted lines, each hashed after the digest of those before it.';
CREATE INDEX histories_by_time ON histories (area, create_time, history_id);
ALTER TABLE histories ENABLE ROW LEVEL SECURITY;
ALTER TABLE histories FORCE ROW LEVEL SECURITY;
CREATE POLICY histories_agency ON histories USING (
    area = required_setting('medfund.area') AND required_setting('medfund.institution') = '*'
);

-- No foreign key to histories: its check would cost every case more than the case's own row.
CREATE TABLE history_cases (
    area             text    NOT NULL,
    history_id       uuid    NOT NULL,
    line_number      bigint  NOT NULL,
    institution_code text    NOT NULL,
    drg              text    NOT NULL,
    total_cost_fen   bigint  NOT NULL CONSTRAINT history_cases_cost_positive CHECK (total_cost_fen > 0),
    fund_paid_fen    bigint  NOT NULL CONSTRAINT history_cases_fund_within_cost
        CHECK (fund_paid_fen BETWEEN 0 AND total_cost_fen),
    stay_days        integer NOT NULL CONSTRAINT history_cases_stay_positive CHECK (stay_days > 0),
    died             boolean NOT NULL,
    CONSTRAINT history_cases_key PRIMARY KEY (area, history_id, line_number)
);
COMMENT ON TABLE history_cases IS 'What is kept of past cases: no code and no id.';
COMMENT ON COLUMN history_cases.drg IS 'The group; 0000 of a case in no group.';
COMMENT ON COLUMN history_cases.total_cost_fen IS 'Fen of total cost.';
COMMENT ON COLUMN history_cases.fund_paid_fen IS 'Fen of it that the pooling fund paid.';
ALTER TABLE history_cases ENABLE ROW LEVEL SECURITY;
ALTER TABLE history_cases FORCE ROW LEVEL SECURITY;
CREATE POLICY history_cases_agency ON history_cases USING (
    area = (SELECT required_setting('medfund.area')) AND (SELECT required_setting('medfund.institution')) = '*'
);
CREATE TRIGGER history_cases_append_only BEFORE UPDATE OR DELETE ON history_cases
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE history_errors (
    area        text     NOT NULL,
    history_id  uuid     NOT NULL,
    line_number bigint   NOT NULL,
    ordinal     smallint NOT NULL,
    field       text     NOT NULL,
    message     text     NOT NULL,
    CONSTRAINT history_errors_key PRIMARY KEY (area, history_id, line_number, ordinal)
);
COMMENT ON TABLE history_errors IS 'What is wrong with the lines of a history.';
COMMENT ON COLUMN history_errors.ordinal IS 'Tells the errors of one line apart, from 1.';
ALTER TABLE history_errors ENABLE ROW LEVEL SECURITY;
ALTER TABLE history_errors FORCE ROW LEVEL SECURITY;
CREATE POLICY history_errors_agency ON history_errors USING (
    area = required_setting('medfund.area') AND required_setting('medfund.institution') = '*'
);
