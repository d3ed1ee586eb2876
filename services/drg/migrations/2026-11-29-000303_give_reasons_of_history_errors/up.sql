ALTER TABLE history_errors RENAME COLUMN message TO text_zh;
ALTER TABLE history_errors ADD COLUMN reason text NOT NULL DEFAULT 'UNREADABLE';
ALTER TABLE history_errors ALTER COLUMN reason DROP DEFAULT;
