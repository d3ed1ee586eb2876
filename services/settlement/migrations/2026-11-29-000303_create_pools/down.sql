ALTER TABLE prepayments
    DROP CONSTRAINT prepayments_kind_known,
    ADD CONSTRAINT prepayments_kind_known
        CHECK (kind IN ('advance', 'working_capital', 'clean_record', 'monthly'));
ALTER TABLE payment_orders
    DROP CONSTRAINT payment_orders_kind_known,
    ADD CONSTRAINT payment_orders_kind_known
        CHECK (kind IN ('advance', 'working_capital', 'clean_record', 'monthly', 'month', 'clearing')),
    DROP COLUMN pooled_fen;
ALTER TABLE statements
    DROP CONSTRAINT statements_order_is_what_is_left,
    DROP CONSTRAINT statements_pool_not_negative,
    DROP COLUMN pools,
    ADD CONSTRAINT statements_order_is_what_is_left
        CHECK (order_fen = paid_fen + outside_quota_fen - deposit_forfeited_fen - kept_back_fen);
DROP TABLE pools;
