ALTER TABLE payment_orders
    DROP CONSTRAINT payment_orders_state_known,
    ADD CONSTRAINT payment_orders_state_known
        CHECK (state IN ('created', 'approved', 'exported', 'completed', 'failed'));
