//! `medfund token`: lets any client into a development suite.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use medfund_dev::{Authority, Principal};
use medfund_proto::auth::v1::Role;
use medfund_types::{Area, InstitutionCode};

use crate::suite::SuiteFile;

/// What `medfund token` is given.
#[derive(Debug, clap::Args)]
pub struct TokenArgs {
    /// The file of the suite (`suite.json` of `medfund up`).
    #[arg(long, value_name = "FILE")]
    against: PathBuf,
    /// What the bearer may do, e.g. `agency_officer`.
    #[arg(long, value_parser = role)]
    role: Role,
    /// The pooling area's six-digit code.
    #[arg(long)]
    area: Area,
    /// The institution's national code, for the role `institution`.
    #[arg(long)]
    institution: Option<InstitutionCode>,
    /// Who the bearer is. Without it the role's name: one person a role.
    #[arg(long)]
    subject: Option<String>,
    /// For how many minutes it holds.
    #[arg(long, default_value_t = 60)]
    minutes: u32,
}

/// Prints a token that the suite's development authority signs.
///
/// # Errors
///
/// If the suite's file cannot be read or the authority cannot sign.
pub fn run(args: TokenArgs) -> anyhow::Result<ExitCode> {
    let authority = Authority::open(SuiteFile::read(&args.against)?.authority)?;
    let principal = Principal {
        subject: args.subject.unwrap_or_else(|| args.role.as_str_name().to_owned()),
        roles: vec![args.role],
        area: Some(args.area),
        institution: args.institution,
    };
    println!("{}", authority.token(&principal, Duration::from_secs(u64::from(args.minutes) * 60))?);
    Ok(ExitCode::SUCCESS)
}

fn role(text: &str) -> anyhow::Result<Role> {
    let role = Role::from_str_name(&format!("ROLE_{}", text.to_uppercase()));
    role.filter(|role| *role != Role::Unspecified).with_context(|| format!("`{text}` is no role"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_goes_by_its_name_and_nobody_has_none() {
        assert_eq!(role("agency_officer").unwrap(), Role::AgencyOfficer);
        assert!(role("unspecified").is_err());
        assert!(role("king").is_err());
    }
}
