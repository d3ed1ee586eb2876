ALTER TABLE tariffs ADD COLUMN levels jsonb;
COMMENT ON COLUMN tariffs.levels IS 'Institutions'' levels that it was imported or revised with; NULL: those of coefficient_basis.';
