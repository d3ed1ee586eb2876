-- Prepaid shares of the historic monthly mean go by it.

ALTER TABLE agreements ADD COLUMN management_grade text NOT NULL DEFAULT '';
COMMENT ON COLUMN agreements.management_grade IS 'The id of the pack''s grade; empty for none.';
