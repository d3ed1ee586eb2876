ALTER TABLE agreements DROP COLUMN management_grade;
