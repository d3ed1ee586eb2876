ALTER TABLE tariffs DROP COLUMN coefficients_maker, DROP COLUMN round_open;
