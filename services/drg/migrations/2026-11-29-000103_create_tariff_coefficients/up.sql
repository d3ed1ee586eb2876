ALTER TABLE tariffs ADD COLUMN coefficient_basis jsonb;
COMMENT ON COLUMN tariffs.coefficient_basis IS 'The history, parameters and levels that coefficients were computed of; NULL: there are none.';

CREATE TABLE tariff_coefficients (
    area             text    NOT NULL,
    tariff_id        uuid    NOT NULL,
    institution_code text    NOT NULL,
    drg              text    NOT NULL,
    coefficient      numeric NOT NULL CONSTRAINT tariff_coefficients_positive CHECK (coefficient > 0),
    CONSTRAINT tariff_coefficients_key PRIMARY KEY (area, tariff_id, institution_code, drg)
);
COMMENT ON TABLE tariff_coefficients IS 'Institutions'' coefficients; their trees are made again from coefficient_basis.';
COMMENT ON COLUMN tariff_coefficients.drg IS 'The group; empty: all that have none of their own.';
ALTER TABLE tariff_coefficients ENABLE ROW LEVEL SECURITY;
ALTER TABLE tariff_coefficients FORCE ROW LEVEL SECURITY;
CREATE POLICY tariff_coefficients_area ON tariff_coefficients USING (area = required_setting('medfund.area'));
