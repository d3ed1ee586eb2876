//! The service's own tables, as its migrations leave them.

diesel::table! {
    packs (area, pack_hash) {
        area -> Text,
        pack_hash -> Text,
        pack_id -> Text,
        content -> Bytea,
    }
}

diesel::table! {
    calendars (area) {
        area -> Text,
        business_date -> Date,
    }
}

diesel::table! {
    fund_years (area, fund_year) {
        area -> Text,
        fund_year -> Int4,
        pack_hash -> Text,
        districts -> Array<Text>,
    }
}

diesel::table! {
    decisions (area, decision_id) {
        area -> Text,
        decision_id -> Uuid,
        body -> Text,
        matter -> Text,
        district -> Nullable<Text>,
        fund_year -> Int4,
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
        level -> Int2,
        institution_class -> Text,
        is_primary -> Bool,
        city_direct -> Bool,
        members -> Jsonb,
        authorised_signers -> Array<Text>,
        state -> Text,
        suspended_through -> Nullable<Date>,
        evaluator -> Nullable<Text>,
        evaluation_reference -> Nullable<Text>,
        admitter -> Nullable<Text>,
    }
}

diesel::table! {
    institution_changes (area, change_id) {
        area -> Text,
        change_id -> Uuid,
        institution_code -> Text,
        kind -> Jsonb,
        reason -> Text,
        maker -> Text,
        checker -> Nullable<Text>,
    }
}

diesel::table! {
    inpatient_methods (area, district, from_fund_year) {
        area -> Text,
        district -> Text,
        from_fund_year -> Int4,
        method -> Text,
        locked_through_fund_year -> Int4,
        decision_id -> Uuid,
    }
}

diesel::table! {
    agreements (area, agreement_id) {
        area -> Text,
        agreement_id -> Uuid,
        fund_year -> Int4,
        institution_code -> Text,
        terms -> Jsonb,
        indicator_limits -> Jsonb,
        supplements -> Nullable<Uuid>,
        effective_date -> Date,
        version -> Nullable<Int4>,
        maker -> Text,
        agency_signer -> Nullable<Text>,
        agency_sign_time -> Nullable<Timestamptz>,
        institution_signer -> Nullable<Text>,
        institution_sign_time -> Nullable<Timestamptz>,
        management_grade -> Text,
    }
}

diesel::table! {
    violations (area, violation_id) {
        area -> Text,
        violation_id -> Uuid,
        fund_year -> Int4,
        institution_code -> Text,
        kind -> Text,
        spoils_record -> Bool,
        occur_date -> Date,
        amount_fen -> Int8,
        physician_code -> Nullable<Text>,
        reference -> Text,
        inspection_id -> Nullable<Uuid>,
        maker -> Text,
        checker -> Nullable<Text>,
    }
}

diesel::table! {
    inspections (area, inspection_id) {
        area -> Text,
        inspection_id -> Uuid,
        fund_year -> Int4,
        institution_code -> Text,
        fund_line -> Text,
        settlement_month -> Date,
        n_population -> Int8,
        n_sample -> Int8,
        violating_cases -> Jsonb,
        sample_violating_fen -> Int8,
        sampling_rate -> Numeric,
        extrapolated -> Bool,
        refused_fen -> Int8,
        maker -> Text,
        checker -> Nullable<Text>,
    }
}

diesel::table! {
    reviews (area, review_id) {
        area -> Text,
        review_id -> Uuid,
        fund_year -> Int4,
        institution_code -> Text,
        grade -> Text,
        reference -> Text,
        confirm_date -> Nullable<Date>,
        maker -> Text,
        checker -> Nullable<Text>,
    }
}

diesel::table! {
    indicator_assessments (area, assessment_id) {
        area -> Text,
        assessment_id -> Uuid,
        fund_year -> Int4,
        institution_code -> Text,
        measured -> Jsonb,
        quarter_visits -> Nullable<Array<Int8>>,
        deductions -> Jsonb,
        deduction_rate -> Numeric,
        maker -> Text,
        checker -> Nullable<Text>,
    }
}

diesel::table! {
    conducts (area, institution_code, fund_year) {
        area -> Text,
        institution_code -> Text,
        fund_year -> Int4,
        kept_rules -> Bool,
        reference -> Text,
        maker -> Text,
    }
}

diesel::table! {
    clean_records (area, clean_record_id) {
        area -> Text,
        clean_record_id -> Uuid,
        fund_year -> Int4,
        institution_code -> Text,
        years -> Jsonb,
        clean -> Bool,
        maker -> Text,
        checker -> Nullable<Text>,
    }
}

diesel::table! {
    monthly_reports (area, report_id) {
        area -> Text,
        report_id -> Uuid,
        fund_year -> Int4,
        institution_code -> Text,
        settlement_month -> Date,
        measured -> Jsonb,
        reporter -> Text,
        create_time -> Timestamptz,
    }
}

diesel::table! {
    disclosures (area, disclosure_id) {
        area -> Text,
        disclosure_id -> Uuid,
        fund_year -> Int4,
        institution_code -> Text,
        quarter -> Int4,
        measured -> Jsonb,
        maker -> Text,
        checker -> Nullable<Text>,
    }
}
