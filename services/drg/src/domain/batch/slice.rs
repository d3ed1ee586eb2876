use medfund_grouper::batch::{Batch as Lines, Columns, LineError, decode};
use medfund_grouper::crosswalk::Crosswalk;
use medfund_grouper::quality::blocks;
use medfund_grouper::{Outcome, Scheme};

use super::{Counts, Cut, Line, LineFault, NoCaseList, Progress, cut};

/// What a file is grouped by.
#[derive(Clone, Copy, Debug)]
pub struct By<'s> {
    /// The scheme.
    pub scheme: &'s Scheme,
    /// What codes are translated by before; `None`: they are not.
    pub crosswalk: Option<&'s Crosswalk>,
    /// Whether quality is checked first; a blocking finding keeps a case from being grouped.
    pub check_quality: bool,
}

/// What the lines of a slice became.
#[derive(Debug, PartialEq, Eq)]
pub struct Answered {
    /// How far the file is grouped now.
    pub progress: Progress,
    /// What this slice's lines became.
    pub counts: Counts,
    /// The answers as CSV; those of a file's first line begin with their heading.
    pub answers: String,
    /// What is wrong with the lines, in order, as far as there is room for it.
    pub faults: Vec<LineFault>,
}

/// A slice of a file.
#[derive(Clone, Copy, Debug)]
pub struct Slice<'b> {
    /// Its bytes.
    pub bytes: &'b [u8],
    /// Whether the file ends with them.
    pub is_end: bool,
    /// How many faults are told of; more are only counted.
    pub n_faults: usize,
}

/// Groups the lines that begin in a slice of a file.
///
/// However a file is sliced, its answers together are the same: they follow from its bytes and `by` alone.
///
/// - `progress`: where the file stands; the slice begins at its offset.
///
/// # Errors
///
/// [`NoCaseList`] if the file's first line is no heading of a case list.
pub fn answer(by: By<'_>, progress: Progress, slice: Slice<'_>) -> Result<Answered, NoCaseList> {
    let Slice { bytes, is_end, n_faults } = slice;
    let Cut { lines, n_bytes, passing_over } = cut(bytes, progress.passing_over, is_end);
    let offset = progress.offset + i64::try_from(n_bytes).expect("a slice is small");
    let mut done = Answered {
        progress: Progress { offset, passing_over, ..progress },
        counts: Counts::default(),
        answers: String::new(),
        faults: Vec::new(),
    };
    let mut lines = lines.into_iter();
    let begins = done.progress.heading.is_none();
    if begins {
        let Some(first) = lines.next() else { return Ok(done) };
        done.progress.heading = Some(done.read_heading(first)?);
    }
    let columns = Columns::of_heading(done.progress.heading.as_deref().unwrap_or_default())?;
    let mut grouping = Lines::new(by.scheme, columns).translating(by.crosswalk);
    if begins {
        done.answers.push_str(grouping.heading());
    }
    for line in lines {
        done.progress.n_lines += 1;
        let faults = done.read_line(&mut grouping, by, line);
        done.progress.n_lines += line.n_lines() - 1;
        done.counts.n_errors += i64::try_from(faults.len()).expect("a line has few faults");
        let room = n_faults - done.faults.len();
        done.faults.extend(faults.into_iter().take(room));
    }
    Ok(done)
}

impl Answered {
    fn read_heading(&mut self, line: Line<'_>) -> Result<String, NoCaseList> {
        self.progress.n_lines = line.n_lines();
        let Line::Whole(line, _) = line else { return Err(NoCaseList("表头过长".to_owned())) };
        let heading = decode(line, &mut self.progress.encoding)?.into_owned();
        if heading.contains('\0') {
            return Err(NoCaseList("表头含有空字符（NUL），文件可能已损坏".to_owned()));
        }
        Columns::of_heading(&heading)?;
        Ok(heading)
    }

    /// Answers a line and tells what is wrong with it; an empty one needs no answer.
    fn read_line(&mut self, grouping: &mut Lines<'_>, by: By<'_>, line: Line<'_>) -> Vec<LineFault> {
        let number = self.progress.n_lines;
        let answered = match line {
            Line::TooLong => Err(LineFault::too_long(number)),
            Line::Whole([], _) => Ok(Vec::new()),
            Line::Whole(line, _) if line.contains(&0) => Err(LineFault::holds_nul(number)),
            Line::Whole(line, _) => match decode(line, &mut self.progress.encoding) {
                Err(_) => Err(LineFault::no_text(number)),
                Ok(text) => {
                    self.group(grouping, by, &text).map_err(|error| LineFault::of_line(number, error))
                }
            },
        };
        answered.unwrap_or_else(|fault| {
            self.counts.n_refused += 1;
            vec![fault]
        })
    }

    fn group(
        &mut self,
        grouping: &mut Lines<'_>,
        by: By<'_>,
        line: &str,
    ) -> Result<Vec<LineFault>, LineError> {
        let mut faults = Vec::new();
        if by.check_quality {
            let checked = grouping.check_line(line)?;
            let fault = |finding| LineFault::of_finding(self.progress.n_lines, &checked.id, finding);
            faults.extend(checked.findings.iter().map(fault));
            if blocks(&checked.findings) {
                grouping.refuse(&checked.id, &mut self.answers);
                self.counts.n_cases += 1;
                self.counts.n_blocked += 1;
                return Ok(faults);
            }
        }
        let answer = grouping.group_line(line, &mut self.answers)?;
        self.counts.n_cases += 1;
        self.counts.n_grouped += i64::from(answer.outcome == Outcome::Grouped);
        Ok(faults)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use medfund_grouper::compile;
    use medfund_grouper::read::read_scheme;
    use proptest::prelude::*;

    use super::*;
    use crate::domain::batch::FaultLevel;

    /// A scheme of two groups.
    static SCHEME: LazyLock<Scheme> = LazyLock::new(|| {
        let rules = "MDCF 循环\nFR1 心梗 / 9\n主要诊断: I21 心梗\nFR2 心绞痛 / 9\n主要诊断: I20 心绞痛\n";
        let files = [("MDCF.txt".to_owned(), rules.to_owned())].into();
        compile(&read_scheme("small", &files).0).0
    });

    const HEAD: &str = "id,sex,age_years,diagnoses,procedures";
    const ANSWERS: &str = "id,status,mdc,adrg,drg,mcc_not_excluded,cc_not_excluded\n";

    /// Groups a file slice by slice, each of so many bytes more than what was left.
    fn in_slices(file: &[u8], check_quality: bool, n_bytes: usize) -> Result<Answered, NoCaseList> {
        with_room(file, check_quality, n_bytes, 1_000)
    }

    /// The same, telling of no more than so many faults a slice.
    fn with_room(
        file: &[u8],
        check_quality: bool,
        n_bytes: usize,
        n_faults: usize,
    ) -> Result<Answered, NoCaseList> {
        let by = By { scheme: &SCHEME, crosswalk: None, check_quality };
        let mut all = Answered {
            progress: Progress::default(),
            counts: Counts::default(),
            answers: String::new(),
            faults: Vec::new(),
        };
        let mut end = 0;
        while end < file.len() {
            end = (end + n_bytes).min(file.len());
            let begin = usize::try_from(all.progress.offset).unwrap();
            let slice = Slice { bytes: &file[begin..end], is_end: end == file.len(), n_faults };
            let slice = answer(by, all.progress, slice)?;
            all.progress = slice.progress;
            all.counts = all.counts.plus(slice.counts);
            all.answers.push_str(&slice.answers);
            all.faults.extend(slice.faults);
        }
        Ok(all)
    }

    #[test]
    fn cases_are_answered_and_other_lines_are_told_one_by_one() {
        let file =
            format!("{HEAD}\r\n1,1,50,I21.0,\r\n\r\n2,x,50,I20.0,\n3,1\n4,1,60,Z99.9,\n5,1,\"60,I20,\n");
        let done = in_slices(file.as_bytes(), false, 1000).unwrap();
        assert_eq!(done.answers, format!("{ANSWERS}1,分组成功,MDCF,FR1,FR19,,\n4,编码无效,0000,00,0000,,\n"));
        let told: Vec<_> =
            done.faults.iter().map(|one| (one.line, one.field, one.reason, &*one.value)).collect();
        assert_eq!(
            told,
            [
                (4, "sex", "UNREADABLE", "x"),
                (5, "age_years", "TOO_FEW_COLUMNS", ""),
                (7, "", "OPEN_QUOTE", "")
            ]
        );
        assert_eq!(done.progress.n_lines, 7);
        let Counts { n_cases, n_grouped, n_refused, n_errors, n_blocked } = done.counts;
        assert_eq!([n_cases, n_grouped, n_refused, n_errors, n_blocked], [2, 1, 3, 3, 0]);
    }

    #[test]
    fn line_breaks_in_quotes_are_part_of_a_case_and_lines_are_counted_on() {
        let file = format!("{HEAD},note\n1,1,50,I21.0,,\"a\nb\"\n2,x,50,I20.0,,\n");
        for n_bytes in [1, 7, 1000] {
            let done = in_slices(file.as_bytes(), false, n_bytes).unwrap();
            assert_eq!((done.counts.n_cases, done.faults[0].line, done.progress.n_lines), (1, 4, 4));
        }
    }

    #[test]
    fn a_blocking_finding_keeps_a_case_from_being_grouped_and_is_told() {
        let file = format!("{HEAD}\n1,1,50,I21.0|I21.0,\n2,1,500,I20.0,\n");
        let done = in_slices(file.as_bytes(), true, 1000).unwrap();
        assert!(done.answers.ends_with("2,质控不通过,0000,00,0000,,\n"), "{}", done.answers);
        let told: Vec<_> =
            done.faults.iter().map(|one| (one.line, &*one.case_id, one.level, one.reason)).collect();
        assert_eq!(
            told,
            [
                (2, "1", FaultLevel::Warning, "DUPLICATE_CODE"),
                (3, "2", FaultLevel::Blocking, "IMPLAUSIBLE_AGE")
            ]
        );
        assert_eq!((done.counts.n_cases, done.counts.n_grouped, done.counts.n_blocked), (2, 1, 1));
    }

    #[test]
    fn what_is_no_case_list_is_told_in_words() {
        let told = |file: &[u8]| in_slices(file, false, 1000).unwrap_err().0;
        assert_eq!(told(b"id,sex\n"), "表头缺少列：age_years、diagnoses、procedures");
        assert!(told(b"\xff\xfei\0d\0\n").contains("UTF-16"));
        assert!(told(b"PK\x03\x04\n").contains("Excel"));
        assert!(told(b"\n").contains("表头缺少列"));
    }

    #[test]
    fn a_line_that_is_written_otherwise_than_those_before_it_is_refused_alone() {
        let mut file = format!("{HEAD}\n1,男,50,I21.0,\n2,").into_bytes();
        file.extend_from_slice(b"\xc4\xd0,50,I20.0,\n3,1,50,I20.0,\n");
        let done = in_slices(&file, false, 1000).unwrap();
        assert_eq!((done.counts.n_cases, done.faults[0].line, done.faults[0].reason), (2, 3, "NOT_TEXT"));
    }

    #[test]
    fn a_line_with_a_nul_is_refused_alone_and_a_heading_with_one_is_none() {
        let file = format!("{HEAD}\n\0,1,50,I21.0,\n2,1,50,I20.0,\n");
        let done = in_slices(file.as_bytes(), false, 1000).unwrap();
        assert_eq!((done.counts.n_cases, done.faults[0].line, done.faults[0].reason), (1, 2, "NOT_TEXT"));
        let told = in_slices(format!("{HEAD},no\0te\n").as_bytes(), false, 1000).unwrap_err().0;
        assert!(told.contains("空字符"), "{told}");
    }

    #[test]
    fn a_line_keeps_the_bounds_that_a_case_sent_alone_does() {
        let codes = ["I21.0"; 101].join("|");
        let file = format!("{HEAD}\n{},1,50,I21.0,\n2,1,50,{codes},\n", "x".repeat(65));
        let done = in_slices(file.as_bytes(), true, 10_000).unwrap();
        let told: Vec<_> = done.faults.iter().map(|one| (one.line, one.field, one.reason)).collect();
        assert_eq!(told, [(2, "id", "ID_TOO_LONG"), (3, "diagnoses", "TOO_MANY_VALUES")]);
        assert_eq!((done.counts.n_cases, done.counts.n_refused), (0, 2));
    }

    #[test]
    fn what_there_is_no_room_for_is_counted_and_not_made() {
        let file = format!("{HEAD}\n{}", "x\n".repeat(50));
        let done = with_room(file.as_bytes(), false, file.len(), 3).unwrap();
        assert_eq!((done.counts.n_errors, done.counts.n_refused), (50, 50));
        let lines: Vec<_> = done.faults.iter().map(|one| one.line).collect();
        assert_eq!(lines, [2, 3, 4]);
    }

    proptest! {
        #[test]
        fn however_a_file_is_sliced_it_is_answered_the_same(
            lines in prop::collection::vec("[12],[12x男],[0-9]{1,3},(I20|I21|\"|Z00),", 0..20),
            n_bytes in 1..80_usize,
            check_quality: bool,
        ) {
            let file = format!("\u{feff}{HEAD}\n{}", lines.join("\r\n"));
            let whole = in_slices(file.as_bytes(), check_quality, file.len());
            prop_assert_eq!(in_slices(file.as_bytes(), check_quality, n_bytes), whole);
        }
    }
}
