//! What was paid late, and why.

use medfund_proto::settlement::v1::payment_timeliness::Punctuality;
use medfund_proto::settlement::v1::settlement_service_client::SettlementServiceClient;
use medfund_proto::settlement::v1::{
    ExplainLatePaymentRequest, ListPaymentTimelinessRequest, PaymentTimeliness,
};

use super::Year;
use crate::suite::rpc;

impl Year<'_> {
    /// Has the agency say why it paid late, wherever it did and did not say so.
    pub(super) async fn explain_late_payments(&self) -> anyhow::Result<()> {
        let payments = self.timeliness().await?;
        let late = |one: &&PaymentTimeliness| {
            matches!(one.punctuality(), Punctuality::Late | Punctuality::Overdue)
                && one.late_reason.is_empty()
        };
        for payment in payments.iter().filter(late) {
            let request = ExplainLatePaymentRequest {
                name: payment.payment_order.clone(),
                reason: "收款账户信息不符，更正后拨付".to_owned(),
                request_id: self.id(&format!("late/{}", payment.payment_order)),
            };
            rpc!(self.session, &self.people.officer, Settlement SettlementServiceClient explain_late_payment, request)
                .await?;
        }
        Ok(())
    }

    /// When each payment of the year was due and made.
    pub(super) async fn timeliness(&self) -> anyhow::Result<Vec<PaymentTimeliness>> {
        let (mut all, mut page_token) = (Vec::new(), String::new());
        loop {
            let request = ListPaymentTimelinessRequest {
                parent: self.names.area(),
                fund_year: self.region.fund_year.get(),
                page_size: 500,
                page_token,
            };
            let page =
                rpc!(self.session, &self.people.officer, Settlement SettlementServiceClient list_payment_timeliness, request)
                    .await?;
            all.extend(page.payments);
            page_token = page.next_page_token;
            if page_token.is_empty() {
                return Ok(all);
            }
        }
    }
}
