-- What the agency owes has a day by which it is due; a late payment has a reason.

ALTER TABLE payment_orders
    ADD COLUMN due_date date,
    ADD COLUMN late_reason text NOT NULL DEFAULT '';
COMMENT ON COLUMN payment_orders.due_date IS 'The last day in time; null for a recovery and where no limit is named.';
COMMENT ON COLUMN payment_orders.late_reason IS 'Why it was paid late; empty until somebody says so.';
