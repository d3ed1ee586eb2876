ALTER TABLE statements
    DROP COLUMN prepaid_total_fen,
    DROP COLUMN prepaid_cost_fen;
