DROP INDEX batches_in_work;
CREATE INDEX batches_in_work ON batches (create_time) WHERE state = 'grouping';
