ALTER TABLE tariffs
    ADD COLUMN coefficients_maker text
        CONSTRAINT tariffs_coefficients_by_another CHECK (checker <> coefficients_maker),
    ADD COLUMN round_open boolean NOT NULL DEFAULT true;
ALTER TABLE tariffs ALTER COLUMN round_open DROP DEFAULT;
COMMENT ON COLUMN tariffs.coefficients_maker IS 'Who computed its coefficients; NULL: nobody has.';
COMMENT ON COLUMN tariffs.round_open IS 'Whether the round, if one has begun, was not closed.';
