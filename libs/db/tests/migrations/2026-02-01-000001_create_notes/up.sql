-- A service's table, as the tests of the write path see one.
CREATE TABLE notes (
    area        text NOT NULL,
    note_id     text NOT NULL,
    institution text NOT NULL,
    body        text NOT NULL CONSTRAINT notes_body_not_empty CHECK (body <> ''),
    CONSTRAINT notes_key PRIMARY KEY (area, note_id)
);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
ALTER TABLE notes FORCE ROW LEVEL SECURITY;
CREATE POLICY notes_area ON notes USING (
    area = required_setting('medfund.area')
    AND required_setting('medfund.institution') IN (institution, '*')
);
