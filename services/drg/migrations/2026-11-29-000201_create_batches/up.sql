-- Case files that are grouped as a whole. An institution sees its own, the agency all; jobs look at the heads of all areas.
-- The settings are read in sub-selects: once for a statement, not once for a row.

CREATE TABLE batches (
    area             text        NOT NULL,
    batch_id         uuid        NOT NULL,
    institution_code text        NOT NULL,
    scheme_hash      text        NOT NULL,
    check_quality    boolean     NOT NULL,
    file_digest      text        NOT NULL,
    n_bytes          bigint      NOT NULL CONSTRAINT batches_bytes_positive CHECK (n_bytes > 0),
    keep_days        integer     NOT NULL CONSTRAINT batches_kept_some_days CHECK (keep_days > 0),
    state            text        NOT NULL CONSTRAINT batches_state_known
        CHECK (state IN ('uploading', 'grouping', 'finished', 'failed', 'cancelled', 'expired')),
    next_offset      bigint      NOT NULL,
    upload_hasher    bytea       NOT NULL,
    n_bytes_answered bigint      NOT NULL,
    n_lines          bigint      NOT NULL,
    passing_over     boolean     NOT NULL,
    encoding         text,
    heading          text,
    n_cases          bigint      NOT NULL,
    n_grouped        bigint      NOT NULL,
    n_blocked        bigint      NOT NULL,
    n_refused        bigint      NOT NULL,
    n_errors         bigint      NOT NULL,
    n_answer_bytes   bigint      NOT NULL,
    answers_hasher   bytea       NOT NULL,
    answers_digest   text,
    failure          text,
    maker            text        NOT NULL,
    create_time      timestamptz NOT NULL,
    update_time      timestamptz NOT NULL,
    expire_time      timestamptz NOT NULL,
    CONSTRAINT batches_key PRIMARY KEY (area, batch_id),
    CONSTRAINT batches_scheme FOREIGN KEY (area, scheme_hash) REFERENCES schemes (area, scheme_hash),
    CONSTRAINT batches_in_order CHECK (
        0 <= n_bytes_answered AND n_bytes_answered <= next_offset AND next_offset <= n_bytes
    ),
    CONSTRAINT batches_cases_counted CHECK (
        n_grouped >= 0 AND n_blocked >= 0 AND n_refused >= 0 AND n_grouped + n_blocked <= n_cases
        AND n_cases + n_refused <= n_lines
    )
);
COMMENT ON TABLE batches IS 'Case files that are uploaded part by part and grouped slice by slice.';
COMMENT ON COLUMN batches.institution_code IS 'Whose file it is; empty: the agency''s.';
COMMENT ON COLUMN batches.file_digest IS 'SHA-256 of the file, as it was announced.';
COMMENT ON COLUMN batches.next_offset IS 'The first byte of the file that is missing.';
COMMENT ON COLUMN batches.upload_hasher IS 'How far the SHA-256 of the bytes that came is computed.';
COMMENT ON COLUMN batches.n_bytes_answered IS 'The first byte that is not answered.';
COMMENT ON COLUMN batches.passing_over IS 'Whether that byte is within a line that is too long.';
COMMENT ON COLUMN batches.answers_hasher IS 'How far the SHA-256 of the answers is computed.';
COMMENT ON COLUMN batches.expire_time IS 'When parts, answers and errors are deleted: so many days after the last change.';
CREATE INDEX batches_by_time ON batches (area, create_time, batch_id);
CREATE INDEX batches_in_work ON batches (create_time) WHERE state = 'grouping';
CREATE INDEX batches_by_end ON batches (expire_time) WHERE state IN ('uploading', 'finished', 'failed');
ALTER TABLE batches ENABLE ROW LEVEL SECURITY;
ALTER TABLE batches FORCE ROW LEVEL SECURITY;
CREATE POLICY batches_institution ON batches
    USING (
        (SELECT required_setting('medfund.area')) IN (area, '*')
        AND (SELECT required_setting('medfund.institution')) IN (institution_code, '*')
    )
    WITH CHECK (
        area = (SELECT required_setting('medfund.area'))
        AND (SELECT required_setting('medfund.institution')) IN (institution_code, '*')
    );

-- Bytes are sensitive and many: no key refers to them, and they are deleted with the transaction that answers them.
CREATE TABLE batch_parts (
    area             text   NOT NULL,
    batch_id         uuid   NOT NULL,
    begins_at        bigint NOT NULL,
    ends_at          bigint NOT NULL CONSTRAINT batch_parts_not_empty CHECK (ends_at > begins_at),
    institution_code text   NOT NULL,
    content          bytea  NOT NULL,
    CONSTRAINT batch_parts_key PRIMARY KEY (area, batch_id, begins_at)
);
COMMENT ON TABLE batch_parts IS 'Bytes of case files that are not answered yet.';
COMMENT ON COLUMN batch_parts.begins_at IS 'The first byte''s place in the file, from 0.';
COMMENT ON COLUMN batch_parts.ends_at IS 'The place behind the last byte.';
ALTER TABLE batch_parts ENABLE ROW LEVEL SECURITY;
ALTER TABLE batch_parts FORCE ROW LEVEL SECURITY;
CREATE POLICY batch_parts_institution ON batch_parts USING (
    area = (SELECT required_setting('medfund.area'))
    AND (SELECT required_setting('medfund.institution')) IN (institution_code, '*')
);

CREATE TABLE batch_answers (
    area             text   NOT NULL,
    batch_id         uuid   NOT NULL,
    begins_at        bigint NOT NULL,
    ends_at          bigint NOT NULL CONSTRAINT batch_answers_not_empty CHECK (ends_at > begins_at),
    institution_code text   NOT NULL,
    content          bytea  NOT NULL,
    CONSTRAINT batch_answers_key PRIMARY KEY (area, batch_id, begins_at)
);
COMMENT ON TABLE batch_answers IS 'Answers to case files, as CSV in UTF-8.';
COMMENT ON COLUMN batch_answers.begins_at IS 'The first byte''s place in the answers, from 0.';
COMMENT ON COLUMN batch_answers.ends_at IS 'The place behind the last byte.';
ALTER TABLE batch_answers ENABLE ROW LEVEL SECURITY;
ALTER TABLE batch_answers FORCE ROW LEVEL SECURITY;
CREATE POLICY batch_answers_institution ON batch_answers USING (
    area = (SELECT required_setting('medfund.area'))
    AND (SELECT required_setting('medfund.institution')) IN (institution_code, '*')
);

CREATE TABLE batch_errors (
    area             text     NOT NULL,
    batch_id         uuid     NOT NULL,
    line             bigint   NOT NULL,
    ordinal          smallint NOT NULL,
    institution_code text     NOT NULL,
    case_id          text     NOT NULL,
    level            text     NOT NULL CONSTRAINT batch_errors_level_known
        CHECK (level IN ('refused', 'blocking', 'warning')),
    field            text     NOT NULL,
    index            integer,
    reason           text     NOT NULL,
    value            text     NOT NULL,
    text_zh          text     NOT NULL,
    CONSTRAINT batch_errors_key PRIMARY KEY (area, batch_id, line, ordinal)
);
COMMENT ON TABLE batch_errors IS 'What is wrong with lines of case files; the first of each file.';
COMMENT ON COLUMN batch_errors.ordinal IS 'Tells the errors of one line apart, from 1.';
ALTER TABLE batch_errors ENABLE ROW LEVEL SECURITY;
ALTER TABLE batch_errors FORCE ROW LEVEL SECURITY;
CREATE POLICY batch_errors_institution ON batch_errors USING (
    area = (SELECT required_setting('medfund.area'))
    AND (SELECT required_setting('medfund.institution')) IN (institution_code, '*')
);
