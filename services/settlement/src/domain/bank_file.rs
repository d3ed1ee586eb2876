use medfund_money::Fen;

/// One order as the bank reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankLine<'a> {
    /// The order's name.
    pub order: &'a str,
    /// The institution's national code.
    pub institution: &'a str,
    /// The fund line whose account pays.
    pub fund_line: &'a str,
    /// The amount, negative for a recovery.
    pub amount: Fen,
}

/// Writes a file for the bank: CSV, UTF-8, amounts in yuan with two decimals, one line an order.
///
/// The same orders always make the same bytes.
#[must_use]
pub fn bank_file(lines: &[BankLine<'_>]) -> Vec<u8> {
    let mut text = "order,institution,fund_line,direction,amount_yuan\r\n".to_owned();
    for line in lines {
        // Codes hold neither commas nor quotes.
        let (direction, amount) =
            if line.amount.is_negative() { ("recover", -line.amount) } else { ("pay", line.amount) };
        let BankLine { order, institution, fund_line, .. } = line;
        text.push_str(&format!("{order},{institution},{fund_line},{direction},{}\r\n", amount.to_yuan()));
    }
    text.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_a_line_in_yuan() {
        let line = |fen| BankLine {
            order: "2017-01-employee-H1",
            institution: "H1",
            fund_line: "employee",
            amount: Fen::new(fen),
        };
        let text = String::from_utf8(bank_file(&[line(123_405), line(-1)])).unwrap();
        let lines: Vec<&str> = text.split("\r\n").collect();
        assert_eq!(lines[1], "2017-01-employee-H1,H1,employee,pay,1234.05");
        assert_eq!(lines[2], "2017-01-employee-H1,H1,employee,recover,0.01");
    }
}
