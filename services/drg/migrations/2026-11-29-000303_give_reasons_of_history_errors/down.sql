ALTER TABLE history_errors DROP COLUMN reason;
ALTER TABLE history_errors RENAME COLUMN text_zh TO message;
