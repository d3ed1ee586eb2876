DROP TABLE tariff_coefficients;
ALTER TABLE tariffs DROP COLUMN coefficient_basis;
