use medfund_money::Derivation;
use uuid::Uuid;

use super::{App, Error, Read};
use crate::domain::explain;
use crate::domain::indicators::Assessment;
use crate::domain::inspection::Inspection;
use crate::domain::pack_rules::{indicator_rules, inspection_rules};
use crate::domain::record::{RecordError, RecordKind};
use crate::store;

impl App {
    /// How an inspection's refused amount came about.
    pub(crate) async fn explain_refusal(&self, read: Read, id: Uuid) -> Result<Derivation, Error> {
        let (packs, area) = (self.packs.clone(), read.area.clone());
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    let found: Option<Inspection> = store::records::find(conn, &area, id).await?;
                    let inspection = found.ok_or(RecordError::NotFound(RecordKind::Inspection))?;
                    let year = packs.year(conn, &area, inspection.head.fund_year).await?;
                    let rules = inspection_rules(&year.pack, &inspection.fund_line);
                    let rules = rules.expect("its fund line was known when it was recorded");
                    let node = explain::refusal(&inspection, &rules);
                    Ok(node.under(year.pack.id(), &year.pack_hash, explain::REFUSAL))
                })
            })
            .await
    }

    /// How the share came about that an assessment's missed indicators cost.
    pub(crate) async fn explain_deduction(&self, read: Read, id: Uuid) -> Result<Derivation, Error> {
        let (packs, area) = (self.packs.clone(), read.area.clone());
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    let found: Option<Assessment> = store::records::find(conn, &area, id).await?;
                    let assessment = found.ok_or(RecordError::NotFound(RecordKind::Indicators))?;
                    let year = packs.year(conn, &area, assessment.head.fund_year).await?;
                    let node = explain::deduction(&assessment, &indicator_rules(&year.pack));
                    Ok(node.under(year.pack.id(), &year.pack_hash, explain::DEDUCTION))
                })
            })
            .await
    }
}
