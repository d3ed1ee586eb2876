ALTER TABLE history_cases DROP COLUMN fund_line;
