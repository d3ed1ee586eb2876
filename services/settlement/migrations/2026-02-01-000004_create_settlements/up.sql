-- Prepayments, months, statements, orders and clearings.

CREATE TABLE prepayments (
    area             text        NOT NULL,
    fund_year        integer     NOT NULL,
    kind             text        NOT NULL,
    fund_line        text        NOT NULL,
    institution_code text        NOT NULL,
    district         text        NOT NULL,
    amount_fen       bigint      NOT NULL,
    counted_fen      bigint      NOT NULL,
    kept_back_fen    bigint      NOT NULL,
    payment_order    text,
    derivation       jsonb       NOT NULL,
    CONSTRAINT prepayments_key PRIMARY KEY (area, fund_year, kind, fund_line, institution_code),
    CONSTRAINT prepayments_kind_known CHECK (kind IN ('advance', 'working_capital', 'clean_record')),
    CONSTRAINT prepayments_counted_within CHECK (counted_fen BETWEEN 0 AND amount_fen),
    CONSTRAINT prepayments_kept_back_within CHECK (kept_back_fen BETWEEN 0 AND amount_fen)
);
COMMENT ON TABLE prepayments IS 'What institutions were paid ahead.';
COMMENT ON COLUMN prepayments.amount_fen IS 'Fen that the pack grants.';
COMMENT ON COLUMN prepayments.counted_fen IS 'Fen of it that an advance already paid.';
COMMENT ON COLUMN prepayments.kept_back_fen IS 'Of an advance: fen kept back from later orders.';
ALTER TABLE prepayments ENABLE ROW LEVEL SECURITY;
ALTER TABLE prepayments FORCE ROW LEVEL SECURITY;
CREATE POLICY prepayments_institution ON prepayments USING (
    area = (SELECT required_setting('medfund.area'))
    AND (SELECT required_setting('medfund.institution')) IN (institution_code, '*')
);

CREATE TABLE month_settlements (
    area             text        NOT NULL,
    settlement_month date        NOT NULL,
    fund_year        integer     NOT NULL,
    state            text        NOT NULL,
    manifest         jsonb       NOT NULL,
    n_statements     bigint      NOT NULL,
    payable_fen      bigint      NOT NULL,
    create_time      timestamptz NOT NULL,
    finish_time      timestamptz,
    CONSTRAINT month_settlements_key PRIMARY KEY (area, settlement_month),
    CONSTRAINT month_settlements_state_known CHECK (state IN ('running', 'settled')),
    CONSTRAINT month_settlements_finished_whole CHECK ((state = 'settled') = (finish_time IS NOT NULL))
);
COMMENT ON TABLE month_settlements IS 'Runs that settle a month of an area; the key lets a month run once.';
COMMENT ON COLUMN month_settlements.settlement_month IS 'First day of the month.';
COMMENT ON COLUMN month_settlements.manifest IS 'What it is computed from, frozen at its start.';
COMMENT ON COLUMN month_settlements.payable_fen IS 'Fen.';
CREATE INDEX month_settlements_running ON month_settlements (create_time) WHERE state = 'running';
ALTER TABLE month_settlements ENABLE ROW LEVEL SECURITY;
ALTER TABLE month_settlements FORCE ROW LEVEL SECURITY;
CREATE POLICY month_settlements_area ON month_settlements USING ((SELECT required_setting('medfund.area')) IN (area, '*'));

CREATE TABLE statements (
    area                  text        NOT NULL,
    statement_id          text        NOT NULL,
    fund_year             integer     NOT NULL,
    fund_line             text        NOT NULL,
    district              text        NOT NULL,
    institution_code      text        NOT NULL,
    settlement_month      date        NOT NULL,
    method                text        NOT NULL,
    n_admissions          bigint      NOT NULL,
    n_persons             bigint      NOT NULL,
    n_visits              bigint      NOT NULL,
    days                  bigint      NOT NULL,
    cost_fen              bigint      NOT NULL,
    method_fen            bigint      NOT NULL,
    refused_fen           bigint      NOT NULL,
    refusal_carried_fen   bigint      NOT NULL,
    payable_fen           bigint      NOT NULL,
    paid_fen              bigint      NOT NULL,
    deferred_fen          bigint      NOT NULL,
    outside_quota_fen     bigint      NOT NULL,
    deposit_forfeited_fen bigint      NOT NULL,
    kept_back_fen         bigint      NOT NULL,
    order_fen             bigint      NOT NULL,
    state                 text        NOT NULL,
    dispute_reason        text        NOT NULL,
    dispute_answer        text        NOT NULL,
    payment_order         text,
    derivations           jsonb       NOT NULL,
    version               bigint      NOT NULL,
    CONSTRAINT statements_key PRIMARY KEY (area, statement_id),
    CONSTRAINT statements_state_known CHECK (state IN ('issued', 'confirmed', 'disputed', 'answered')),
    CONSTRAINT statements_payable_is_the_rest CHECK (payable_fen = method_fen - refused_fen),
    CONSTRAINT statements_payable_is_paid_or_deferred CHECK (payable_fen = paid_fen + deferred_fen),
    CONSTRAINT statements_order_is_what_is_left CHECK (order_fen = paid_fen + outside_quota_fen - deposit_forfeited_fen - kept_back_fen),
    CONSTRAINT statements_nothing_negative CHECK (payable_fen >= 0 AND paid_fen >= 0 AND deferred_fen >= 0 AND order_fen >= 0 AND refused_fen >= 0)
);
COMMENT ON TABLE statements IS 'Institutions'' months, settled.';
COMMENT ON COLUMN statements.statement_id IS 'Month, fund line, institution.';
COMMENT ON COLUMN statements.settlement_month IS 'First day of the month.';
COMMENT ON COLUMN statements.n_visits IS 'Visits of every kind of care.';
COMMENT ON COLUMN statements.cost_fen IS 'Fen of fund share charged.';
COMMENT ON COLUMN statements.method_fen IS 'Fen by the payment method.';
COMMENT ON COLUMN statements.refused_fen IS 'Fen.';
COMMENT ON COLUMN statements.refusal_carried_fen IS 'Fen left to the next month.';
COMMENT ON COLUMN statements.payable_fen IS 'Fen.';
COMMENT ON COLUMN statements.paid_fen IS 'Fen.';
COMMENT ON COLUMN statements.deferred_fen IS 'Fen.';
COMMENT ON COLUMN statements.outside_quota_fen IS 'Fen of care paid as charged.';
COMMENT ON COLUMN statements.deposit_forfeited_fen IS 'Fen.';
COMMENT ON COLUMN statements.kept_back_fen IS 'Fen.';
COMMENT ON COLUMN statements.order_fen IS 'Fen.';
COMMENT ON COLUMN statements.derivations IS 'The trees of the amounts, by name.';
CREATE INDEX statements_year ON statements (area, fund_year, statement_id);
CREATE INDEX statements_month ON statements (area, settlement_month);
ALTER TABLE statements ENABLE ROW LEVEL SECURITY;
ALTER TABLE statements FORCE ROW LEVEL SECURITY;
CREATE POLICY statements_institution ON statements USING (
    area = (SELECT required_setting('medfund.area'))
    AND (SELECT required_setting('medfund.institution')) IN (institution_code, '*')
);

CREATE TABLE deposits (
    area             text        NOT NULL,
    fund_year        integer     NOT NULL,
    fund_line        text        NOT NULL,
    institution_code text        NOT NULL,
    forfeited_fen    bigint      NOT NULL,
    taken_fen        bigint      NOT NULL,
    CONSTRAINT deposits_key PRIMARY KEY (area, fund_year, fund_line, institution_code),
    CONSTRAINT deposits_taken_within CHECK (taken_fen BETWEEN 0 AND forfeited_fen)
);
COMMENT ON TABLE deposits IS 'Forfeited deposits that months have begun to take.';
COMMENT ON COLUMN deposits.forfeited_fen IS 'Fen.';
COMMENT ON COLUMN deposits.taken_fen IS 'Fen taken so far.';
ALTER TABLE deposits ENABLE ROW LEVEL SECURITY;
ALTER TABLE deposits FORCE ROW LEVEL SECURITY;
CREATE POLICY deposits_institution ON deposits USING (
    area = (SELECT required_setting('medfund.area'))
    AND (SELECT required_setting('medfund.institution')) IN (institution_code, '*')
);

CREATE TABLE payment_orders (
    area             text        NOT NULL,
    payment_order    text        NOT NULL,
    kind             text        NOT NULL,
    subject          text        NOT NULL,
    fund_year        integer     NOT NULL,
    fund_line        text        NOT NULL,
    district         text        NOT NULL,
    institution_code text        NOT NULL,
    amount_fen       bigint      NOT NULL,
    state            text        NOT NULL,
    maker            text        NOT NULL,
    approver         text,
    bank_file        text,
    bank_reference   text,
    value_date       date,
    failure          text,
    version          bigint      NOT NULL,
    CONSTRAINT payment_orders_key PRIMARY KEY (area, payment_order),
    CONSTRAINT payment_orders_kind_known CHECK (kind IN ('advance', 'working_capital', 'clean_record', 'month', 'clearing')),
    CONSTRAINT payment_orders_state_known CHECK (state IN ('created', 'approved', 'exported', 'completed', 'failed')),
    CONSTRAINT payment_orders_checked_by_another CHECK (approver <> maker),
    CONSTRAINT payment_orders_not_zero CHECK (amount_fen <> 0)
);
COMMENT ON TABLE payment_orders IS 'Orders to the bank.';
COMMENT ON COLUMN payment_orders.payment_order IS 'The last part of its name.';
COMMENT ON COLUMN payment_orders.amount_fen IS 'Fen, negative for a recovery.';
CREATE INDEX payment_orders_year ON payment_orders (area, fund_year, payment_order);
ALTER TABLE payment_orders ENABLE ROW LEVEL SECURITY;
ALTER TABLE payment_orders FORCE ROW LEVEL SECURITY;
CREATE POLICY payment_orders_institution ON payment_orders USING (
    area = (SELECT required_setting('medfund.area'))
    AND (SELECT required_setting('medfund.institution')) IN (institution_code, '*')
);

CREATE TABLE bank_files (
    area        text        NOT NULL,
    bank_file   text        NOT NULL,
    fund_year   integer     NOT NULL,
    content     bytea       NOT NULL,
    n_orders    bigint      NOT NULL,
    amount_fen  bigint      NOT NULL,
    create_time timestamptz NOT NULL,
    CONSTRAINT bank_files_key PRIMARY KEY (area, bank_file)
);
COMMENT ON TABLE bank_files IS 'Files that went to the bank.';
COMMENT ON COLUMN bank_files.amount_fen IS 'Fen.';
ALTER TABLE bank_files ENABLE ROW LEVEL SECURITY;
ALTER TABLE bank_files FORCE ROW LEVEL SECURITY;
CREATE POLICY bank_files_area ON bank_files USING (area = (SELECT required_setting('medfund.area')));

CREATE TABLE clearings (
    area      text        NOT NULL,
    fund_year integer     NOT NULL,
    fund_line text        NOT NULL,
    district  text        NOT NULL,
    state     text        NOT NULL,
    plan      jsonb       NOT NULL,
    decision  text,
    proposer  text        NOT NULL,
    approver  text,
    version   bigint      NOT NULL,
    CONSTRAINT clearings_key PRIMARY KEY (area, fund_year, fund_line, district),
    CONSTRAINT clearings_state_known CHECK (state IN ('proposed', 'decided', 'rejected', 'approved')),
    CONSTRAINT clearings_checked_by_another CHECK (approver <> proposer)
);
COMMENT ON TABLE clearings IS 'Clearings of a fund line in a district; the key lets one be proposed once.';
COMMENT ON COLUMN clearings.plan IS 'Manifest, results and trees, by institution.';
ALTER TABLE clearings ENABLE ROW LEVEL SECURITY;
ALTER TABLE clearings FORCE ROW LEVEL SECURITY;
CREATE POLICY clearings_area ON clearings USING (area = (SELECT required_setting('medfund.area')));

CREATE TABLE cleared_institutions (
    area             text        NOT NULL,
    fund_year        integer     NOT NULL,
    fund_line        text        NOT NULL,
    district         text        NOT NULL,
    institution_code text        NOT NULL,
    result           jsonb       NOT NULL,
    derivations      jsonb       NOT NULL,
    CONSTRAINT cleared_institutions_key PRIMARY KEY (area, fund_year, fund_line, district, institution_code)
);
COMMENT ON TABLE cleared_institutions IS 'Results of clearings, each of one institution.';
COMMENT ON COLUMN cleared_institutions.derivations IS 'The trees of the amounts, by name.';
ALTER TABLE cleared_institutions ENABLE ROW LEVEL SECURITY;
ALTER TABLE cleared_institutions FORCE ROW LEVEL SECURITY;
CREATE POLICY cleared_institutions_institution ON cleared_institutions USING (
    area = (SELECT required_setting('medfund.area'))
    AND (SELECT required_setting('medfund.institution')) IN (institution_code, '*')
);
