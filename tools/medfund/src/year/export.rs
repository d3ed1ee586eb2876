//! Writes what a year was lived with, and what came of it, to a folder.

use std::fs;
use std::path::Path;

use anyhow::Context;

use super::Year;
use super::conduct::measured;
use crate::exchange::{
    bill_row, bills, case_points, group_row, institutions, special_case_row, statement_row,
};
use crate::sample;
use crate::tables::{self, ExpertRow, IndicatorRow, Record};

impl Year<'_> {
    /// Writes institutions, history, bills and statements as the services hold them, the files that went to
    /// the bank, and what officers entered; where there is a pool, the group of each case, the points of each that points
    /// pay, those reviewed singly with the experts, and the tariff.
    pub(super) async fn export(&self, folder: &Path) -> anyhow::Result<()> {
        let bank = folder.join("bank");
        fs::create_dir_all(&bank).with_context(|| format!("cannot use {}", folder.display()))?;
        let auditor = &self.people.auditor;
        let area = &self.region.area;
        write(folder, institutions(self.session, auditor, area).await?)?;
        write(folder, sample::history_rows(self.region))?;
        let (mut all, mut groups) = (Vec::new(), Vec::new());
        for month in self.months() {
            for bill in bills(self.session, auditor, area, None, month).await? {
                groups.extend(group_row(&bill)?);
                all.extend(bill.line.map(bill_row));
            }
        }
        write(folder, all)?;
        let statements = self.statements(None).await?;
        write(folder, statements.iter().map(statement_row).collect::<anyhow::Result<Vec<_>>>()?)?;
        sample::write_inputs(self.region, &self.inspections, &folder.join("inputs.json"))?;
        write(folder, self.indicator_rows())?;
        if self.has_pools() {
            write(folder, groups)?;
            write(folder, case_points(self.session, auditor, area, self.region.fund_year).await?)?;
            let cases = self.special_cases().await?;
            write(folder, cases.iter().map(special_case_row).collect::<anyhow::Result<Vec<_>>>()?)?;
            write(folder, self.expert_rows().await?)?;
            let path = folder.join("tariff.json");
            fs::write(&path, self.tariff().await?)
                .with_context(|| format!("cannot write {}", path.display()))?;
        }
        let files = self.bank_files.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        for (i, file) in files.iter().enumerate() {
            let name = file.name.rsplit('/').next().unwrap_or_default();
            let path = bank.join(format!("{:03}-{name}", i + 1));
            fs::write(&path, &file.content).with_context(|| format!("cannot write {}", path.display()))?;
        }
        Ok(())
    }

    async fn expert_rows(&self) -> anyhow::Result<Vec<ExpertRow>> {
        let experts = self.experts().await?.into_iter();
        let id = |name: &str| name.rsplit('/').next().unwrap_or_default().to_owned();
        Ok(experts.map(|one| ExpertRow { expert: id(&one.name), code: one.institution_code }).collect())
    }

    fn indicator_rows(&self) -> Vec<IndicatorRow> {
        let mut rows = Vec::new();
        for conduct in &self.region.conduct {
            rows.extend(measured(conduct).into_iter().map(|measured| IndicatorRow {
                code: conduct.institution.clone(),
                indicator: measured.indicator,
                measured_value: measured.measured_value,
            }));
        }
        rows
    }
}

fn write<R: Record>(folder: &Path, rows: Vec<R>) -> anyhow::Result<()> {
    tables::write(&folder.join(format!("{}.csv", R::KIND)), rows)?;
    Ok(())
}
