//! Tariffs as seven regions have published them, from the folder that `CHS_DRG_TABLES` names:
//! `CHS_DRG_TABLES=… cargo test -p medfund-tariff --features official-tables --test official`.

use std::path::PathBuf;

use medfund_money::Fen;
use medfund_tariff::table::{self, ReadTable};
use medfund_tariff::{Group, Level, Payee, Pricing};
use medfund_types::FundLine;

fn read(region: &str) -> ReadTable {
    let named = std::env::var_os("CHS_DRG_TABLES");
    let folder = named.map(PathBuf::from).expect("CHS_DRG_TABLES names the folder of the official tables");
    let path = folder.join("tariffs").join(format!("{region}.csv"));
    let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let rows = medfund_rows::texts(&medfund_rows::rows(&bytes, medfund_rows::Limits::OF_A_FILE).unwrap());
    let lines = [("职工", "employee"), ("居民", "resident")];
    let words = table::Words {
        fund_lines: lines.map(|(word, line)| (word.to_owned(), line.parse().unwrap())).into(),
        institutions: ["青医", "市立", "齐鲁", "青医平度"]
            .map(|word| (word.to_owned(), word.to_owned()))
            .into(),
    };
    table::read(rows.iter().map(|(line, cells)| (*line, cells.as_slice())), &words)
}

fn group(table: &ReadTable, code: &str) -> Group {
    table.tariff.group(&code.parse().unwrap()).unwrap().clone()
}

fn at_level(number: u8) -> Payee<'static> {
    Payee { level: Some(Level::try_from(number).unwrap()), ..Payee::default() }
}

#[test]
fn all_seven_read_to_the_last_row() {
    for (region, n_groups) in [
        ("云南2022", 677),
        ("北京2022", 696),
        ("无锡2022", 602),
        ("武汉2022", 660),
        ("福州2022", 563),
        ("苏州2023", 648),
        ("青岛2023", 682),
    ] {
        let table = read(region);
        assert_eq!(table.problems, [], "{region}");
        assert_eq!(table.tariff.groups().len(), n_groups, "{region}");
        let left_alone = table.remarks.iter().any(|r| matches!(r, table::Remark::LeftAlone { .. }));
        assert!(!left_alone, "{region}: {:?}", table.remarks);
    }
}

#[test]
fn each_kind_of_column_says_what_it_says() {
    assert_eq!(group(&read("云南2022"), "AA19").weight().unwrap().to_string(), "18.0977");

    let beijing = read("北京2022");
    assert_eq!(group(&beijing, "AE19").standard(at_level(2)), Some(Fen::from_yuan(118_507)));
    let by_item = beijing.tariff.groups().filter(|group| group.pricing == Pricing::ByItem).count();
    assert_eq!(by_item, 49);

    // 242,880.111 yuan, rounded.
    let wuxi = group(&read("无锡2022"), "AF19");
    assert_eq!(wuxi.standard(at_level(1)), Some(Fen::new(24_288_011)));
    assert_eq!(wuxi.standard(at_level(0)), None);
    assert_eq!(group(&read("无锡2022"), "0000").name, "未入组");

    let resident: FundLine = "resident".parse().unwrap();
    let wuhan = group(&read("武汉2022"), "AA19");
    assert_eq!(
        wuhan.standard(Payee { fund_line: Some(&resident), ..at_level(2) }),
        Some(Fen::from_yuan(278_418))
    );
    assert_eq!(wuhan.standard(at_level(2)), None);

    let suzhou = group(&read("苏州2023"), "AA19");
    assert_eq!(suzhou.coefficient(at_level(3)), Some("1.2".parse().unwrap()));

    let qingdao = group(&read("青岛2023"), "AA19");
    assert_eq!(
        qingdao.standard(Payee { institution: Some("齐鲁"), ..at_level(3) }),
        Some(Fen::new(31_670_269))
    );
    assert_eq!(qingdao.standard(at_level(3)), Some(Fen::new(28_791_154)));
}
