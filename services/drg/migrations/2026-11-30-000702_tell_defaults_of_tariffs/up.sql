ALTER TABLE tariffs ADD COLUMN base_points_default text;
COMMENT ON COLUMN tariffs.base_points_default IS 'Why base_points is the default; NULL: somebody said it, or it was made before that was kept.';
