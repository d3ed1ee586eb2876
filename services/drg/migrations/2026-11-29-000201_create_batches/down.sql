DROP TABLE batch_errors;
DROP TABLE batch_answers;
DROP TABLE batch_parts;
DROP TABLE batches;
