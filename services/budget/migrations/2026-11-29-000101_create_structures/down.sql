ALTER TABLE final_accounts DROP COLUMN pools;
ALTER TABLE cleared_institutions DROP COLUMN pools;
ALTER TABLE payments DROP COLUMN pooled_fen;
DROP TABLE execution_pools;
DROP TABLE structures;
