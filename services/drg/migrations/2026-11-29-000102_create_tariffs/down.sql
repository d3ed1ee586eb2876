-- The owner is bound by the guard as well, and sees no row without an area.
ALTER TABLE adoptions NO FORCE ROW LEVEL SECURITY;
DELETE FROM adoptions WHERE tariff_id IS NOT NULL;
ALTER TABLE adoptions FORCE ROW LEVEL SECURITY;
DROP INDEX adoptions_confirmed_tariff;
DROP INDEX adoptions_confirmed;
ALTER TABLE adoptions
    DROP CONSTRAINT adoptions_tariff,
    DROP CONSTRAINT adoptions_of_one_thing,
    DROP COLUMN tariff_id,
    ALTER COLUMN scheme_hash SET NOT NULL;
COMMENT ON TABLE adoptions IS 'Since when which scheme is in force.';
CREATE UNIQUE INDEX adoptions_confirmed ON adoptions (area, effective_date) WHERE checker IS NOT NULL;
DROP TABLE tariff_proposals;
DROP TABLE tariff_groups;
DROP TABLE tariffs;
