-- Care that is prepaid by a total is cleared by what it cost.

ALTER TABLE statements
    ADD COLUMN prepaid_total_fen bigint NOT NULL DEFAULT 0,
    ADD COLUMN prepaid_cost_fen  bigint NOT NULL DEFAULT 0,
    ADD CONSTRAINT statements_prepaid_is_part_of_the_method
        CHECK (prepaid_total_fen BETWEEN 0 AND method_fen AND prepaid_cost_fen BETWEEN 0 AND cost_fen);
COMMENT ON COLUMN statements.prepaid_total_fen IS 'Fen of method_fen that prepay a total.';
COMMENT ON COLUMN statements.prepaid_cost_fen IS 'Fen of cost_fen of the care that the total pays.';
