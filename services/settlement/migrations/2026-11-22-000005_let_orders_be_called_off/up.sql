-- A prepayment that the bank never completed is called off; the plan of a clearing holds its totals alone.

ALTER TABLE payment_orders
    DROP CONSTRAINT payment_orders_state_known,
    ADD CONSTRAINT payment_orders_state_known
        CHECK (state IN ('created', 'approved', 'exported', 'completed', 'failed', 'cancelled'));
COMMENT ON COLUMN clearings.plan IS 'Manifest and totals.';
