ALTER TABLE payment_orders
    DROP CONSTRAINT payment_orders_kind_known,
    ADD CONSTRAINT payment_orders_kind_known
        CHECK (kind IN ('advance', 'working_capital', 'clean_record', 'month', 'clearing'));
ALTER TABLE prepayments
    DROP CONSTRAINT prepayments_from_a_month,
    DROP CONSTRAINT prepayments_key,
    DROP CONSTRAINT prepayments_kind_known,
    DROP COLUMN from_place,
    ADD CONSTRAINT prepayments_key PRIMARY KEY (area, fund_year, kind, fund_line, institution_code),
    ADD CONSTRAINT prepayments_kind_known CHECK (kind IN ('advance', 'working_capital', 'clean_record'));
COMMENT ON COLUMN prepayments.kept_back_fen IS 'Of an advance: fen kept back from later orders.';
ALTER TABLE agreements DROP COLUMN management_grade;
