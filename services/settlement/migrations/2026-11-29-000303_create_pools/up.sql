-- Pools that institutions share by points: what budget told of them, what months paid of them, what was paid ahead.

CREATE TABLE pools (
    area           text    NOT NULL,
    fund_year      integer NOT NULL,
    fund_line      text    NOT NULL,
    district       text    NOT NULL,
    kind_of_care   text    NOT NULL,
    decision       text    NOT NULL,
    pack_hash      text    NOT NULL,
    revision       integer NOT NULL,
    amount_fen     bigint  NOT NULL,
    adjustment_fen bigint  NOT NULL,
    released_fen   bigint  NOT NULL,
    CONSTRAINT pools_key PRIMARY KEY (area, fund_year, fund_line, district, kind_of_care),
    CONSTRAINT pools_nothing_negative CHECK (amount_fen >= 0 AND adjustment_fen >= 0 AND released_fen >= 0)
);
COMMENT ON TABLE pools IS 'What institutions share of a kind of care without quotas, as budget tells it.';
COMMENT ON COLUMN pools.amount_fen IS 'Fen that months and clearing share.';
COMMENT ON COLUMN pools.adjustment_fen IS 'Fen that budget keeps to adjust it until the clearing.';
COMMENT ON COLUMN pools.released_fen IS 'Fen of what was kept, released to the open clearing.';
ALTER TABLE pools ENABLE ROW LEVEL SECURITY;
ALTER TABLE pools FORCE ROW LEVEL SECURITY;
CREATE POLICY pools_area ON pools USING (area = (SELECT required_setting('medfund.area')));

ALTER TABLE statements
    ADD COLUMN pools jsonb NOT NULL DEFAULT '{"payable": 0, "months": []}',
    DROP CONSTRAINT statements_order_is_what_is_left,
    ADD CONSTRAINT statements_pool_not_negative CHECK ((pools ->> 'payable')::bigint >= 0),
    ADD CONSTRAINT statements_order_is_what_is_left CHECK (
        order_fen = paid_fen + (pools ->> 'payable')::bigint + outside_quota_fen - deposit_forfeited_fen - kept_back_fen
    );
COMMENT ON COLUMN statements.pools IS 'What pools pay, in all and by kind of care with cases and points; amounts in fen.';

ALTER TABLE payment_orders ADD COLUMN pooled_fen bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN payment_orders.pooled_fen IS 'Fen of the amount that pools pay.';
ALTER TABLE payment_orders
    DROP CONSTRAINT payment_orders_kind_known,
    ADD CONSTRAINT payment_orders_kind_known CHECK (
        kind IN ('advance', 'working_capital', 'clean_record', 'monthly', 'instalment', 'month', 'clearing')
    );
ALTER TABLE prepayments
    DROP CONSTRAINT prepayments_kind_known,
    ADD CONSTRAINT prepayments_kind_known
        CHECK (kind IN ('advance', 'working_capital', 'clean_record', 'monthly', 'instalment'));
