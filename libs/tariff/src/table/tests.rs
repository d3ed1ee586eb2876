use medfund_money::Fen;
use proptest::prelude::*;

use super::*;
use crate::{Level, Payee, Pricing};

fn read_text(text: &str) -> ReadTable {
    let rows: Vec<Vec<String>> =
        text.lines().map(|line| line.split('|').map(str::to_owned).collect()).collect();
    read(rows.iter().enumerate().map(|(i, cells)| (i + 1, cells.as_slice())), &words())
}

fn words() -> Words {
    let lines = [("职工", "employee"), ("居民", "resident")];
    Words {
        fund_lines: lines.map(|(word, line)| (word.to_owned(), line.parse().unwrap())).into(),
        institutions: [("青医", "H37020200001"), ("市立", "市立")]
            .map(|(word, code)| (word.to_owned(), code.to_owned()))
            .into(),
    }
}

fn group<'t>(table: &'t ReadTable, code: &str) -> &'t Group {
    table.tariff.group(&code.parse().unwrap()).unwrap()
}

fn at_level(number: u8) -> Payee<'static> {
    Payee { level: Some(Level::try_from(number).unwrap()), ..Payee::default() }
}

#[test]
fn a_table_with_standards_by_level_is_understood() {
    let table = read_text(
        "\u{feff}DRG编码|DRG名称|RW|基础病组|中医优势病组|二级医院系数|三级医院系数|二级医院支付标准|三级医院支付标准\n\
         FR13|心梗，伴CC|1.5016||是|1.02|1.2|13368.99763|15728.235\n\
         0|未入组|0.2|是||||1989.4|2,612\n",
    );
    assert_eq!(table.problems, []);
    let fr13 = group(&table, "FR13");
    assert_eq!((fr13.is_basic, fr13.is_tcm, fr13.name.as_str()), (false, true, "心梗，伴CC"));
    assert_eq!(fr13.weight().unwrap().to_string(), "1.5016");
    assert_eq!(fr13.coefficient(at_level(3)), Some("1.2".parse().unwrap()));
    // Half a fen goes up.
    assert_eq!(fr13.standard(at_level(2)), Some(Fen::new(1_336_900)));
    assert_eq!(fr13.standard(at_level(3)), Some(Fen::new(1_572_824)));
    let ungrouped = group(&table, "0000");
    assert_eq!((ungrouped.is_basic, ungrouped.standard(at_level(3))), (true, Some(Fen::new(261_200))));
    let rounded: Vec<String> = table.remarks.iter().map(ToString::to_string).collect();
    let told = |column: &str| format!("{column}: 1 amounts have parts of a fen and are rounded half up");
    assert_eq!(rounded, [told("二级医院支付标准"), told("三级医院支付标准")]);
}

#[test]
fn fund_lines_and_named_institutions_stand_in_brackets() {
    let table = read_text(
        "某市2022年支付标准\n病组代码|权重|支付标准（青医/市立）|支付标准（三级）|支付标准(职工)|支付标准（居民，万元）|版本\nFR13|1|3|2|4|1.5|2\n",
    );
    assert_eq!((table.heading_line, table.problems.len()), (2, 0));
    let fr13 = group(&table, "FR13");
    let [employee, resident] = ["employee", "resident"].map(|line| line.parse().unwrap());
    for named in ["H37020200001", "市立"] {
        let payee = Payee { institution: Some(named), ..at_level(3) };
        assert_eq!(fr13.standard(payee), Some(Fen::from_yuan(3)));
    }
    assert_eq!(fr13.standard(at_level(3)), Some(Fen::from_yuan(2)));
    assert_eq!(fr13.standard(at_level(1)), None);
    assert_eq!(fr13.standard(Payee { fund_line: Some(&employee), ..at_level(1) }), Some(Fen::from_yuan(4)));
    assert_eq!(
        fr13.standard(Payee { fund_line: Some(&resident), ..at_level(1) }),
        Some(Fen::from_yuan(15_000))
    );
    assert_eq!(table.remarks, [Remark::LeftAlone { column: "版本".to_owned() }]);
}

#[test]
fn a_column_is_for_each_level_and_fund_line_that_it_names() {
    for heading in [
        "二级、三级支付标准",
        "二、三级医院支付标准",
        "支付标准（二级/三级）",
        "支付标准（元，二、三级医院）",
        "2025年度二级和三级定点医疗机构DRG付费标准",
    ] {
        let table = read_text(&format!("DRG|权重系数|{heading}\nFR13|1.5|3\n"));
        assert_eq!(table.problems, [], "{heading}");
        let fr13 = group(&table, "FR13");
        assert_eq!(fr13.weight(), Some("1.5".parse().unwrap()));
        let of = |level| fr13.standard(at_level(level));
        assert_eq!(
            [of(1), of(2), of(3)],
            [None, Some(Fen::from_yuan(3)), Some(Fen::from_yuan(3))],
            "{heading}"
        );
    }
    for both in ["支付标准（职工、居民）", "城镇职工医保、城乡居民医保病组支付标准（元/例）"]
    {
        let table = read_text(&format!("DRG|RW|{both}|支付标准(2025年)\nFR13|1.5|3|2\n"));
        assert_eq!(table.problems, [], "{both}");
        let [employee, resident] = ["employee", "resident"].map(|line| line.parse().unwrap());
        let of = |fund_line| group(&table, "FR13").standard(Payee { fund_line, ..at_level(1) });
        assert_eq!([of(Some(&employee)), of(Some(&resident))], [Some(Fen::from_yuan(3)); 2]);
        assert_eq!(of(None), Some(Fen::from_yuan(2)));
    }
}

#[test]
fn a_column_for_somebody_unknown_is_a_problem() {
    for (heading, word) in [
        ("支付标准(含税)", "含税"),
        ("支付标准（青医、协和）", "协和"),
        ("二级及以下医院支付标准", "以下"),
        ("三级甲等医院系数", "甲等"),
        ("支付标准(离休)", "离休"),
        ("3级医院支付标准", "3级"),
        ("Ⅲ级医院支付标准", "Ⅲ级"),
        ("支付标准(3)", "3"),
        ("一二三级医院支付标准", "一二"),
        ("一级至三级医院支付标准", "至"),
        ("社区卫生服务中心支付标准", "社区卫生服务中心"),
        ("青医支付标准", "青医"),
        ("中医医院系数", "中医"),
        ("非职工支付标准", "非"),
        ("在职职工支付标准", "在职"),
        ("城乡支付标准", "城乡"),
        ("除职工外支付标准", "除"),
        ("支付标准【三级】", "【"),
        ("基准系数", "基准"),
    ] {
        let table = read_text(&format!("DRG|RW|{heading}\nFR13|1.5|3\n"));
        assert_eq!(table.problems.len(), 1, "{heading}");
        assert_eq!(table.problems[0].fault, Fault::Whom(word.to_owned()), "{heading}");
    }
    let table = read_text(
        "DRG|RW|二级医院支付标准|三级医院支付标准|社区卫生服务中心支付标准\nFR13|1|2|3|1\nFR15|1|2|3|\n",
    );
    assert_eq!(table.problems.len(), 1);
    let rows = [["DRG", "RW", "支付标准（职工）"].map(str::to_owned), ["FR13", "1", "3"].map(str::to_owned)];
    let table = read(rows.iter().map(|cells| (1, cells.as_slice())), &Words::default());
    assert_eq!(table.problems[0].fault, Fault::Whom("职工".to_owned()));
}

#[test]
fn words_in_place_of_a_weight_say_how_a_group_is_paid() {
    let table = read_text("DRG|DRG名称|RW|支付标准\nWB19|烧伤|按项目据实支付|\nAA19|心脏移植|特病单议|\n");
    assert_eq!(table.problems, []);
    assert_eq!(group(&table, "WB19").pricing, Pricing::ByItem);
    assert_eq!(group(&table, "AA19").pricing, Pricing::Review);
}

#[test]
fn every_row_with_a_problem_is_told_by_line_and_reason_and_left_out() {
    let table = read_text(
        "DRG编码|DRG名称|RW|基础病组|支付标准\n\
         FR13|心梗|1.5||100\n\
         FR13|心梗|1.6||100\n\
         心梗|心梗|1.5||100\n\
         FR15||-1|也许|0\n\
         FR17|心梗|1.2E+02||1e5\n\
         \n\
         GZ15|肺炎|||100||多\n\
         GZ13|肺炎|0.9\n",
    );
    let told: Vec<String> = table.problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "line 3, DRG编码: the group FR13 stands in line 2 already",
            "line 4, DRG编码: `心梗` is no group's code",
            "line 5, RW: `-1` is no number of more than 0",
            "line 5, 基础病组: `也许` is neither yes (是) nor no (否, empty)",
            "line 5, 支付标准: `0` is no number of more than 0",
            "line 6, RW: `1.2E+02` was shortened by a spreadsheet; give all digits",
            "line 6, 支付标准: `1e5` was shortened by a spreadsheet; give all digits",
            "line 8: the line has more cells than the heading",
            "line 8, RW: is missing",
        ]
    );
    let codes: Vec<&str> = table.tariff.groups().map(|group| group.code.as_str()).collect();
    assert_eq!(codes, ["FR13", "GZ13"]);
    assert!(table.problems.iter().all(|problem| !problem.fault.zh().is_empty()));
}

#[test]
fn a_table_without_heading_or_rows_or_with_two_columns_of_one_meaning_says_so() {
    let faults = |text: &str| read_text(text).problems.into_iter().map(|p| p.fault).collect::<Vec<_>>();
    assert_eq!(faults(""), [Fault::NoHeading]);
    assert_eq!(faults("FR13|1.5\n"), [Fault::NoHeading]);
    assert_eq!(faults("DRG编码|RW\n"), [Fault::NoRows]);
    assert_eq!(faults("DRG编码|RW|权重\nFR13|1|1\n"), [Fault::SecondColumn]);
    assert_eq!(faults("DRG|RW|支付标准(元)|支付标准(万元)\nFR13|1|1|1\n"), [Fault::SecondColumn]);
    assert_eq!(faults("DRG|RW|支付标准(青医/市立)|支付标准(市立)\nFR13|1|1|1\n"), [Fault::SecondColumn]);
    assert_eq!(faults("DRG|RW|支付标准(三级)|支付标准\nFR13|1|1|1\n"), []);
}

proptest! {
    #[test]
    fn any_cells_give_groups_or_problems_and_never_a_panic(
        cells in prop::collection::vec(prop::collection::vec("[A-Z0-9.,（）元一级RW是权重 ]{0,8}", 0..6), 0..12)
    ) {
        let heading: Vec<String> =
            ["DRG编码", "RW", "基础病组", "支付标准（二级）"].map(str::to_owned).to_vec();
        let rows: Vec<&[String]> =
            std::iter::once(heading.as_slice()).chain(cells.iter().map(Vec::as_slice)).collect();
        let table = read(rows.into_iter().enumerate().map(|(i, cells)| (i + 1, cells)), &words());
        let full = cells.iter().filter(|row| row.iter().any(|cell| !cell.trim().is_empty())).count();
        let wrong: std::collections::BTreeSet<usize> = table.problems.iter().map(|p| p.line).collect();
        let wrong = wrong.into_iter().filter(|line| *line > 1).count();
        prop_assert_eq!(table.tariff.groups().len() + wrong, full);
    }
}
