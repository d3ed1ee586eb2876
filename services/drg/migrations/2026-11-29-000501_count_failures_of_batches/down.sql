ALTER TABLE batches DROP COLUMN n_failures;
