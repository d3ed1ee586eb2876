/// A line of a crosswalk's file that is left out, or that makes a code ambiguous.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is the matter with it.
    pub fault: Fault,
}

/// What is the matter with a line of a crosswalk.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The line has not two fields; its first 40 characters.
    #[error("not two codes: {0}")]
    NotTwoCodes(String),
    /// A field is no code; its first 40 characters.
    #[error("{0} is no code")]
    NoCode(String),
    /// A diagnosis stands beside a procedure.
    #[error("{from} cannot become {to}: one is a diagnosis, the other a procedure")]
    KindsDiffer {
        /// What stands first.
        from: String,
        /// What stands second.
        to: String,
    },
    /// The pair stands there already.
    #[error("{from} {to} stands twice")]
    Twice {
        /// The clinical code.
        from: String,
        /// The 医保 code.
        to: String,
    },
    /// The code may become too many others already.
    #[error("{from} may become too many codes for {to} to be one more")]
    TooMany {
        /// The clinical code.
        from: String,
        /// The 医保 code of this line.
        to: String,
    },
    /// The code is to become something else already. The line is kept.
    #[error("{from} is ambiguous and will stay as it is: it may become {to} too")]
    Ambiguous {
        /// The clinical code.
        from: String,
        /// The 医保 code of this line.
        to: String,
    },
}

impl Fault {
    /// Whether the line is left out.
    #[must_use]
    pub fn leaves_out(&self) -> bool {
        match self {
            Self::NotTwoCodes(_)
            | Self::NoCode(_)
            | Self::KindsDiffer { .. }
            | Self::Twice { .. }
            | Self::TooMany { .. } => true,
            Self::Ambiguous { .. } => false,
        }
    }

    /// What is the matter, in Chinese.
    #[must_use]
    pub fn zh(&self) -> String {
        match self {
            Self::NotTwoCodes(text) => format!("“{text}”不是一个国临编码和一个医保编码"),
            Self::NoCode(text) => format!("“{text}”不是编码"),
            Self::KindsDiffer { from, to } => format!("{from}与{to}不能对照：一个是诊断，另一个是手术操作"),
            Self::Twice { from, to } => format!("{from}对照{to}重复出现"),
            Self::TooMany { from, to } => format!("{from}可对照的编码过多，不能再对照为{to}"),
            Self::Ambiguous { from, to } => format!("{from}还可对照为{to}，不唯一，分组时保留原码"),
        }
    }
}
