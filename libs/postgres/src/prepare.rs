use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use crate::user::ServerUser;
use crate::{Binaries, PostgresError, Settings};

/// The superuser that `initdb` makes; it is not for services.
pub(crate) const ADMIN: &str = "medfund_admin";

/// Makes a folder that only the server's user may enter.
pub(crate) fn make_private(folder: &Path, user: Option<&ServerUser>) -> Result<(), PostgresError> {
    fs::create_dir_all(folder).map_err(PostgresError::at(folder))?;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).map_err(PostgresError::at(folder))?;
    if let Some(user) = user {
        user.check_enterable(folder)?;
        user.own(folder)?;
    }
    Ok(())
}

/// Makes a new cluster with one superuser, in UTF-8 and with messages in English.
pub(crate) fn initdb(
    binaries: &Binaries,
    data: &Path,
    fsync: bool,
    user: Option<&ServerUser>,
) -> Result<(), PostgresError> {
    let program = binaries.program("initdb");
    let mut command = Command::new(&program);
    command.args(["--username", ADMIN, "--auth-local=trust", "--auth-host=scram-sha-256", "--no-locale"]);
    command.args(["--encoding=UTF8", "--no-instructions", "--pgdata"]).arg(data).current_dir("/");
    if !fsync {
        command.arg("--no-sync");
    }
    if let Some(user) = user {
        user.run(&mut command);
    }
    let output = command.output().map_err(PostgresError::at(&program))?;
    if output.status.success() {
        Ok(())
    } else {
        Err(PostgresError::Initdb(String::from_utf8_lossy(&output.stderr).into_owned()))
    }
}

/// The server's settings as arguments.
pub(crate) fn arguments(
    settings: &Settings,
    data: &Path,
    socket: &Path,
    port: u16,
    user: Option<&ServerUser>,
) -> Result<Vec<String>, PostgresError> {
    let mut parameters = vec![
        ("unix_socket_directories".to_owned(), socket.display().to_string()),
        ("port".to_owned(), port.to_string()),
        ("lc_messages".to_owned(), "C".to_owned()),
    ];
    match &settings.tls {
        None => parameters.push(("listen_addresses".to_owned(), String::new())),
        Some(tls) => {
            let certificate = write_secret(data, "server.crt", &tls.certificate_pem, user)?;
            let key = write_secret(data, "server.key", &tls.key_pem, user)?;
            parameters.extend([
                ("listen_addresses".to_owned(), "127.0.0.1".to_owned()),
                ("ssl".to_owned(), "on".to_owned()),
                ("ssl_cert_file".to_owned(), certificate),
                ("ssl_key_file".to_owned(), key),
            ]);
        }
    }
    if !settings.fsync {
        for name in ["fsync", "synchronous_commit", "full_page_writes"] {
            parameters.push((name.to_owned(), "off".to_owned()));
        }
    }
    parameters.extend(settings.parameters.iter().cloned());
    Ok(parameters
        .into_iter()
        .flat_map(|(name, value)| ["-c".to_owned(), format!("{name}={value}")])
        .collect())
}

fn write_secret(
    data: &Path,
    name: &str,
    text: &str,
    user: Option<&ServerUser>,
) -> Result<String, PostgresError> {
    let file = data.join(name);
    fs::write(&file, text).map_err(PostgresError::at(&file))?;
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).map_err(PostgresError::at(&file))?;
    if let Some(user) = user {
        user.own(&file)?;
    }
    Ok(file.display().to_string())
}
