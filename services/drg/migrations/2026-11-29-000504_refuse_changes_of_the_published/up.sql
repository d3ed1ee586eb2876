-- What was published or confirmed never changes, whoever asks.
CREATE FUNCTION refuse_change_of_published() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.checker IS NOT NULL THEN
        RAISE EXCEPTION 'a row of % that was published or confirmed never changes', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_TABLE_NAME || '_unchanged';
    END IF;
    RETURN coalesce(NEW, OLD);
END
$$;
CREATE TRIGGER schemes_unchanged BEFORE UPDATE OR DELETE ON schemes
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_published();
CREATE TRIGGER crosswalks_unchanged BEFORE UPDATE OR DELETE ON crosswalks
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_published();
CREATE TRIGGER tariffs_unchanged BEFORE UPDATE OR DELETE ON tariffs
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_published();
CREATE TRIGGER adoptions_unchanged BEFORE UPDATE OR DELETE ON adoptions
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_published();

-- The bytes of a scheme or a crosswalk are what their hash says from the first day on.
CREATE FUNCTION refuse_change_of_content() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the bytes of a row of % never change', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_TABLE_NAME || '_content_unchanged';
END
$$;
CREATE TRIGGER schemes_content_unchanged BEFORE UPDATE ON schemes
    FOR EACH ROW WHEN (OLD.content IS DISTINCT FROM NEW.content) EXECUTE FUNCTION refuse_change_of_content();
CREATE TRIGGER crosswalks_content_unchanged BEFORE UPDATE ON crosswalks
    FOR EACH ROW WHEN (OLD.content IS DISTINCT FROM NEW.content) EXECUTE FUNCTION refuse_change_of_content();

-- Asked once a statement, for a tariff may have 200,000 coefficients; for the same reason no key refers to tariffs from
-- them: whoever writes them has locked the tariff's row.
CREATE FUNCTION refuse_change_of_published_tariff() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (SELECT DISTINCT area, tariff_id FROM touched) touched JOIN tariffs USING (area, tariff_id)
        WHERE tariffs.checker IS NOT NULL
    ) THEN
        RAISE EXCEPTION '% of a published tariff never change', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_TABLE_NAME || '_unchanged';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER tariff_groups_complete AFTER INSERT ON tariff_groups REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_published_tariff();
CREATE TRIGGER tariff_groups_unchanged AFTER UPDATE ON tariff_groups REFERENCING OLD TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_published_tariff();
CREATE TRIGGER tariff_groups_kept AFTER DELETE ON tariff_groups REFERENCING OLD TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_published_tariff();
CREATE TRIGGER tariff_coefficients_complete AFTER INSERT ON tariff_coefficients REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_published_tariff();
CREATE TRIGGER tariff_coefficients_unchanged AFTER UPDATE ON tariff_coefficients REFERENCING OLD TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_published_tariff();
CREATE TRIGGER tariff_coefficients_kept AFTER DELETE ON tariff_coefficients REFERENCING OLD TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_published_tariff();
