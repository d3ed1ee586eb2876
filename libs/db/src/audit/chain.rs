use chrono::{DateTime, Utc};
use diesel::prelude::*;
use sm3::{Digest, Sm3};
use uuid::Uuid;

use crate::schema::audit_rows;

/// Everything of an audit row that its hash covers, and the seal if it has one.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = audit_rows)]
pub(crate) struct AuditRow {
    pub(crate) area: String,
    pub(crate) audit_id: Uuid,
    pub(crate) caller: String,
    pub(crate) roles: Vec<i32>,
    pub(crate) institution: Option<String>,
    pub(crate) method: String,
    pub(crate) request_id: Uuid,
    pub(crate) digest: Vec<u8>,
    pub(crate) answer_digest: Vec<u8>,
    pub(crate) create_time: DateTime<Utc>,
    pub(crate) insert_order: i64,
    pub(crate) position: Option<i64>,
    pub(crate) hash: Option<Vec<u8>>,
}

impl AuditRow {
    /// SM3 over the hash before, the position and every column, each led by its length.
    pub(crate) fn hash_after(&self, previous: &[u8], position: i64) -> Vec<u8> {
        let mut sm3 = Sm3::new();
        let mut add = |bytes: &[u8]| {
            sm3.update(u64::try_from(bytes.len()).expect("a length fits").to_be_bytes());
            sm3.update(bytes);
        };
        add(previous);
        add(&position.to_be_bytes());
        add(self.area.as_bytes());
        add(self.audit_id.as_bytes());
        add(self.caller.as_bytes());
        add(&self.roles.iter().flat_map(|role| role.to_be_bytes()).collect::<Vec<u8>>());
        // A missing institution differs from an empty one.
        add(&[u8::from(self.institution.is_some())]);
        add(self.institution.as_deref().unwrap_or_default().as_bytes());
        add(self.method.as_bytes());
        add(self.request_id.as_bytes());
        add(&self.digest);
        add(&self.answer_digest);
        add(&self.create_time.timestamp_micros().to_be_bytes());
        add(&self.insert_order.to_be_bytes());
        sm3.finalize().to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> AuditRow {
        AuditRow {
            area: "440700".to_owned(),
            audit_id: Uuid::nil(),
            caller: "officer".to_owned(),
            roles: vec![1],
            institution: None,
            method: "m".to_owned(),
            request_id: Uuid::nil(),
            digest: vec![1],
            answer_digest: vec![2],
            create_time: DateTime::UNIX_EPOCH,
            insert_order: 1,
            position: None,
            hash: None,
        }
    }

    #[test]
    fn every_column_and_the_hash_before_it_count() {
        let plain = row().hash_after(&[0; 32], 1);
        let others = [
            AuditRow { area: "440701".to_owned(), ..row() },
            AuditRow { caller: "officer2".to_owned(), ..row() },
            AuditRow { roles: vec![1, 1], ..row() },
            AuditRow { institution: Some(String::new()), ..row() },
            AuditRow { method: "mm".to_owned(), ..row() },
            AuditRow { request_id: Uuid::max(), ..row() },
            AuditRow { audit_id: Uuid::max(), ..row() },
            AuditRow { digest: vec![], answer_digest: vec![1, 2], ..row() },
            AuditRow { create_time: DateTime::UNIX_EPOCH + chrono::Duration::microseconds(1), ..row() },
            AuditRow { insert_order: 2, ..row() },
        ];
        for other in &others {
            assert_ne!(other.hash_after(&[0; 32], 1), plain, "{other:?}");
        }
        assert_ne!(row().hash_after(&[1; 32], 1), plain);
        assert_ne!(row().hash_after(&[0; 32], 2), plain);
        assert_eq!(row().hash_after(&[0; 32], 1), plain);
    }
}
