//! The common tables, as diesel knows them. A test compares them with the database.

diesel::table! {
    requests (area, caller, method, request_id) {
        area -> Text,
        caller -> Text,
        method -> Text,
        request_id -> Uuid,
        institution -> Text,
        digest -> Binary,
        answer -> Nullable<Text>,
        create_time -> Timestamptz,
    }
}

diesel::table! {
    heads (chain) {
        chain -> Text,
        position -> BigInt,
        hash -> Binary,
    }
}

diesel::table! {
    outbox (area, event_id) {
        area -> Text,
        event_id -> Uuid,
        kind -> Text,
        payload -> Binary,
        create_time -> Timestamptz,
        insert_order -> BigInt,
        position -> Nullable<BigInt>,
    }
}

diesel::table! {
    feed_cursors (source) {
        source -> Text,
        position -> BigInt,
    }
}

diesel::table! {
    consumed_events (source, position) {
        source -> Text,
        position -> BigInt,
        event_id -> Uuid,
    }
}

diesel::table! {
    audit_rows (area, audit_id) {
        area -> Text,
        audit_id -> Uuid,
        caller -> Text,
        roles -> Array<Integer>,
        institution -> Nullable<Text>,
        method -> Text,
        request_id -> Uuid,
        digest -> Binary,
        answer_digest -> Binary,
        create_time -> Timestamptz,
        insert_order -> BigInt,
        position -> Nullable<BigInt>,
        hash -> Nullable<Binary>,
    }
}

diesel::table! {
    ledger_accounts (area, account) {
        area -> Text,
        account -> Text,
        debits_fen -> BigInt,
        credits_fen -> BigInt,
        create_time -> Timestamptz,
    }
}

diesel::table! {
    transfer_batches (area, batch_id) {
        area -> Text,
        batch_id -> Uuid,
        create_time -> Timestamptz,
        insert_order -> BigInt,
        position -> Nullable<BigInt>,
    }
}

diesel::table! {
    transfers (area, transfer_id) {
        area -> Text,
        transfer_id -> Uuid,
        batch_id -> Uuid,
        debit_account -> Text,
        credit_account -> Text,
        amount_fen -> BigInt,
        code -> Text,
        reference -> Text,
        create_time -> Timestamptz,
        insert_order -> BigInt,
    }
}
