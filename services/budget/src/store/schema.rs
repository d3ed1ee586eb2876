//! The tables, as diesel knows them. A test compares them with the database.

diesel::table! {
    packs (area, pack_hash) {
        area -> Text,
        pack_hash -> Text,
        pack_id -> Text,
        content -> Binary,
        state -> Text,
        maker -> Text,
        checker -> Nullable<Text>,
        create_time -> Timestamptz,
        publish_time -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    calendars (area) {
        area -> Text,
        business_date -> Date,
        update_time -> Timestamptz,
    }
}

diesel::table! {
    fund_years (area, fund_year) {
        area -> Text,
        fund_year -> Integer,
        pack_hash -> Text,
        pack_id -> Text,
        districts -> Array<Text>,
        create_time -> Timestamptz,
    }
}

diesel::table! {
    decisions (area, decision_id) {
        area -> Text,
        decision_id -> Uuid,
        body -> Text,
        matter -> Text,
        district -> Nullable<Text>,
        fund_year -> Integer,
        subject -> Text,
        approved -> Bool,
        meeting_date -> Date,
        members_present -> Array<Text>,
        votes -> Array<Integer>,
        minutes_reference -> Text,
        state -> Text,
        maker -> Text,
        checker -> Nullable<Text>,
        create_time -> Timestamptz,
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
    budgets (area, fund_year, fund_line, district) {
        area -> Text,
        fund_year -> Integer,
        fund_line -> Text,
        district -> Text,
        income_fen -> BigInt,
        expenditure_fen -> BigInt,
        basis -> Jsonb,
        surplus_rate -> Text,
        surplus_health -> Text,
        state -> Text,
        review_note -> Text,
        decision -> Nullable<Uuid>,
        deficit_decision -> Nullable<Uuid>,
        maker -> Text,
        version -> BigInt,
        update_time -> Timestamptz,
    }
}

diesel::table! {
    targets (area, fund_year, fund_line, district) {
        area -> Text,
        fund_year -> Integer,
        fund_line -> Text,
        district -> Text,
        budget_fen -> BigInt,
        deductions -> Jsonb,
        reserve_fen -> BigInt,
        primary_care_earmark_fen -> BigInt,
        adjustment_fen -> BigInt,
        adjustment_reason -> Text,
        target_fen -> BigInt,
        state -> Text,
        decision -> Nullable<Uuid>,
        maker -> Text,
        version -> BigInt,
        update_time -> Timestamptz,
    }
}

diesel::table! {
    reserves (area, fund_year, fund_line, district) {
        area -> Text,
        fund_year -> Integer,
        fund_line -> Text,
        district -> Text,
        planned_fen -> BigInt,
        drawn_fen -> BigInt,
        primary_care_earmark_fen -> BigInt,
        released_fen -> Nullable<BigInt>,
        overspend_fen -> Nullable<BigInt>,
        settled_fen -> Nullable<BigInt>,
        primary_care_fen -> BigInt,
        update_time -> Timestamptz,
    }
}

diesel::table! {
    histories (area, fund_year, fund_line, institution_code) {
        area -> Text,
        fund_year -> Integer,
        fund_line -> Text,
        institution_code -> Text,
        district -> Text,
        history_fen -> Array<BigInt>,
        last_year_settled_fen -> BigInt,
        recorded_base_fen -> Nullable<BigInt>,
        recorded_base_reason -> Text,
        update_time -> Timestamptz,
    }
}

diesel::table! {
    applications (area, fund_year, fund_line, institution_code) {
        area -> Text,
        fund_year -> Integer,
        fund_line -> Text,
        institution_code -> Text,
        district -> Text,
        applied_fen -> BigInt,
        reason -> Text,
        file_date -> Date,
    }
}

diesel::table! {
    coefficients (area, fund_year, fund_line, institution_code) {
        area -> Text,
        fund_year -> Integer,
        fund_line -> Text,
        institution_code -> Text,
        district -> Text,
        factors -> Jsonb,
        update_time -> Timestamptz,
    }
}

diesel::table! {
    negotiation_rounds (area, fund_year, fund_line, district, group_id, round_number) {
        area -> Text,
        fund_year -> Integer,
        fund_line -> Text,
        district -> Text,
        group_id -> Text,
        round_number -> Integer,
        institution_codes -> Array<Text>,
        participants -> Array<Text>,
        minutes_reference -> Text,
        coefficients -> Jsonb,
        hold_date -> Date,
    }
}

diesel::table! {
    decompositions (area, fund_year, fund_line, district) {
        area -> Text,
        fund_year -> Integer,
        fund_line -> Text,
        district -> Text,
        target_fen -> BigInt,
        primary_floor_fen -> BigInt,
        floor_applied -> Bool,
        forecast_factor -> Text,
        state -> Text,
        balance_note -> Text,
        decision -> Nullable<Uuid>,
        maker -> Text,
        version -> BigInt,
        update_time -> Timestamptz,
    }
}

diesel::table! {
    quotas (area, fund_year, fund_line, institution_code) {
        area -> Text,
        fund_year -> Integer,
        fund_line -> Text,
        institution_code -> Text,
        district -> Text,
        is_primary -> Bool,
        history_fen -> Array<BigInt>,
        base -> Text,
        coefficient -> Text,
        factors -> Jsonb,
        applied_fen -> BigInt,
        quota_fen -> BigInt,
        adjusted_quota_fen -> BigInt,
    }
}

diesel::table! {
    quota_adjustments (area, adjustment_id) {
        area -> Text,
        adjustment_id -> Uuid,
        fund_year -> Integer,
        fund_line -> Text,
        institution_code -> Text,
        district -> Text,
        reason -> Text,
        change_fen -> BigInt,
        adjusted_quota_fen -> BigInt,
        decision -> Uuid,
        adjust_date -> Date,
    }
}

diesel::table! {
    derivations (area, amount) {
        area -> Text,
        amount -> Text,
        institution_code -> Text,
        tree -> Jsonb,
    }
}

diesel::table! {
    execution_months (area, fund_year, fund_line, institution_code, settlement_month) {
        area -> Text,
        fund_year -> Integer,
        fund_line -> Text,
        institution_code -> Text,
        settlement_month -> Date,
        district -> Text,
        n_admissions -> BigInt,
        cost_fen -> BigInt,
        refused_fen -> BigInt,
        payable_fen -> BigInt,
        paid_fen -> BigInt,
        deferred_fen -> BigInt,
    }
}

diesel::table! {
    execution_pools (area, fund_year, fund_line, institution_code, settlement_month, kind_of_care) {
        area -> Text,
        fund_year -> Integer,
        fund_line -> Text,
        institution_code -> Text,
        settlement_month -> Date,
        kind_of_care -> Text,
        district -> Text,
        n_admissions -> BigInt,
        cost_fen -> BigInt,
        refused_fen -> BigInt,
        payable_fen -> BigInt,
    }
}

diesel::table! {
    structures (area, fund_year, fund_line, district) {
        area -> Text,
        fund_year -> Integer,
        fund_line -> Text,
        district -> Text,
        target_fen -> BigInt,
        cares -> Jsonb,
        state -> Text,
        decision -> Nullable<Uuid>,
        maker -> Text,
        version -> BigInt,
        update_time -> Timestamptz,
    }
}

diesel::table! {
    payments (area, payment_order) {
        area -> Text,
        payment_order -> Text,
        fund_year -> Integer,
        fund_line -> Text,
        institution_code -> Text,
        amount_fen -> BigInt,
        value_date -> Date,
        pooled_fen -> BigInt,
    }
}

diesel::table! {
    cleared_institutions (area, fund_year, fund_line, institution_code) {
        area -> Text,
        fund_year -> Integer,
        fund_line -> Text,
        institution_code -> Text,
        district -> Text,
        payable_fen -> BigInt,
        cost_fen -> BigInt,
        final_fen -> BigInt,
        pools -> Jsonb,
    }
}

diesel::table! {
    primary_care_allotments (area, fund_year, fund_line) {
        area -> Text,
        fund_year -> Integer,
        fund_line -> Text,
        rolled_in_fen -> BigInt,
        earmark_fen -> BigInt,
        allotted_fen -> BigInt,
        rolled_out_fen -> BigInt,
        lapsed_fen -> BigInt,
        rolled_in -> Jsonb,
        rolled_out -> Jsonb,
        districts -> Jsonb,
        decision -> Nullable<Uuid>,
        allot_date -> Date,
    }
}

diesel::table! {
    final_accounts (area, fund_year, fund_line, district) {
        area -> Text,
        fund_year -> Integer,
        fund_line -> Text,
        district -> Text,
        income_fen -> BigInt,
        backstop_fen -> BigInt,
        deductions -> Jsonb,
        settled_fen -> BigInt,
        primary_care_fen -> BigInt,
        expenditure_fen -> BigInt,
        surplus_fen -> BigInt,
        surplus_rate -> Text,
        surplus_health -> Text,
        institutions -> Jsonb,
        close_date -> Date,
        pools -> Jsonb,
    }
}

diesel::table! {
    disclosures (area, disclosure_id) {
        area -> Text,
        disclosure_id -> Uuid,
        subject -> Text,
        kind -> Text,
        fund_year -> Integer,
        lines -> Jsonb,
        publish_date -> Date,
        create_time -> Timestamptz,
    }
}

diesel::table! {
    task_progress (area, pack_id, task_number, item, sequence) {
        area -> Text,
        pack_id -> Text,
        task_number -> Integer,
        item -> Integer,
        sequence -> Integer,
        step -> Text,
        report_date -> Date,
        body -> Nullable<Text>,
        report -> Text,
        evidence_reference -> Text,
        maker -> Text,
        create_time -> Timestamptz,
    }
}
