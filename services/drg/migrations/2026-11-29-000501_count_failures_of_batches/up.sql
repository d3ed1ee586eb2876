ALTER TABLE batches
    ADD COLUMN n_failures integer NOT NULL DEFAULT 0
        CONSTRAINT batches_failures_not_negative CHECK (n_failures >= 0);
ALTER TABLE batches ALTER COLUMN n_failures DROP DEFAULT;
COMMENT ON COLUMN batches.n_failures IS 'How often the next slice failed for no reason of its file''s.';
