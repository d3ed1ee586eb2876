DROP TRIGGER history_cases_kept ON history_cases;
DROP TRIGGER history_cases_unchanged ON history_cases;
DROP FUNCTION refuse_change_but_giving_up();
CREATE TRIGGER history_cases_append_only BEFORE UPDATE OR DELETE ON history_cases
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
DROP TABLE history_case_ids;
DROP INDEX histories_file_key;
ALTER TABLE histories ADD CONSTRAINT histories_file_key UNIQUE (area, scheme_hash, file_digest);
ALTER TABLE histories DROP COLUMN cancelled;
