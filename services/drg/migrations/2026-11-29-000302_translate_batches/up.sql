-- Whether the new key holds is asked under the guard as well; no row has a crosswalk yet.
SET LOCAL medfund.area = '*';
SET LOCAL medfund.institution = '*';
ALTER TABLE batches
    ADD COLUMN crosswalk_hash text,
    ADD CONSTRAINT batches_crosswalk FOREIGN KEY (area, crosswalk_hash)
        REFERENCES crosswalks (area, crosswalk_hash);
COMMENT ON COLUMN batches.crosswalk_hash IS 'What codes are translated by before they are grouped; NULL: they are not.';
