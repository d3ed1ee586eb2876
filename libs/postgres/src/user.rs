use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use nix::unistd::{Uid, User};

use crate::PostgresError;

/// The operating system's user that runs the server, when it is not our own.
#[derive(Clone, Debug)]
pub(crate) struct ServerUser {
    name: String,
    uid: u32,
    gid: u32,
}

impl ServerUser {
    /// Nobody but ourselves, unless we are root.
    pub(crate) fn choose() -> Result<Option<Self>, PostgresError> {
        if !Uid::effective().is_root() {
            return Ok(None);
        }
        let found = ["postgres", "nobody"].into_iter().find_map(|name| User::from_name(name).ok().flatten());
        let user = found.filter(|user| !user.uid.is_root()).ok_or(PostgresError::NoUser)?;
        Ok(Some(Self { name: user.name, uid: user.uid.as_raw(), gid: user.gid.as_raw() }))
    }

    /// Lets `command` run as this user; the standard library also drops our groups.
    pub(crate) fn run(&self, command: &mut Command) {
        command.uid(self.uid).gid(self.gid);
    }

    pub(crate) fn own(&self, path: &Path) -> Result<(), PostgresError> {
        chown(path, Some(self.uid), Some(self.gid)).map_err(PostgresError::at(path))
    }

    /// Checks that every folder above `path` may be entered by this user.
    pub(crate) fn check_enterable(&self, path: &Path) -> Result<(), PostgresError> {
        for folder in path.ancestors().skip(1).filter(|folder| folder.is_dir()) {
            let data = folder.metadata().map_err(PostgresError::at(folder))?;
            let enter = match (data.uid() == self.uid, data.gid() == self.gid) {
                (true, _) => 0o100,
                (false, true) => 0o010,
                (false, false) => 0o001,
            };
            if data.mode() & enter == 0 {
                let folder = folder.to_owned();
                return Err(PostgresError::NotEnterable { user: self.name.clone(), folder });
            }
        }
        Ok(())
    }
}
