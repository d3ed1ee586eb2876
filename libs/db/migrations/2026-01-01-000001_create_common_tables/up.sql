-- What every service's database has: who may see what, the idempotency keys, the outbox and its
-- feed, the cursors of feeds that are read, the audit chain and the ledger.

CREATE FUNCTION setting_missing(name text) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    RAISE EXCEPTION 'no caller is set: % is empty', name USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE FUNCTION required_setting(name text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(nullif(current_setting(name, true), ''), setting_missing(name))
$$;
COMMENT ON FUNCTION required_setting IS
    'The setting, for policies. Raises when it is unset or empty, so that a missing caller is loud.';

CREATE FUNCTION refuse_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% only takes new rows', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_TABLE_NAME || '_append_only';
END
$$;
COMMENT ON FUNCTION refuse_change IS
    'For BEFORE UPDATE OR DELETE and BEFORE TRUNCATE triggers named <table>_append_only…; grant_service leaves out UPDATE and DELETE on such tables.';

CREATE TABLE requests (
    area        text        NOT NULL,
    caller      text        NOT NULL,
    method      text        NOT NULL,
    request_id  uuid        NOT NULL,
    institution text        NOT NULL,
    digest      bytea       NOT NULL,
    answer      text,
    create_time timestamptz NOT NULL,
    CONSTRAINT requests_key PRIMARY KEY (area, caller, method, request_id)
);
COMMENT ON TABLE requests IS 'Mutating calls that succeeded, kept past the clearing of their year.';
COMMENT ON COLUMN requests.institution IS 'The institution that the caller is bound to; * for none.';
COMMENT ON COLUMN requests.digest IS 'SHA-256 of the request message as it came.';
COMMENT ON COLUMN requests.answer IS 'The first answer as JSON, given again to every retry.';
ALTER TABLE requests ENABLE ROW LEVEL SECURITY;
ALTER TABLE requests FORCE ROW LEVEL SECURITY;
CREATE POLICY requests_institution ON requests USING (
    area = required_setting('medfund.area')
    AND required_setting('medfund.institution') IN (institution, '*')
);

CREATE TABLE heads (
    chain    text   NOT NULL,
    position bigint NOT NULL CONSTRAINT heads_position_not_negative CHECK (position >= 0),
    hash     bytea  NOT NULL,
    CONSTRAINT heads_key PRIMARY KEY (chain)
);
COMMENT ON TABLE heads IS 'Where the numbering of the outbox, the audit rows and the transfer batches stands; its row is the lock of the job that numbers.';
ALTER TABLE heads ENABLE ROW LEVEL SECURITY;
ALTER TABLE heads FORCE ROW LEVEL SECURITY;
CREATE POLICY heads_suite ON heads USING (required_setting('medfund.area') = '*');
SET LOCAL medfund.area = '*';
INSERT INTO heads (chain, position, hash) VALUES
    ('outbox', 0, ''),
    ('audit', 0, decode(repeat('00', 32), 'hex')),
    ('ledger', 0, '');

CREATE TABLE outbox (
    area         text        NOT NULL,
    event_id     uuid        NOT NULL,
    kind         text        NOT NULL,
    payload      bytea       NOT NULL,
    create_time  timestamptz NOT NULL,
    insert_order bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    position     bigint,
    CONSTRAINT outbox_key PRIMARY KEY (area, event_id)
);
COMMENT ON TABLE outbox IS 'Events, each committed with the change that caused it.';
COMMENT ON COLUMN outbox.insert_order IS 'In order of causes: rows are inserted just before commit, when all locks are held.';
COMMENT ON COLUMN outbox.position IS 'The place in the feed, given after commit by the sequencer; without gaps.';
CREATE UNIQUE INDEX outbox_position ON outbox (position);
CREATE INDEX outbox_unnumbered ON outbox (insert_order) WHERE position IS NULL;
ALTER TABLE outbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE outbox FORCE ROW LEVEL SECURITY;
-- An institution's command may cause events, and sees none: they tell of others, too.
CREATE POLICY outbox_area ON outbox
    USING (required_setting('medfund.area') IN (area, '*') AND required_setting('medfund.institution') = '*')
    WITH CHECK (required_setting('medfund.area') IN (area, '*'));

CREATE TABLE feed_cursors (
    source   text   NOT NULL,
    position bigint NOT NULL CONSTRAINT feed_cursors_position_not_negative CHECK (position >= 0),
    CONSTRAINT feed_cursors_key PRIMARY KEY (source)
);
COMMENT ON TABLE feed_cursors IS 'How far each feed that this service learns from has taken effect here.';
ALTER TABLE feed_cursors ENABLE ROW LEVEL SECURITY;
ALTER TABLE feed_cursors FORCE ROW LEVEL SECURITY;
CREATE POLICY feed_cursors_suite ON feed_cursors USING (required_setting('medfund.area') = '*');

CREATE TABLE consumed_events (
    source   text   NOT NULL,
    position bigint NOT NULL,
    event_id uuid   NOT NULL,
    CONSTRAINT consumed_events_key PRIMARY KEY (source, position),
    CONSTRAINT consumed_events_event_key UNIQUE (source, event_id)
);
COMMENT ON TABLE consumed_events IS 'Events that took effect here: each acts once, even if a cursor is set back.';
ALTER TABLE consumed_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE consumed_events FORCE ROW LEVEL SECURITY;
CREATE POLICY consumed_events_suite ON consumed_events USING (required_setting('medfund.area') = '*');

CREATE TABLE audit_rows (
    area          text        NOT NULL,
    audit_id      uuid        NOT NULL,
    caller        text        NOT NULL,
    roles         integer[]   NOT NULL,
    institution   text,
    method        text        NOT NULL,
    request_id    uuid        NOT NULL,
    digest        bytea       NOT NULL,
    answer_digest bytea       NOT NULL,
    create_time   timestamptz NOT NULL,
    insert_order  bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    position      bigint,
    hash          bytea,
    CONSTRAINT audit_rows_key PRIMARY KEY (area, audit_id),
    CONSTRAINT audit_rows_sealed_whole CHECK ((position IS NULL) = (hash IS NULL))
);
COMMENT ON TABLE audit_rows IS 'Who did what, appended in the transaction of the deed.';
COMMENT ON COLUMN audit_rows.answer_digest IS 'SHA-256 of the answer as JSON.';
COMMENT ON COLUMN audit_rows.hash IS 'SM3 over the hash before it, the position and every column of the row.';
CREATE UNIQUE INDEX audit_rows_position ON audit_rows (position);
CREATE INDEX audit_rows_unsealed ON audit_rows (insert_order) WHERE position IS NULL;
ALTER TABLE audit_rows ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_rows FORCE ROW LEVEL SECURITY;
CREATE POLICY audit_rows_institution ON audit_rows USING (
    required_setting('medfund.area') IN (area, '*')
    AND required_setting('medfund.institution') IN (institution, '*')
);

CREATE FUNCTION refuse_change_but_sealing() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.position IS NULL
        AND (to_jsonb(OLD) - 'position' - 'hash') = (to_jsonb(NEW) - 'position' - 'hash') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a row of % is sealed once and never changed', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_TABLE_NAME || '_append_only';
END
$$;
CREATE TRIGGER audit_rows_seal_once BEFORE UPDATE ON audit_rows
    FOR EACH ROW EXECUTE FUNCTION refuse_change_but_sealing();
CREATE TRIGGER audit_rows_append_only BEFORE DELETE ON audit_rows
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_rows_append_only_whole BEFORE TRUNCATE ON audit_rows
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE ledger_accounts (
    area        text        NOT NULL,
    account     text        NOT NULL,
    debits_fen  bigint      NOT NULL CONSTRAINT ledger_accounts_debits_not_negative CHECK (debits_fen >= 0),
    credits_fen bigint      NOT NULL CONSTRAINT ledger_accounts_credits_not_negative CHECK (credits_fen >= 0),
    create_time timestamptz NOT NULL,
    CONSTRAINT ledger_accounts_key PRIMARY KEY (area, account)
);
COMMENT ON TABLE ledger_accounts IS 'Accounts with what is rolled up of their transfers; the newest batches may still be missing.';
COMMENT ON COLUMN ledger_accounts.debits_fen IS 'Fen debited by the batches that are rolled up.';
COMMENT ON COLUMN ledger_accounts.credits_fen IS 'Fen credited by the batches that are rolled up.';
ALTER TABLE ledger_accounts ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger_accounts FORCE ROW LEVEL SECURITY;
CREATE POLICY ledger_accounts_area ON ledger_accounts USING (required_setting('medfund.area') IN (area, '*'));

CREATE TABLE transfer_batches (
    area         text        NOT NULL,
    batch_id     uuid        NOT NULL,
    create_time  timestamptz NOT NULL,
    insert_order bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    position     bigint,
    CONSTRAINT transfer_batches_key PRIMARY KEY (area, batch_id)
);
COMMENT ON TABLE transfer_batches IS 'The transfers of one transaction; the roll-up numbers batches after they committed.';
CREATE UNIQUE INDEX transfer_batches_position ON transfer_batches (position);
CREATE INDEX transfer_batches_open ON transfer_batches (insert_order) WHERE position IS NULL;
ALTER TABLE transfer_batches ENABLE ROW LEVEL SECURITY;
ALTER TABLE transfer_batches FORCE ROW LEVEL SECURITY;
CREATE POLICY transfer_batches_area ON transfer_batches USING (required_setting('medfund.area') IN (area, '*'));

CREATE TABLE transfers (
    area           text        NOT NULL,
    transfer_id    uuid        NOT NULL,
    batch_id       uuid        NOT NULL,
    debit_account  text        NOT NULL,
    credit_account text        NOT NULL,
    amount_fen     bigint      NOT NULL CONSTRAINT transfers_amount_positive CHECK (amount_fen > 0),
    code           text        NOT NULL,
    reference      text        NOT NULL,
    create_time    timestamptz NOT NULL,
    insert_order   bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    CONSTRAINT transfers_key PRIMARY KEY (area, transfer_id),
    CONSTRAINT transfers_between_two_accounts CHECK (debit_account <> credit_account)
);
COMMENT ON TABLE transfers IS 'Money moves: one row debits one account and credits another, and is never changed.';
COMMENT ON COLUMN transfers.amount_fen IS 'Fen moved, more than zero.';
COMMENT ON COLUMN transfers.code IS 'Why, in the words of the chart of accounts.';
COMMENT ON COLUMN transfers.reference IS 'What caused it; both sides of a transit account write the same.';
CREATE INDEX transfers_batch ON transfers (area, batch_id);
CREATE INDEX transfers_order ON transfers (area, insert_order);
ALTER TABLE transfers ENABLE ROW LEVEL SECURITY;
ALTER TABLE transfers FORCE ROW LEVEL SECURITY;
CREATE POLICY transfers_area ON transfers USING (required_setting('medfund.area') IN (area, '*'));
CREATE TRIGGER transfers_append_only BEFORE UPDATE OR DELETE ON transfers
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER transfers_append_only_whole BEFORE TRUNCATE ON transfers
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Grants the role of a service what it needs on all that exists. Run after every migration.
CREATE FUNCTION grant_service(service_role text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    guarded regclass;
BEGIN
    EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', service_role);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO %I', service_role);
    EXECUTE format('GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO %I', service_role);
    FOR guarded IN
        SELECT DISTINCT t.tgrelid::regclass FROM pg_trigger t
        WHERE t.tgname = (SELECT c.relname FROM pg_class c WHERE c.oid = t.tgrelid) || '_append_only'
    LOOP
        EXECUTE format('REVOKE UPDATE, DELETE ON %s FROM %I', guarded, service_role);
    END LOOP;
    EXECUTE format('GRANT UPDATE (position, hash) ON audit_rows TO %I', service_role);
    EXECUTE format('REVOKE DELETE ON requests, outbox, heads, consumed_events, transfer_batches, ledger_accounts FROM %I', service_role);
    EXECUTE format('REVOKE UPDATE ON outbox, transfer_batches, consumed_events FROM %I', service_role);
    EXECUTE format('GRANT UPDATE (position) ON outbox, transfer_batches TO %I', service_role);
    IF to_regclass('public.__diesel_schema_migrations') IS NOT NULL THEN
        EXECUTE format('REVOKE INSERT, UPDATE, DELETE ON __diesel_schema_migrations FROM %I', service_role);
    END IF;
END
$$;
