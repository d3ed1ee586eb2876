ALTER TABLE history_cases ADD COLUMN fund_line text;
COMMENT ON COLUMN history_cases.fund_line IS 'The person''s fund line; NULL: it is not known.';
