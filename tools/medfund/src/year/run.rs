//! The year's steps, in their order.

use medfund_types::SettlementMonth;

use super::Year;

impl Year<'_> {
    /// Lives the year from the opening of the calendar to the published final accounts.
    pub(super) async fn live(&self) -> anyhow::Result<()> {
        self.open_months().await?;
        for month in self.months() {
            self.live_month(month).await?;
        }
        self.end().await
    }

    /// Lives the year from the opening of the calendar until its first month can be settled.
    pub(crate) async fn open_months(&self) -> anyhow::Result<()> {
        self.prepare().await?;
        self.begin().await
    }

    /// What happens in the year before.
    async fn prepare(&self) -> anyhow::Result<()> {
        let n_institutions = self.region.institutions.len();
        let step = self.step("calendar, policy pack and fund year").await;
        self.open().await?;
        step.done(&format!("{} under {}", self.region.fund_year, self.pack.pack.id()));

        let step = self.step("admission of institutions").await;
        self.admit_institutions().await?;
        step.done(&format!("{n_institutions} in {} districts", self.region.districts.len()));

        let step = self.step("inpatient payment methods and agreements").await;
        self.advance_to(self.before(11, 20)).await?;
        self.choose_methods().await?;
        self.record_histories().await?;
        self.sign_agreements().await?;
        step.done(&format!("{n_institutions} agreements signed"));

        let step = self.step("budgets reviewed and decided").await;
        self.advance_to(self.before(12, 1)).await?;
        self.approve_budgets().await?;
        step.done("");

        let step = self.step("targets decided").await;
        self.advance_to(self.before(12, 15)).await?;
        self.decide_targets().await?;
        self.heard().await?;
        step.done(&format!("{} of them", self.region.budgets.len()));
        if self.has_pools() {
            self.prepare_pools().await?;
        }
        Ok(())
    }

    /// Puts in force by what pooled care is grouped and paid, and what of the targets is a pool.
    async fn prepare_pools(&self) -> anyhow::Result<()> {
        let step = self.step("grouping scheme and tariff").await;
        let n_cases = self.adopt_tariff().await?;
        step.done(&format!("weights of {n_cases} past cases"));

        let step = self.step("structures decided, pools approved").await;
        self.advance_to(self.before(12, 20)).await?;
        self.decide_structures().await?;
        let n_experts = self.register_experts().await?;
        step.done(&format!("{n_experts} experts for cases that are reviewed singly"));
        Ok(())
    }

    /// What happens before the first month is over.
    async fn begin(&self) -> anyhow::Result<()> {
        let step = self.step("advances before the quotas exist").await;
        self.advance_to(self.within(1, 1)).await?;
        self.pay_advances().await?;
        step.done("");

        let step = self.step("applications, negotiation, decomposition").await;
        self.advance_to(self.within(1, 5)).await?;
        self.apply().await?;
        self.negotiate().await?;
        self.decompose().await?;
        step.done("quotas decided");

        let step = self.step("working capital").await;
        self.advance_to(self.within(1, 10)).await?;
        self.pay_working_capital().await?;
        step.done("");
        Ok(())
    }

    async fn live_month(&self, month: SettlementMonth) -> anyhow::Result<()> {
        let step = self.step(format!("{month}")).await;
        // What is done in the month, before its bills are in.
        self.pay_month_ahead(month).await?;
        self.adjust_quotas(month).await?;
        let n_bills = self.upload_month(month).await?;
        if month.month() == 3 {
            self.advance_to(self.within(3, 25)).await?;
            self.confirm_clean_records().await?;
            self.pay_clean_record_capital().await?;
        }
        self.pay_instalments(month).await?;
        self.advance_to(month.next().first_day()).await?;
        self.inspect(month).await?;
        self.settle_month(month).await?;
        let reviewed = self.review_special_cases(month).await?;
        self.watch_execution(month).await?;
        self.explain_late_payments().await?;
        step.done(&format!("{n_bills} bills, settled and paid{reviewed}"));
        Ok(())
    }

    /// What happens in the year after.
    async fn end(&self) -> anyhow::Result<()> {
        let step = self.step("indicators, clearing plans, decisions, approval").await;
        self.advance_to(self.after(1, 20)).await?;
        self.assess().await?;
        if self.pack.withholds_deposit() {
            self.review().await?;
        }
        self.clear().await?;
        step.done("cleared and paid");

        let step = self.step("reserve for primary care, final accounts, publication").await;
        self.advance_to(self.after(2, 1)).await?;
        self.allot_primary_care().await?;
        self.close().await?;
        step.done("");

        if !self.pack.withholds_deposit() {
            let step = self.step("graded reviews").await;
            self.review().await?;
            step.done("deposits decided");
        }
        Ok(())
    }
}
