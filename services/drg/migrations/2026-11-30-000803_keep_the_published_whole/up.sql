-- Nor does a row come into a published tariff from another one. As before, asked once a statement.
CREATE TRIGGER tariff_groups_not_moved AFTER UPDATE ON tariff_groups REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_published_tariff();
CREATE TRIGGER tariff_coefficients_not_moved AFTER UPDATE ON tariff_coefficients REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_published_tariff();

-- The head of a finished history stays as it is: by it the cases are known to be finished.
CREATE FUNCTION refuse_change_of_finished() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.finished THEN
        RAISE EXCEPTION 'a row of % that is finished never changes', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_TABLE_NAME || '_unchanged';
    END IF;
    RETURN coalesce(NEW, OLD);
END
$$;
CREATE TRIGGER histories_unchanged BEFORE UPDATE OR DELETE ON histories
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_finished();

-- Nor does it get another case.
CREATE FUNCTION refuse_cases_of_finished() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (SELECT DISTINCT area, history_id FROM come) come JOIN histories USING (area, history_id)
        WHERE histories.finished
    ) THEN
        RAISE EXCEPTION '% of a finished history never change', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'history_cases_complete';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER history_cases_complete AFTER INSERT ON history_cases REFERENCING NEW TABLE AS come
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_cases_of_finished();

-- Nor is a table emptied, whoever asks.
CREATE FUNCTION refuse_emptying() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is not emptied: what is published or finished never changes', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_TABLE_NAME || '_not_emptied';
END
$$;
CREATE TRIGGER schemes_not_emptied BEFORE TRUNCATE ON schemes
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying();
CREATE TRIGGER crosswalks_not_emptied BEFORE TRUNCATE ON crosswalks
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying();
CREATE TRIGGER adoptions_not_emptied BEFORE TRUNCATE ON adoptions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying();
CREATE TRIGGER tariffs_not_emptied BEFORE TRUNCATE ON tariffs
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying();
CREATE TRIGGER tariff_groups_not_emptied BEFORE TRUNCATE ON tariff_groups
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying();
CREATE TRIGGER tariff_coefficients_not_emptied BEFORE TRUNCATE ON tariff_coefficients
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying();
CREATE TRIGGER histories_not_emptied BEFORE TRUNCATE ON histories
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying();
CREATE TRIGGER history_cases_not_emptied BEFORE TRUNCATE ON history_cases
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying();
