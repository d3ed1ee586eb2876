ALTER TABLE histories
    ADD COLUMN cancelled boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT histories_not_both_ends CHECK (NOT (finished AND cancelled));
ALTER TABLE histories ALTER COLUMN cancelled DROP DEFAULT;
COMMENT ON COLUMN histories.cancelled IS 'Whether it was given up; its cases are deleted and its file may be started anew.';
ALTER TABLE histories DROP CONSTRAINT histories_file_key;
CREATE UNIQUE INDEX histories_file_key ON histories (area, scheme_hash, file_digest) WHERE NOT cancelled;

-- One row a line, so no key refers to histories, as with cases.
CREATE TABLE history_case_ids (
    area       text NOT NULL,
    history_id uuid NOT NULL,
    id_hash    uuid NOT NULL,
    CONSTRAINT history_case_ids_key PRIMARY KEY (area, history_id, id_hash)
);
COMMENT ON TABLE history_case_ids IS 'Hashes of the cases'' ids of histories that are not finished, to tell repeated ones.';
ALTER TABLE history_case_ids ENABLE ROW LEVEL SECURITY;
ALTER TABLE history_case_ids FORCE ROW LEVEL SECURITY;
CREATE POLICY history_case_ids_agency ON history_case_ids USING (
    area = (SELECT required_setting('medfund.area')) AND (SELECT required_setting('medfund.institution')) = '*'
);

-- Cases are never changed, and deleted with a history that is given up alone.
CREATE FUNCTION refuse_change_but_giving_up() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM FROM (SELECT DISTINCT area, history_id FROM gone) gone JOIN histories USING (area, history_id)
            WHERE histories.finished;
        IF NOT FOUND THEN
            RETURN NULL;
        END IF;
    END IF;
    RAISE EXCEPTION '% of a finished history never change', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'history_cases_kept';
END
$$;
DROP TRIGGER history_cases_append_only ON history_cases;
CREATE TRIGGER history_cases_unchanged AFTER UPDATE ON history_cases
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_but_giving_up();
CREATE TRIGGER history_cases_kept AFTER DELETE ON history_cases REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_but_giving_up();
