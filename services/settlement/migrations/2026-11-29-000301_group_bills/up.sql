-- What a case is grouped by, and its group: cases that a pool pays have one.

ALTER TABLE bills
    ADD COLUMN age integer,
    ADD COLUMN nwb_age integer,
    ADD COLUMN nwb_bir_wt integer,
    ADD COLUMN gend text NOT NULL DEFAULT '',
    ADD COLUMN oth_dise_codg text NOT NULL DEFAULT '',
    ADD COLUMN oth_oprn_oprt_code text NOT NULL DEFAULT '',
    ADD COLUMN drg text NOT NULL DEFAULT '',
    ADD COLUMN drg_outcome text NOT NULL DEFAULT '',
    ADD COLUMN scheme_hash text NOT NULL DEFAULT '',
    ADD CONSTRAINT bills_grouped_whole CHECK ((drg = '') = (drg_outcome = '') AND (drg = '') = (scheme_hash = ''));
COMMENT ON COLUMN bills.age IS 'Years.';
COMMENT ON COLUMN bills.nwb_age IS 'Days, of a patient under one year.';
COMMENT ON COLUMN bills.nwb_bir_wt IS 'Grams.';
COMMENT ON COLUMN bills.oth_dise_codg IS 'Codes in their order, | between them.';
COMMENT ON COLUMN bills.oth_oprn_oprt_code IS 'Codes in their order, | between them.';
COMMENT ON COLUMN bills.drg IS 'The group of a case that a pool pays; empty for others.';
COMMENT ON COLUMN bills.scheme_hash IS 'The scheme in force on the day of discharge, by which it was grouped.';
