use medfund_tidy::{expect_none, files};

#[test]
fn no_floating_point_comes_near_money() {
    let mut findings = Vec::new();
    let money = ["libs/money", "libs/policy", "libs/ledger", "libs/tariff", "libs/types", "services"];
    for file in money.into_iter().flat_map(|folder| files(folder, ".rs")) {
        for (n, line) in file.code_lines() {
            let word = |w: &str| line.split(|c: char| !c.is_alphanumeric() && c != '_').any(|part| part == w);
            if word("f64") || word("f32") || line.contains("to_f64") {
                findings.push(format!("{}:{n}: {line}", file.path));
            }
        }
    }
    expect_none(&findings, "use Fen, Decimal or integers");
}

#[test]
fn no_rate_of_a_notice_stands_in_code() {
    let mut findings = Vec::new();
    for file in files("services", ".rs").iter().filter(|f| f.path.contains("/src/")) {
        for (n, line) in file.code_lines() {
            let quoted = line.split('"').skip(1).step_by(2);
            let fraction =
                quoted.filter(|text| text.contains('.') && text.parse::<rust_decimal::Decimal>().is_ok());
            for text in fraction {
                findings.push(format!("{}:{n}: \"{text}\"", file.path));
            }
            if line.contains("dec!(") || line.contains("Decimal::new(") {
                findings.push(format!("{}:{n}: {line}", file.path));
            }
        }
    }
    expect_none(&findings, "a rule is a parameter of the pack, with its clause");
}

#[test]
fn rounding_happens_in_one_place() {
    let mut findings = Vec::new();
    for file in ["services", "tools", "libs"].into_iter().flat_map(|folder| files(folder, ".rs")) {
        if file.path.starts_with("libs/money/") {
            continue;
        }
        for (n, line) in file.code_lines() {
            if [".round_dp", ".round()", ".trunc()", ".floor()", ".ceil()"]
                .iter()
                .any(|word| line.contains(word))
            {
                findings.push(format!("{}:{n}: {line}", file.path));
            }
        }
    }
    expect_none(&findings, "round with the functions of libs/money");
}
