ALTER TABLE payment_orders DROP COLUMN due_date, DROP COLUMN late_reason;
