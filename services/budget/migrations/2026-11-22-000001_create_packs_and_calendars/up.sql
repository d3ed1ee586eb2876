CREATE TABLE packs (
    area text NOT NULL,
    pack_hash text NOT NULL CONSTRAINT packs_hash_is_sha256 CHECK (pack_hash ~ '^[0-9a-f]{64}$'),
    pack_id text NOT NULL,
    content bytea NOT NULL,
    state text NOT NULL CONSTRAINT packs_state_known CHECK (state IN ('submitted', 'published')),
    maker text NOT NULL,
    checker text CONSTRAINT packs_checker_is_another CHECK (checker <> maker),
    create_time timestamptz NOT NULL,
    publish_time timestamptz,
    CONSTRAINT packs_key PRIMARY KEY (area, pack_hash)
);
COMMENT ON COLUMN packs.content IS 'The TOML as it was submitted; never changed.';
ALTER TABLE packs ENABLE ROW LEVEL SECURITY;
ALTER TABLE packs FORCE ROW LEVEL SECURITY;
CREATE POLICY packs_area ON packs USING (
    area = (SELECT required_setting('medfund.area'))
);

CREATE TABLE calendars (
    area text NOT NULL,
    business_date date NOT NULL,
    update_time timestamptz NOT NULL,
    CONSTRAINT calendars_key PRIMARY KEY (area)
);
COMMENT ON COLUMN calendars.business_date IS 'Asia/Shanghai.';
ALTER TABLE calendars ENABLE ROW LEVEL SECURITY;
ALTER TABLE calendars FORCE ROW LEVEL SECURITY;
CREATE POLICY calendars_area ON calendars USING (
    area = (SELECT required_setting('medfund.area'))
);

CREATE TABLE fund_years (
    area text NOT NULL,
    fund_year integer NOT NULL,
    pack_hash text NOT NULL,
    pack_id text NOT NULL,
    districts text[] NOT NULL CONSTRAINT fund_years_have_districts CHECK (cardinality(districts) > 0),
    create_time timestamptz NOT NULL,
    CONSTRAINT fund_years_key PRIMARY KEY (area, fund_year),
    CONSTRAINT fund_years_pack FOREIGN KEY (area, pack_hash) REFERENCES packs (area, pack_hash)
);
ALTER TABLE fund_years ENABLE ROW LEVEL SECURITY;
ALTER TABLE fund_years FORCE ROW LEVEL SECURITY;
CREATE POLICY fund_years_area ON fund_years USING (
    area = (SELECT required_setting('medfund.area'))
);
