-- The one whose last slice is the longest ago is next, so that no number of others holds a batch up.
DROP INDEX batches_in_work;
CREATE INDEX batches_in_work ON batches (update_time) WHERE state = 'grouping';
