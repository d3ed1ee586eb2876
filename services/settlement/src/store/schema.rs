//! The tables of heard facts and of settlements, as diesel knows them.

diesel::table! {
    calendars (area) {
        area -> Text,
        business_date -> Date,
    }
}

diesel::table! {
    packs (area, pack_hash) {
        area -> Text,
        pack_hash -> Text,
        pack_id -> Text,
        content -> Bytea,
    }
}

diesel::table! {
    fund_years (area, fund_year) {
        area -> Text,
        fund_year -> Integer,
        pack_hash -> Text,
        districts -> Array<Text>,
    }
}

diesel::table! {
    decisions (area, decision) {
        area -> Text,
        decision -> Text,
        body -> Text,
        matter -> Text,
        district -> Text,
        fund_year -> Integer,
        subject -> Text,
        approved -> Bool,
        meeting_date -> Date,
    }
}

diesel::table! {
    institutions (area, institution_code) {
        area -> Text,
        institution_code -> Text,
        display_name -> Text,
        district -> Text,
        level -> Integer,
        institution_class -> Text,
        is_primary -> Bool,
        active -> Bool,
    }
}

diesel::table! {
    agreements (area, fund_year, institution_code, version) {
        area -> Text,
        fund_year -> Integer,
        institution_code -> Text,
        version -> Integer,
        effective_date -> Date,
        agreement -> Text,
        terms -> Jsonb,
        management_grade -> Text,
    }
}

diesel::table! {
    histories (area, fund_year, fund_line, institution_code) {
        area -> Text,
        fund_year -> Integer,
        fund_line -> Text,
        institution_code -> Text,
        last_year_settled_fen -> BigInt,
    }
}

diesel::table! {
    quotas (area, fund_year, fund_line, institution_code) {
        area -> Text,
        fund_year -> Integer,
        fund_line -> Text,
        institution_code -> Text,
        district -> Text,
        decision -> Text,
        quota_fen -> BigInt,
        adjusted_quota_fen -> BigInt,
    }
}

diesel::table! {
    clean_records (area, fund_year, institution_code) {
        area -> Text,
        fund_year -> Integer,
        institution_code -> Text,
        clean -> Bool,
    }
}

diesel::table! {
    refusals (area, inspection) {
        area -> Text,
        inspection -> Text,
        fund_year -> Integer,
        fund_line -> Text,
        institution_code -> Text,
        settlement_month -> Date,
        sample_violating_fen -> BigInt,
        sampling_rate -> Text,
        refused_fen -> BigInt,
        taken_month -> Nullable<Date>,
    }
}

diesel::table! {
    reviews (area, fund_year, institution_code) {
        area -> Text,
        fund_year -> Integer,
        institution_code -> Text,
        grade -> Text,
        confirm_date -> Date,
    }
}

diesel::table! {
    indicators (area, fund_year, institution_code) {
        area -> Text,
        fund_year -> Integer,
        institution_code -> Text,
        deductions -> Jsonb,
    }
}

diesel::table! {
    reserves (area, fund_year, fund_line, district) {
        area -> Text,
        fund_year -> Integer,
        fund_line -> Text,
        district -> Text,
        reserve_fen -> BigInt,
    }
}

diesel::table! {
    prepayments (area, fund_year, kind, fund_line, institution_code, from_place) {
        area -> Text,
        fund_year -> Integer,
        kind -> Text,
        fund_line -> Text,
        institution_code -> Text,
        district -> Text,
        amount_fen -> BigInt,
        counted_fen -> BigInt,
        kept_back_fen -> BigInt,
        payment_order -> Nullable<Text>,
        derivation -> Jsonb,
        from_place -> Integer,
    }
}

diesel::table! {
    month_settlements (area, settlement_month) {
        area -> Text,
        settlement_month -> Date,
        fund_year -> Integer,
        state -> Text,
        manifest -> Jsonb,
        n_statements -> BigInt,
        payable_fen -> BigInt,
        create_time -> Timestamptz,
        finish_time -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    statements (area, statement_id) {
        area -> Text,
        statement_id -> Text,
        fund_year -> Integer,
        fund_line -> Text,
        district -> Text,
        institution_code -> Text,
        settlement_month -> Date,
        method -> Text,
        n_admissions -> BigInt,
        n_persons -> BigInt,
        n_visits -> BigInt,
        days -> BigInt,
        cost_fen -> BigInt,
        method_fen -> BigInt,
        prepaid_total_fen -> BigInt,
        prepaid_cost_fen -> BigInt,
        refused_fen -> BigInt,
        refusal_carried_fen -> BigInt,
        payable_fen -> BigInt,
        paid_fen -> BigInt,
        deferred_fen -> BigInt,
        outside_quota_fen -> BigInt,
        deposit_forfeited_fen -> BigInt,
        kept_back_fen -> BigInt,
        order_fen -> BigInt,
        state -> Text,
        dispute_reason -> Text,
        dispute_answer -> Text,
        payment_order -> Nullable<Text>,
        derivations -> Jsonb,
        version -> BigInt,
        pools -> Jsonb,
    }
}

diesel::table! {
    deposits (area, fund_year, fund_line, institution_code) {
        area -> Text,
        fund_year -> Integer,
        fund_line -> Text,
        institution_code -> Text,
        forfeited_fen -> BigInt,
        taken_fen -> BigInt,
    }
}

diesel::table! {
    payment_orders (area, payment_order) {
        area -> Text,
        payment_order -> Text,
        kind -> Text,
        subject -> Text,
        fund_year -> Integer,
        fund_line -> Text,
        district -> Text,
        institution_code -> Text,
        amount_fen -> BigInt,
        state -> Text,
        maker -> Text,
        approver -> Nullable<Text>,
        bank_file -> Nullable<Text>,
        bank_reference -> Nullable<Text>,
        value_date -> Nullable<Date>,
        failure -> Nullable<Text>,
        version -> BigInt,
        due_date -> Nullable<Date>,
        late_reason -> Text,
        pooled_fen -> BigInt,
    }
}

diesel::table! {
    bank_files (area, bank_file) {
        area -> Text,
        bank_file -> Text,
        fund_year -> Integer,
        content -> Bytea,
        n_orders -> BigInt,
        amount_fen -> BigInt,
        create_time -> Timestamptz,
    }
}

diesel::table! {
    clearings (area, fund_year, fund_line, district) {
        area -> Text,
        fund_year -> Integer,
        fund_line -> Text,
        district -> Text,
        state -> Text,
        plan -> Jsonb,
        decision -> Nullable<Text>,
        proposer -> Text,
        approver -> Nullable<Text>,
        version -> BigInt,
    }
}

diesel::table! {
    cleared_institutions (area, fund_year, fund_line, district, institution_code) {
        area -> Text,
        fund_year -> Integer,
        fund_line -> Text,
        district -> Text,
        institution_code -> Text,
        result -> Jsonb,
        derivations -> Jsonb,
    }
}

diesel::table! {
    drg_contents (area, kind, content_hash) {
        area -> Text,
        kind -> Text,
        content_hash -> Text,
        content -> Bytea,
    }
}

diesel::table! {
    drg_adoptions (area, kind, effective_date) {
        area -> Text,
        kind -> Text,
        effective_date -> Date,
        content_hash -> Text,
    }
}

diesel::table! {
    pools (area, fund_year, fund_line, district, kind_of_care) {
        area -> Text,
        fund_year -> Integer,
        fund_line -> Text,
        district -> Text,
        kind_of_care -> Text,
        decision -> Text,
        pack_hash -> Text,
        revision -> Integer,
        amount_fen -> BigInt,
        adjustment_fen -> BigInt,
        released_fen -> BigInt,
    }
}

diesel::table! {
    experts (area, expert) {
        area -> Text,
        expert -> Text,
        institution_code -> Nullable<Text>,
        specialty -> Text,
        registered_by -> Text,
        create_time -> Timestamptz,
        retire_time -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    special_cases (area, institution_code, setl_id) {
        area -> Text,
        institution_code -> Text,
        setl_id -> Text,
        fund_year -> Integer,
        fund_line -> Text,
        kind_of_care -> Text,
        district -> Text,
        settlement_month -> Date,
        medfee_sumamt_fen -> BigInt,
        reason -> Text,
        evidence -> Jsonb,
        state -> Text,
        answer -> Text,
        seed -> Nullable<Uuid>,
        experts -> Jsonb,
        proposal -> Jsonb,
        reviewed_cost_fen -> Nullable<BigInt>,
        checker -> Nullable<Text>,
        create_time -> Timestamptz,
        update_time -> Timestamptz,
        version -> BigInt,
    }
}
