-- Shares of the historic monthly mean are paid ahead month by month, by the agreement's management grade.

ALTER TABLE agreements ADD COLUMN management_grade text NOT NULL DEFAULT '';
COMMENT ON COLUMN agreements.management_grade IS 'The id of the pack''s grade; empty for none.';
ALTER TABLE prepayments
    ADD COLUMN from_place integer NOT NULL DEFAULT 1,
    DROP CONSTRAINT prepayments_key,
    DROP CONSTRAINT prepayments_kind_known,
    ADD CONSTRAINT prepayments_key PRIMARY KEY (area, fund_year, kind, fund_line, institution_code, from_place),
    ADD CONSTRAINT prepayments_kind_known
        CHECK (kind IN ('advance', 'working_capital', 'clean_record', 'monthly')),
    ADD CONSTRAINT prepayments_from_a_month CHECK (from_place BETWEEN 1 AND 12);
COMMENT ON COLUMN prepayments.from_place IS
    'The month that it is paid ahead for, by its place in the fund year; 1 for what is paid for the whole year.';
COMMENT ON COLUMN prepayments.kept_back_fen IS 'Of an advance or a month paid ahead: fen kept back from later orders.';
ALTER TABLE payment_orders
    DROP CONSTRAINT payment_orders_kind_known,
    ADD CONSTRAINT payment_orders_kind_known
        CHECK (kind IN ('advance', 'working_capital', 'clean_record', 'monthly', 'month', 'clearing'));
