CREATE TABLE crosswalks (
    area           text        NOT NULL,
    crosswalk_hash text        NOT NULL CONSTRAINT crosswalks_hash_is_sha256 CHECK (crosswalk_hash ~ '^[0-9a-f]{64}$'),
    title          text        NOT NULL,
    n_diagnoses    integer     NOT NULL,
    n_procedures   integer     NOT NULL,
    content        text        NOT NULL,
    maker          text        NOT NULL,
    checker        text CONSTRAINT crosswalks_two_persons CHECK (checker <> maker),
    create_time    timestamptz NOT NULL,
    publish_time   timestamptz CONSTRAINT crosswalks_published_by_somebody
        CHECK ((publish_time IS NULL) = (checker IS NULL)),
    CONSTRAINT crosswalks_key PRIMARY KEY (area, crosswalk_hash)
);
COMMENT ON TABLE crosswalks IS 'Crosswalks from clinical codes to codes of the insurance; their pairs are never changed.';
COMMENT ON COLUMN crosswalks.content IS 'The pairs in their order, one a line; crosswalk_hash is their SHA-256.';
COMMENT ON COLUMN crosswalks.checker IS 'Who published it; NULL: nobody has.';
CREATE INDEX crosswalks_by_time ON crosswalks (area, create_time, crosswalk_hash);
ALTER TABLE crosswalks ENABLE ROW LEVEL SECURITY;
ALTER TABLE crosswalks FORCE ROW LEVEL SECURITY;
CREATE POLICY crosswalks_area ON crosswalks USING (area = required_setting('medfund.area'));
