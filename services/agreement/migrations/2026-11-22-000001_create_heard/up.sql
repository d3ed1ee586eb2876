-- What this service heard from budget: packs, calendars, fund years and decisions.

CREATE TABLE packs (
    area      text NOT NULL,
    pack_hash text NOT NULL,
    pack_id   text NOT NULL,
    content   bytea NOT NULL,
    CONSTRAINT packs_key PRIMARY KEY (area, pack_hash)
);
COMMENT ON TABLE packs IS 'Policy packs, fetched by hash and never changed.';
COMMENT ON COLUMN packs.pack_hash IS 'SHA-256 of the content, lower-case hexadecimal.';
ALTER TABLE packs ENABLE ROW LEVEL SECURITY;
ALTER TABLE packs FORCE ROW LEVEL SECURITY;
CREATE POLICY packs_area ON packs USING (area = (SELECT required_setting('medfund.area')));

CREATE TABLE calendars (
    area          text NOT NULL,
    business_date date NOT NULL,
    CONSTRAINT calendars_key PRIMARY KEY (area)
);
COMMENT ON TABLE calendars IS 'The business date of each area, as last heard.';
ALTER TABLE calendars ENABLE ROW LEVEL SECURITY;
ALTER TABLE calendars FORCE ROW LEVEL SECURITY;
CREATE POLICY calendars_area ON calendars USING (area = (SELECT required_setting('medfund.area')));

CREATE TABLE fund_years (
    area      text NOT NULL,
    fund_year integer NOT NULL,
    pack_hash text NOT NULL,
    districts text[] NOT NULL,
    CONSTRAINT fund_years_key PRIMARY KEY (area, fund_year),
    CONSTRAINT fund_years_pack FOREIGN KEY (area, pack_hash) REFERENCES packs (area, pack_hash)
);
COMMENT ON TABLE fund_years IS 'Fund years that were opened, each under a pack.';
ALTER TABLE fund_years ENABLE ROW LEVEL SECURITY;
ALTER TABLE fund_years FORCE ROW LEVEL SECURITY;
CREATE POLICY fund_years_area ON fund_years USING (area = (SELECT required_setting('medfund.area')));

CREATE TABLE decisions (
    area         text NOT NULL,
    decision_id  uuid NOT NULL,
    body         text NOT NULL,
    matter       text NOT NULL,
    district     text,
    fund_year    integer NOT NULL,
    subject      text NOT NULL,
    approved     boolean NOT NULL,
    meeting_date date NOT NULL,
    CONSTRAINT decisions_key PRIMARY KEY (area, decision_id)
);
COMMENT ON TABLE decisions IS 'Decisions of the bodies that the packs name.';
COMMENT ON COLUMN decisions.district IS 'The district it was taken for; NULL: the whole area.';
ALTER TABLE decisions ENABLE ROW LEVEL SECURITY;
ALTER TABLE decisions FORCE ROW LEVEL SECURITY;
CREATE POLICY decisions_area ON decisions USING (area = (SELECT required_setting('medfund.area')));
