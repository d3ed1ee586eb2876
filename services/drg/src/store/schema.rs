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
        scheme_hash -> Text,
        effective_date -> Date,
        maker -> Text,
        checker -> Nullable<Text>,
        create_time -> Timestamptz,
        confirm_time -> Nullable<Timestamptz>,
    }
}
