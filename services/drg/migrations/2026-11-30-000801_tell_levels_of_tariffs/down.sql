ALTER TABLE tariffs DROP COLUMN levels;
