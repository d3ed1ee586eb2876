ALTER TABLE batches DROP COLUMN crosswalk_hash;
