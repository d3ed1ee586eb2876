//! A scheme of a few lines in the text layout. Its rules are made up.

use std::sync::LazyLock;

use medfund_grouper::read::{Files, read_scheme};
use medfund_grouper::source::Anomaly;
use medfund_grouper::{Scheme, compile};

const DETAIL: &str = "\
MDCA 先期\nAA1 移植\n包含以下主要手术或操作：\n37.5100 心脏移植\n\
MDCF 循环\nMDCF 主诊表\n包含以下主要诊断：\nI21.000 心梗\nI10.x00 高血压\n\
FB1 双手术\n同时包含以下手术：\n35.1000 甲\n35.2000 乙\n和\n35.2000 乙\n36.1000 丙\n\
FC1 搭桥\n包含以下主要诊断：\nI21.000 心梗\n包含以下主要手术或操作：\n36.1000 丙\n\
FR1 心梗\n包含以下主要诊断：\nI21.000 心梗\n\
MDCG 消化\nMDCG 主诊表\n包含以下主要诊断：\nK35.000 阑尾炎\nGB1 阑尾切除\n包含以下主要手术或操作：\n47.0100 切除\n\
MDCN 女性\nMDCN 主诊表\n包含以下主要诊断：\nN80.000 异位症\nNR1 妇科\n包含以下主要诊断：\nN80.000 异位症\n\
MDCP 新生儿\nMDCP 主诊表\n包含以下主要诊断：\nP07.200 不成熟\nP22.000 窘迫\n\
PS1 极低（出生体重＜1500g）\n主要诊断或其他诊断中包含以下诊断：\nP07.200 不成熟\n\
PV1 婴儿(29 天≤出生年龄＜1 周岁)\n包含以下主要诊断：\nP22.000 窘迫\n";

fn files() -> Files {
    [
        ("1_MDC.txt", "MDCA 先期\nMDCF 循环\nMDCG 消化\nMDCN 女性\nMDCP 新生儿\n"),
        ("2_ADRG.txt", "AA1 移植\nFB1 双手术\nFC1 搭桥\nFR1 心梗\nGB1 阑尾切除\nNR1 妇科\nPS1 极低\nPV1 婴儿\n"),
        ("3_DRG.txt", "AA19 移植\nFB19 双手术\nFC19 搭桥\nFR11 心梗，重\nFR13 心梗，一般\nFR15 心梗，无\nGB19 切除\nNR19 妇科\nPS19 极低\nPV19 婴儿\n"),
        ("4_ADRG_DETAIL.txt", DETAIL),
        ("5_MCC.txt", "疾病编码 疾病名称 排除内容\nJ96.000 呼衰 表 7-1\nI50.900 心衰 表 7-2\n"),
        ("6_CC.txt", "疾病编码 疾病名称 排除内容\nE11.900 糖尿病 表 7-3\n"),
        ("7_CCE.txt", "表 7-1\n包含以下主要诊断：\nJ96.000 呼衰\n表 7-2\nI21.000 心梗\n表 7-3\nE11.900 糖尿病\n"),
    ]
    .map(|(name, text)| (name.to_owned(), text.to_owned()))
    .into()
}

pub(crate) fn compiled() -> (Scheme, Vec<Anomaly>) {
    let (source, mut anomalies) = read_scheme("small", &files());
    let (scheme, more) = compile(&source);
    anomalies.extend(more);
    (scheme, anomalies)
}

pub(crate) fn scheme() -> &'static Scheme {
    static SCHEME: LazyLock<Scheme> = LazyLock::new(|| compiled().0);
    &SCHEME
}
