CREATE TABLE schemes (
    area         text NOT NULL,
    scheme_hash  text NOT NULL CONSTRAINT schemes_hash_is_sha256 CHECK (scheme_hash ~ '^[0-9a-f]{64}$'),
    scheme_id    text NOT NULL,
    n_mdcs       integer NOT NULL,
    n_adrgs      integer NOT NULL,
    n_drgs       integer NOT NULL,
    content      bytea NOT NULL,
    maker        text NOT NULL,
    checker      text CONSTRAINT schemes_two_persons CHECK (checker <> maker),
    create_time  timestamptz NOT NULL,
    publish_time timestamptz CONSTRAINT schemes_published_by_somebody
        CHECK ((publish_time IS NULL) = (checker IS NULL)),
    CONSTRAINT schemes_key PRIMARY KEY (area, scheme_hash)
);
COMMENT ON TABLE schemes IS 'Compiled grouping schemes; their bytes are never changed.';
COMMENT ON COLUMN schemes.content IS 'The compiled scheme''s file as it was submitted.';
COMMENT ON COLUMN schemes.checker IS 'Who published it; NULL: nobody has.';
ALTER TABLE schemes ENABLE ROW LEVEL SECURITY;
ALTER TABLE schemes FORCE ROW LEVEL SECURITY;
CREATE POLICY schemes_area ON schemes USING (area = required_setting('medfund.area'));

CREATE TABLE adoptions (
    area           text NOT NULL,
    adoption_id    uuid NOT NULL,
    scheme_hash    text NOT NULL,
    effective_date date NOT NULL,
    maker          text NOT NULL,
    checker        text CONSTRAINT adoptions_two_persons CHECK (checker <> maker),
    create_time    timestamptz NOT NULL,
    confirm_time   timestamptz CONSTRAINT adoptions_confirmed_by_somebody
        CHECK ((confirm_time IS NULL) = (checker IS NULL)),
    CONSTRAINT adoptions_key PRIMARY KEY (area, adoption_id),
    CONSTRAINT adoptions_scheme FOREIGN KEY (area, scheme_hash) REFERENCES schemes (area, scheme_hash)
);
COMMENT ON TABLE adoptions IS 'Since when which scheme is in force.';
COMMENT ON COLUMN adoptions.effective_date IS 'First day of discharge; Asia/Shanghai.';
COMMENT ON COLUMN adoptions.checker IS 'Who confirmed it; NULL: nobody has, and nothing follows from it.';
-- One scheme a day, and the one in force found by its day.
CREATE UNIQUE INDEX adoptions_confirmed ON adoptions (area, effective_date) WHERE checker IS NOT NULL;
CREATE INDEX adoptions_by_day ON adoptions (area, effective_date, adoption_id);
ALTER TABLE adoptions ENABLE ROW LEVEL SECURITY;
ALTER TABLE adoptions FORCE ROW LEVEL SECURITY;
CREATE POLICY adoptions_area ON adoptions USING (area = required_setting('medfund.area'));
