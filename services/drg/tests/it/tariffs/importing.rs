use medfund_proto::auth::v1::Role;
use medfund_proto::drg::v1 as pb;
use medfund_proto::drg::v1::tariff_origin::Origin;
use medfund_tariff::PublishedTariff;
use rust_xlsxwriter::Workbook;
use tonic::Code;

use super::words::*;
use crate::support::*;

fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, line) in (0..).zip(TABLE.lines()) {
        for (column, cell) in (0..).zip(line.split(',')) {
            sheet.write_string(row, column, cell).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

async fn imported(drg: &Drg, scheme: &str, content: &[u8]) -> pb::ImportTariffResponse {
    drg.tariffs(Role::PolicyMaker).import_tariff(import(scheme, content)).await.unwrap().into_inner()
}

#[tokio::test]
async fn a_regions_table_is_read_from_csv_in_two_encodings_and_from_a_workbook() {
    let drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await.name;
    let gb18030 = encoding_rs::GB18030.encode(TABLE).0.into_owned();
    let mut groups = Vec::new();
    for content in [TABLE.as_bytes().to_vec(), gb18030, workbook()] {
        let answer = imported(&drg, &scheme, &content).await;
        assert_eq!(answer.problems, []);
        let tariff = answer.tariff.unwrap();
        assert!(
            matches!(tariff.origin.unwrap().origin, Some(Origin::FileDigest(digest)) if digest.len() == 64)
        );
        let list = drg.tariffs(Role::Auditor).list_tariff_groups(list_groups(&tariff.name)).await.unwrap();
        groups.push(list.into_inner().tariff_groups);
    }
    assert_eq!((&groups[0], &groups[0]), (&groups[1], &groups[2]));
    let [fr13, fr15] = &groups[0][..] else { panic!("two groups") };
    assert_eq!((fr13.drg_weight.as_str(), fr13.drg_name.as_str(), fr13.basic), ("1.5", "心梗，有", false));
    assert_eq!((fr15.drg_points.as_str(), fr15.basic), ("50", true));
    let standards: Vec<_> =
        fr15.standards.iter().map(|one| (one.scope.as_ref().unwrap().level, one.standard_fen)).collect();
    assert_eq!(standards, [(Some(2), 250_050), (Some(3), 300_000)]);
}

#[tokio::test]
async fn a_table_in_which_something_is_wrong_makes_no_tariff_and_everything_wrong_is_told() {
    let drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await.name;
    let wrong = "DRG编码,DRG名称,RW\nFR13,心梗,1.5\nFR13,心梗,1.6\n心梗,心梗,x\n";
    let request = import(&scheme, wrong.as_bytes());
    let mut maker = drg.tariffs(Role::PolicyMaker);
    let answer = maker.import_tariff(request.clone()).await.unwrap().into_inner();

    assert_eq!(answer.tariff, None);
    let told: Vec<_> =
        answer.problems.iter().map(|problem| (problem.line_number, problem.column.as_str())).collect();
    assert_eq!(told, [(3, "DRG编码"), (4, "DRG编码"), (4, "RW")]);
    assert!(answer.problems.iter().all(|problem| !problem.text_zh.is_empty()));
    let found = maker.get_tariff(get_tariff(&request.name)).await;
    refused(found, Code::NotFound, "TARIFF_NOT_FOUND");
    // The corrected file may have the same name.
    let corrected = pb::ImportTariffRequest { content: TABLE.into(), request_id: id(), ..request };
    assert!(maker.import_tariff(corrected).await.unwrap().into_inner().tariff.is_some());
}

#[tokio::test]
async fn a_column_for_an_institution_or_a_fund_line_wants_its_name() {
    let drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await.name;
    let table = "DRG编码,RW,支付标准（青医/市立）,支付标准（职工）\nFR13,1.5,9000,8000\n";
    let request = import(&scheme, table.as_bytes());
    let mut maker = drg.tariffs(Role::PolicyMaker);
    let answer = maker.import_tariff(request.clone()).await.unwrap().into_inner();
    let told: Vec<_> = answer.problems.iter().map(|one| (one.line_number, one.column.as_str())).collect();
    assert_eq!(told, [(1, "支付标准（青医/市立）"), (1, "支付标准（职工）")]);

    let word = pb::FundLineWord { word: "职工".to_owned(), fund_line: "employee".to_owned() };
    let named = pb::ImportTariffRequest {
        fund_line_words: vec![word.clone()],
        institutions: ["青医", "市立"].map(str::to_owned).to_vec(),
        request_id: id(),
        ..request
    };
    let twice = pb::ImportTariffRequest { fund_line_words: vec![word.clone(), word], ..named.clone() };
    assert_eq!(maker.import_tariff(twice).await.unwrap_err().code(), tonic::Code::InvalidArgument);
    let answer = maker.import_tariff(named).await.unwrap().into_inner();
    assert_eq!(answer.problems, []);
    assert_eq!(answer.remarks[0], "what is for 市立, 青医 pays nobody's case: no code is told of it");
    let list = maker.list_tariff_groups(list_groups(&answer.tariff.unwrap().name)).await.unwrap();
    let group = &list.into_inner().tariff_groups[0];
    let scopes: Vec<_> = group.standards.iter().map(|one| one.scope.clone().unwrap()).collect();
    assert_eq!((scopes[0].institutions.len(), scopes[1].fund_line.as_str()), (2, "employee"));
}

#[tokio::test]
async fn levels_of_institutions_come_with_a_table_and_a_revision_and_are_published() {
    let drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await.name;
    let mut maker = drg.tariffs(Role::PolicyMaker);
    let levels = vec![at_level(HOSPITAL, 3), at_level(CLINIC, 2)];
    let request = pb::ImportTariffRequest { levels: levels.clone(), ..import(&scheme, TABLE.as_bytes()) };
    let imported = maker.import_tariff(request).await.unwrap().into_inner();
    assert_eq!(imported.remarks.len(), 1, "{:?}", imported.remarks);
    let imported = imported.tariff.unwrap();
    assert_eq!(imported.levels, levels);
    let published = published_as(&drg, &imported).await;
    assert_eq!(published.levels.values().map(|level| level.get()).collect::<Vec<_>>(), [3, 2]);
    let standard = |institution: &str| {
        let institution = institution.parse().unwrap();
        let payee = medfund_tariff::Payee::of(&institution, None, &published.levels);
        published.groups.group(&"FR13".parse().unwrap()).unwrap().standard(payee).map(|fen| fen.get())
    };
    assert_eq!([HOSPITAL, CLINIC].map(standard), [Some(1_000_000), Some(900_000)]);

    let same = maker.revise_tariff(revise(&imported.name)).await.unwrap().into_inner().tariff.unwrap();
    assert_eq!(same.levels, levels);
    let higher = vec![at_level(CLINIC, 3)];
    let request = pb::ReviseTariffRequest { levels: higher.clone(), ..revise(&imported.name) };
    let revised = maker.revise_tariff(request).await.unwrap().into_inner().tariff.unwrap();
    assert_eq!(revised.levels, higher);
    assert_eq!(published_as(&drg, &revised).await.levels.len(), 1);
}

#[tokio::test]
async fn coefficients_are_computed_with_the_levels_that_a_tariff_has_unless_others_are_told() {
    let drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await.name;
    let history = drg.given_history(&scheme, &two_institutions()).await.name;
    let mut maker = drg.tariffs(Role::PolicyMaker);
    let levels = vec![at_level(CLINIC, 2)];
    let request = pb::ImportTariffRequest { levels: levels.clone(), ..import(&scheme, TABLE.as_bytes()) };
    let imported = maker.import_tariff(request).await.unwrap().into_inner().tariff.unwrap();
    let request = pb::ComputeCoefficientsRequest { levels: Vec::new(), ..compute(&imported, &history) };
    let computed = maker.compute_coefficients(request).await.unwrap().into_inner().tariff.unwrap();
    assert_eq!((&computed.levels, &computed.coefficient_basis.as_ref().unwrap().levels), (&levels, &levels));
    let request = compute(&computed, &history);
    let others = request.levels.clone();
    let computed = maker.compute_coefficients(request).await.unwrap().into_inner().tariff.unwrap();
    assert_eq!(computed.levels, others);
    let list = pb::ListTariffsRequest { parent: area(), ..Default::default() };
    let listed = maker.list_tariffs(list).await.unwrap().into_inner().tariffs;
    assert_eq!(listed[0].levels, []);
}

/// What a tariff is published as.
async fn published_as(drg: &Drg, tariff: &pb::Tariff) -> PublishedTariff {
    let mut maker = drg.tariffs(Role::PolicyMaker);
    let round = maker.start_round(start_round(tariff)).await.unwrap().into_inner().tariff.unwrap();
    drg.tariffs(Role::PolicyChecker).publish_tariff(publish_tariff(&round)).await.unwrap();
    let found = maker.get_tariff(get_tariff(&tariff.name)).await.unwrap().into_inner();
    PublishedTariff::from_bytes(&found.content).unwrap()
}

#[tokio::test]
async fn a_table_is_held_against_its_scheme() {
    let drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await.name;
    let typed_over = "DRG编码,DRG名称,RW\nFR13,心梗,1.5\nFR15,心梗,1001\nFS13,心梗,1.6\n";
    let answer = imported(&drg, &scheme, typed_over.as_bytes()).await;
    let told: Vec<_> = answer.problems.iter().map(|one| (one.line_number, one.text_zh.as_str())).collect();
    assert_eq!(told, [(3, "“1001”不是大于0的数，或超出合理范围"), (4, "分组方案中没有病组FS13")]);
    assert_eq!(answer.tariff, None);
    let answer = imported(&drg, &scheme, TABLE.as_bytes()).await;
    assert!(answer.tariff.is_some());
    let told = [
        "what is by level pays nobody's case, and the tariff is not published: no institution's level is told (`levels`, \
         here or of ComputeCoefficients)",
        "2 groups of the scheme are not in the table: FC19, NR19",
    ];
    assert_eq!(answer.remarks, told);
}
