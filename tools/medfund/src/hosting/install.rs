//! PostgreSQL's server programs: found, or installed where that is allowed.

use std::process::Command;

use anyhow::{Context, bail};
use medfund_postgres::{Binaries, PostgresError};

/// Finds the server programs; as root on a system with `apt-get` it installs them when there are none.
///
/// # Errors
///
/// If there are none and they cannot be installed. The message says what to do.
pub(super) fn binaries() -> anyhow::Result<Binaries> {
    let get = |name: &str| std::env::var(name).ok();
    match Binaries::find(get) {
        Err(PostgresError::NoBinaries { searched }) if may_install() => {
            eprintln!("no PostgreSQL server programs found; installing them with apt-get …");
            install()?;
            Binaries::find(get)
                .with_context(|| format!("still none after the installation, nor in {searched}"))
        }
        found => Ok(found?),
    }
}

fn may_install() -> bool {
    let has_apt =
        Command::new("apt-get").arg("--version").output().is_ok_and(|output| output.status.success());
    nix::unistd::Uid::effective().is_root() && has_apt
}

fn install() -> anyhow::Result<()> {
    for arguments in
        [&["update", "-qq"][..], &["install", "-y", "-qq", "--no-install-recommends", "postgresql"]]
    {
        let status = Command::new("apt-get")
            .args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .stdout(std::process::Stdio::null())
            .status()
            .context("apt-get cannot be run")?;
        if !status.success() {
            bail!(
                "`apt-get {}` failed; install PostgreSQL 15 or later by hand, or set PG_BINDIR or DATABASE_URL",
                arguments.join(" ")
            );
        }
    }
    Ok(())
}
