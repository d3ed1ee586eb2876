-- Schemes and tariffs that the drg service put in force: this service's own copies of their bytes.

CREATE TABLE drg_contents (
    area         text  NOT NULL,
    kind         text  NOT NULL,
    content_hash text  NOT NULL,
    content      bytea NOT NULL,
    CONSTRAINT drg_contents_key PRIMARY KEY (area, kind, content_hash),
    CONSTRAINT drg_contents_kind_known CHECK (kind IN ('scheme', 'tariff'))
);
COMMENT ON TABLE drg_contents IS 'Compiled schemes and published tariffs, fetched by hash and never changed.';
COMMENT ON COLUMN drg_contents.content_hash IS 'SHA-256 of the content, lower-case hexadecimal; of a scheme the one it carries.';
ALTER TABLE drg_contents ENABLE ROW LEVEL SECURITY;
ALTER TABLE drg_contents FORCE ROW LEVEL SECURITY;
CREATE POLICY drg_contents_area ON drg_contents USING (area = (SELECT required_setting('medfund.area')));

CREATE TABLE drg_adoptions (
    area           text NOT NULL,
    kind           text NOT NULL,
    effective_date date NOT NULL,
    content_hash   text NOT NULL,
    CONSTRAINT drg_adoptions_key PRIMARY KEY (area, kind, effective_date),
    CONSTRAINT drg_adoptions_content FOREIGN KEY (area, kind, content_hash)
        REFERENCES drg_contents (area, kind, content_hash)
);
COMMENT ON TABLE drg_adoptions IS 'Since when each scheme and tariff is in force.';
COMMENT ON COLUMN drg_adoptions.effective_date IS 'First day of discharge.';
ALTER TABLE drg_adoptions ENABLE ROW LEVEL SECURITY;
ALTER TABLE drg_adoptions FORCE ROW LEVEL SECURITY;
CREATE POLICY drg_adoptions_area ON drg_adoptions USING (area = (SELECT required_setting('medfund.area')));
