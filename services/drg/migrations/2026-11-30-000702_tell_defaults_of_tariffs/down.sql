ALTER TABLE tariffs DROP COLUMN base_points_default;
