diesel::table! {
    schemes (area, scheme_hash) {
        area -> Text,
        scheme_hash -> Text,
        scheme_id -> Text,
        n_mdcs -> Int4,
        n_adrgs -> Int4,
        n_drgs -> Int4,
        content -> Bytea,
        maker -> Text,
        checker -> Nullable<Text>,
        create_time -> Timestamptz,
        publish_time -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    adoptions (area, adoption_id) {
        area -> Text,
        adoption_id -> Uuid,
        scheme_hash -> Nullable<Text>,
        effective_date -> Date,
        maker -> Text,
        checker -> Nullable<Text>,
        create_time -> Timestamptz,
        confirm_time -> Nullable<Timestamptz>,
        tariff_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    crosswalks (area, crosswalk_hash) {
        area -> Text,
        crosswalk_hash -> Text,
        title -> Text,
        n_diagnoses -> Int4,
        n_procedures -> Int4,
        content -> Text,
        maker -> Text,
        checker -> Nullable<Text>,
        create_time -> Timestamptz,
        publish_time -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    histories (area, history_id) {
        area -> Text,
        history_id -> Uuid,
        scheme_hash -> Text,
        file_digest -> Bytea,
        n_lines -> Int8,
        finished -> Bool,
        n_accepted -> Int8,
        n_refused -> Int8,
        n_errors -> Int8,
        total_cost_fen -> Int8,
        content_digest -> Bytea,
        create_time -> Timestamptz,
        update_time -> Timestamptz,
        cancelled -> Bool,
    }
}

diesel::table! {
    history_case_ids (area, history_id, id_hash) {
        area -> Text,
        history_id -> Uuid,
        id_hash -> Uuid,
    }
}

diesel::table! {
    history_cases (area, history_id, line_number) {
        area -> Text,
        history_id -> Uuid,
        line_number -> Int8,
        institution_code -> Text,
        drg -> Text,
        total_cost_fen -> Int8,
        fund_paid_fen -> Int8,
        stay_days -> Int4,
        died -> Bool,
        fund_line -> Nullable<Text>,
    }
}

diesel::table! {
    history_errors (area, history_id, line_number, ordinal) {
        area -> Text,
        history_id -> Uuid,
        line_number -> Int8,
        ordinal -> Int2,
        field -> Text,
        text_zh -> Text,
        reason -> Text,
    }
}

diesel::table! {
    tariffs (area, tariff_id) {
        area -> Text,
        tariff_id -> Uuid,
        fund_year -> Int4,
        scheme_hash -> Text,
        base_points -> Numeric,
        origin -> Jsonb,
        n_groups -> Int4,
        round -> Int4,
        maker -> Text,
        create_time -> Timestamptz,
        version -> Int8,
        checker -> Nullable<Text>,
        publish_time -> Nullable<Timestamptz>,
        tariff_hash -> Nullable<Text>,
        content -> Nullable<Bytea>,
        coefficient_basis -> Nullable<Jsonb>,
        coefficients_maker -> Nullable<Text>,
        round_open -> Bool,
        base_points_default -> Nullable<Text>,
        levels -> Nullable<Jsonb>,
    }
}

diesel::table! {
    tariff_groups (area, tariff_id, drg) {
        area -> Text,
        tariff_id -> Uuid,
        drg -> Text,
        entry -> Jsonb,
        made -> Nullable<Jsonb>,
        derivation -> Nullable<Jsonb>,
    }
}

diesel::table! {
    tariff_proposals (area, tariff_id, proposal_id) {
        area -> Text,
        tariff_id -> Uuid,
        proposal_id -> Uuid,
        round -> Int4,
        institution_code -> Text,
        drg -> Text,
        change -> Jsonb,
        before -> Nullable<Jsonb>,
        reason -> Text,
        proposer -> Text,
        create_time -> Timestamptz,
        accepted -> Nullable<Bool>,
        decider -> Nullable<Text>,
        note -> Nullable<Text>,
        decide_time -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    tariff_coefficients (area, tariff_id, institution_code, drg) {
        area -> Text,
        tariff_id -> Uuid,
        institution_code -> Text,
        drg -> Text,
        coefficient -> Numeric,
    }
}

diesel::table! {
    batches (area, batch_id) {
        area -> Text,
        batch_id -> Uuid,
        institution_code -> Text,
        scheme_hash -> Text,
        check_quality -> Bool,
        file_digest -> Text,
        n_bytes -> Int8,
        keep_days -> Int4,
        state -> Text,
        next_offset -> Int8,
        upload_hasher -> Bytea,
        n_bytes_answered -> Int8,
        n_lines -> Int8,
        passing_over -> Bool,
        encoding -> Nullable<Text>,
        heading -> Nullable<Text>,
        n_cases -> Int8,
        n_grouped -> Int8,
        n_blocked -> Int8,
        n_refused -> Int8,
        n_errors -> Int8,
        n_answer_bytes -> Int8,
        answers_hasher -> Bytea,
        answers_digest -> Nullable<Text>,
        failure -> Nullable<Text>,
        maker -> Text,
        create_time -> Timestamptz,
        update_time -> Timestamptz,
        expire_time -> Timestamptz,
        crosswalk_hash -> Nullable<Text>,
        n_failures -> Int4,
    }
}

diesel::table! {
    batch_parts (area, batch_id, begins_at) {
        area -> Text,
        batch_id -> Uuid,
        begins_at -> Int8,
        ends_at -> Int8,
        institution_code -> Text,
        content -> Bytea,
    }
}

diesel::table! {
    batch_answers (area, batch_id, begins_at) {
        area -> Text,
        batch_id -> Uuid,
        begins_at -> Int8,
        ends_at -> Int8,
        institution_code -> Text,
        content -> Bytea,
    }
}

diesel::table! {
    batch_errors (area, batch_id, line, ordinal) {
        area -> Text,
        batch_id -> Uuid,
        line -> Int8,
        ordinal -> Int2,
        institution_code -> Text,
        case_id -> Text,
        level -> Text,
        field -> Text,
        index -> Nullable<Int4>,
        reason -> Text,
        value -> Text,
        text_zh -> Text,
    }
}
