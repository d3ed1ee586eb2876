//! Starts a private PostgreSQL, prints its URL and stops it when the input ends. For trying things out.

use std::io::{Read, Write};

use medfund_postgres::{Binaries, Postgres, PostgresError, Settings};

fn main() -> Result<(), PostgresError> {
    let binaries = Binaries::find(|name| std::env::var(name).ok())?;
    let data = std::env::args_os().nth(1).map(Into::into);
    let postgres = Postgres::start(&binaries, &Settings { data, fsync: true, ..Settings::default() })?;
    println!("{} {}", postgres.admin_url(), postgres.process_id());
    // Whoever waits for the line must see it now; a closed output is no reason to fail.
    let _ = std::io::stdout().flush();
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
    postgres.stop()
}
