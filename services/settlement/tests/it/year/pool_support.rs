//! A city whose inpatient care shares a pool by points: Panzhihua's pack, a scheme of a few groups and its tariff.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use medfund_grouper::compile;
use medfund_grouper::read::{CodeLists, Files, add_code_lists, read_scheme};
use medfund_money::Fen;
use medfund_policy::{Pack, PackHash};
use medfund_proto::agreement::v1 as agreement;
use medfund_proto::budget::v1 as budget;
use medfund_proto::drg::v1 as drg;
use medfund_proto::google::r#type::Date;
use medfund_proto::settlement::v1 as pb;
use medfund_proto::types::v1::{KindOfCare, PaymentMethod};
use medfund_tariff::coefficient::Coefficients;
use medfund_tariff::{Group, Pricing, PublishedTariff, Tariff};
use medfund_testkit::{AREA, TestPeer};

use super::support::*;
use crate::bills::common::{CLINIC, HOSPITAL};

pub(crate) const POOL_PACK: &[u8] = include_bytes!("../../../../../policies/panzhihua-2018.toml");

/// A pack whose pool bears every method of its care.
pub(crate) const PREFECTURE_PACK: &[u8] = include_bytes!("../../../../../policies/chuxiong-2022.toml");

/// What the pool's months and clearing share, and what is kept to adjust it.
pub(crate) const POOL_FEN: i64 = 120_000_000;
pub(crate) const ADJUSTMENT_FEN: i64 = 6_000_000;

const RULES: &str = "\
MDCF 循环\nMDCF 主诊表\n包含以下主要诊断：\nI21.000 心梗\nI10.x00 高血压\n\
FC1 搭桥\n包含以下主要诊断：\nI21.000 心梗\n包含以下主要手术或操作：\n36.1000 搭桥\n\
FR1 心梗\n包含以下主要诊断：\nI21.000 心梗\n\
MDCN 女性\nMDCN 主诊表\n包含以下主要诊断：\nN80.000 异位症\nNR1 妇科\n包含以下主要诊断：\nN80.000 异位症\n";

/// A scheme of three ADRGs; what I10.x00 alone has is in no group.
static SCHEME: LazyLock<(String, Vec<u8>)> = LazyLock::new(|| {
    let files: Files = [
        ("1_MDC.txt", "MDCF 循环\nMDCN 女性\n"),
        ("2_ADRG.txt", "FC1 搭桥\nFR1 心梗\nNR1 妇科\n"),
        ("3_DRG.txt", "FC19 搭桥\nFR13 心梗，有\nFR15 心梗，无\nNR19 妇科\n"),
        ("4_ADRG_DETAIL.txt", RULES),
        ("5_MCC.txt", "疾病编码 疾病名称 排除内容\n"),
        ("6_CC.txt", "疾病编码 疾病名称 排除内容\nE11.900 糖尿病 表 7-3\n"),
        ("7_CCE.txt", "表 7-3\n包含以下主要诊断：\nE11.900 糖尿病\n"),
    ]
    .map(|(name, text)| (name.to_owned(), text.to_owned()))
    .into();
    let mut source = read_scheme("small", &files).0;
    let lists = CodeLists {
        diagnoses: "I21.000\nI10.x00\nN80.000\nE11.900\nW19.900\nR52.900\n",
        procedures: "36.1000\n",
        grey_diagnoses: Some("R52.900\n"),
        grey_procedures: None,
    };
    add_code_lists(&mut source, lists).expect("the lists are of the tables' codes");
    let scheme = compile(&source).0;
    (scheme.hash(), scheme.to_bytes())
});

/// Its tariff: of a mean of 10,000.00 yuan, FR15 weighs 1, FR13 2 and FC19 4.
static TARIFF: LazyLock<(String, Vec<u8>)> = LazyLock::new(|| {
    let group = |(code, weight): (&str, &str)| {
        Group::new(code.parse().unwrap(), "", Pricing::Weight(weight.parse().unwrap()))
    };
    let groups = [("FR15", "1"), ("FR13", "2"), ("FC19", "4")].map(group);
    let tariff = PublishedTariff {
        area: AREA.parse().unwrap(),
        fund_year: 2017.try_into().unwrap(),
        scheme_hash: SCHEME.0.clone(),
        base_points: "100".parse().unwrap(),
        groups: Tariff::new(groups).unwrap(),
        levels: BTreeMap::new(),
        coefficients: Coefficients::default(),
        mean_cost: Some(Fen::from_yuan(10_000).try_into().unwrap()),
    };
    let bytes = tariff.to_bytes();
    (PublishedTariff::hash(&bytes), bytes)
});

/// `drg` with the scheme and the tariff, none of them in force.
pub(crate) async fn published_drg() -> TestPeer {
    TestPeer::drg_of(vec![SCHEME.clone()], vec![TARIFF.clone()]).await
}

impl Suite {
    /// Fund year 2017 is open under Panzhihua's pack, no institution has a quota, the pool and what cases are grouped and
    /// paid by have not arrived.
    pub(crate) async fn without_pool() -> Self {
        Box::pin(Self::without_pool_under(POOL_PACK)).await
    }

    async fn without_pool_under(bytes: &[u8]) -> Self {
        let suite = Box::pin(Self::open_under(bytes)).await;
        suite.pool_agreed_under(bytes, 2017).await;
        suite
    }

    /// In a fund year under Panzhihua's pack no institution has a quota, and both agreed on points.
    pub(crate) async fn pool_agreed(&self, fund_year: i32) {
        self.pool_agreed_under(POOL_PACK, fund_year).await;
    }

    async fn pool_agreed_under(&self, bytes: &[u8], fund_year: i32) {
        let pack = Pack::parse(bytes).unwrap();
        for fund_line in pack.fund_lines().keys() {
            let quota = |code: &str| budget::InstitutionQuota { institution_code: code.into(), quota_fen: 0 };
            let decided = budget::QuotaDecided {
                fund_year,
                fund_line: fund_line.to_string(),
                district: DISTRICT.into(),
                decision: decision_name(1),
                target_fen: 0,
                quotas: vec![quota(HOSPITAL), quota(CLINIC)],
            };
            self.budget.emit(AREA, &decided).await;
        }
        for code in [HOSPITAL, CLINIC] {
            let terms = vec![term(PaymentMethod::DrgPoints)];
            let agreed = agreement::AgreementSigned { fund_year, version: 2, terms, ..signed(code) };
            self.agreement.emit(AREA, &agreed).await;
        }
        self.heard().await;
    }

    /// As [`Suite::without_pool`], and all has arrived.
    pub(crate) async fn with_pool() -> Self {
        let suite = Box::pin(Self::without_pool()).await;
        suite.adopt_scheme().await;
        suite.adopt_tariff().await;
        suite.approve_pool(&pool(2017, LINE)).await;
        suite
    }

    /// Fund year 2017 is open under Chuxiong's pack with a pool of so much, the hospital is paid by a rate of 8,000.00 and
    /// the clinic by a list and as charged.
    pub(crate) async fn with_prefecture_pool(amount_fen: i64) -> Self {
        let suite = Box::pin(Self::without_pool_under(PREFECTURE_PACK)).await;
        let rate = agreement::PaymentTerm { rate_fen: 800_000, ..term(PaymentMethod::DrgRate) };
        let list = agreement::PaymentTerm {
            disease_standards: vec![disease("N80", 500_000)],
            ..term(PaymentMethod::ByDisease)
        };
        for (code, terms) in
            [(HOSPITAL, vec![rate]), (CLINIC, vec![list, term(PaymentMethod::FeeForService)])]
        {
            let agreed = agreement::AgreementSigned { version: 3, terms, ..signed(code) };
            suite.agreement.emit(AREA, &agreed).await;
        }
        suite.adopt_scheme().await;
        suite.adopt_tariff().await;
        let approved = budget::PoolApproved { amount_fen, change_fen: amount_fen, ..pool(2017, LINE) };
        suite.approve_pool(&approved).await;
        suite
    }

    /// Puts the scheme in force.
    pub(crate) async fn adopt_scheme(&self) {
        let adopted = drg::SchemeAdopted {
            adoption: format!("areas/{AREA}/adoptions/1"),
            scheme_hash: SCHEME.0.clone(),
            effective_date: Some(Date { year: 2017, month: 1, day: 1 }),
        };
        self.drg.emit(AREA, &adopted).await;
        self.heard().await;
    }

    /// Puts the tariff in force.
    pub(crate) async fn adopt_tariff(&self) {
        let adopted = drg::TariffAdopted {
            tariff_adoption: format!("areas/{AREA}/tariffAdoptions/1"),
            tariff_hash: TARIFF.0.clone(),
            scheme_hash: SCHEME.0.clone(),
            effective_date: Some(Date { year: 2017, month: 1, day: 1 }),
        };
        self.drg.emit(AREA, &adopted).await;
        self.heard().await;
    }

    /// Tells of a pool that was approved.
    pub(crate) async fn approve_pool(&self, approved: &budget::PoolApproved) {
        self.budget.emit(AREA, approved).await;
        self.heard().await;
    }

    /// Signs these terms in the place of those before.
    pub(crate) async fn agree(&self, code: &str, terms: Vec<agreement::PaymentTerm>) {
        let agreed = agreement::AgreementSigned { version: 2, terms, ..signed(code) };
        self.agreement.emit(AREA, &agreed).await;
        self.heard().await;
    }

    /// Opens the clearing, without reserve, and releases what was kept to adjust the pool.
    pub(crate) async fn open_pool_clearing(&self) {
        let adjustment = budget::PoolAdjustment {
            kind_of_care: KindOfCare::Inpatient.into(),
            adjustment_fen: ADJUSTMENT_FEN,
        };
        let opened = budget::ClearingOpened {
            fund_year: 2017,
            fund_line: LINE.into(),
            district: DISTRICT.into(),
            reserve_fen: 0,
            pool_adjustments: vec![adjustment],
        };
        self.budget.emit(AREA, &opened).await;
        self.heard().await;
    }
}

/// A fund line's inpatient pool, as it was first approved.
pub(crate) fn pool(fund_year: i32, fund_line: &str) -> budget::PoolApproved {
    budget::PoolApproved {
        fund_year,
        fund_line: fund_line.into(),
        district: DISTRICT.into(),
        kind_of_care: KindOfCare::Inpatient.into(),
        decision: decision_name(90),
        pack_hash: PackHash::of(POOL_PACK).to_string(),
        revision: 1,
        amount_fen: POOL_FEN,
        change_fen: POOL_FEN,
        adjustment_fen: ADJUSTMENT_FEN,
    }
}

/// A disease with the fund's standard for it.
pub(crate) fn disease(code: &str, standard_fen: i64) -> agreement::DiseaseStandard {
    agreement::DiseaseStandard { disease_code: code.into(), standard_fen, ..Default::default() }
}

pub(crate) fn term(method: PaymentMethod) -> agreement::PaymentTerm {
    agreement::PaymentTerm {
        fund_line: LINE.into(),
        kind_of_care: KindOfCare::Inpatient.into(),
        method: method.into(),
        ..Default::default()
    }
}

/// A stay for a heart attack without complications (FR15) that costs 10,000.00 yuan, of which the fund bears 7,000.00.
pub(crate) fn stay(code: &str, month: i32, place: i64) -> pb::BillLine {
    pb::BillLine {
        psn_no: format!("P{code}{place:05}"),
        dise_codg: "I21.000".into(),
        gend: "1".into(),
        age: Some(61),
        ..bill(code, month, place, 700_000)
    }
}

/// The same at another cost, of which the fund bears 7 of 10 and the patient the rest.
pub(crate) fn stay_of(code: &str, month: i32, place: i64, yuan: i64) -> pb::BillLine {
    let total = yuan * 100;
    pb::BillLine {
        medfee_sumamt_fen: total,
        fulamt_ownpay_amt_fen: 0,
        inscp_scp_amt_fen: total,
        hifp_pay_fen: total / 10 * 7,
        oth_pay_fen: 0,
        acct_pay_fen: 0,
        psn_cash_pay_fen: total / 10 * 3,
        ..stay(code, month, place)
    }
}

pub(crate) fn instalment(id: &str) -> pb::PayInstalmentRequest {
    let pb::PayAdvanceRequest { parent, fund_year, fund_line, district, request_id, .. } = advance(1);
    pb::PayInstalmentRequest { parent, fund_year, fund_line, district, instalment: id.into(), request_id }
}
