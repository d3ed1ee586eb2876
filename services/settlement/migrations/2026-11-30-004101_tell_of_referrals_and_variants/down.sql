DROP INDEX bills_referred;
ALTER TABLE bills
    DROP COLUMN vari_exit_flag,
    DROP COLUMN reflout_medins_no;
