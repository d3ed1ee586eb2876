use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::PostgresError;

/// Stops the server when this process is gone, and removes its temporary folder.
///
/// `read` returns when the pipe closes, which the kernel does however we end.
/// A word on the pipe tells the watcher that the server was stopped already.
const SCRIPT: &str = r#"
trap '' INT TERM HUP
read -r word
[ "$word" = stopped ] && exit 0
kill -INT "$1" 2>/dev/null
n=0
while kill -0 "$1" 2>/dev/null; do
    n=$((n + 1))
    [ "$n" -eq 100 ] && kill -QUIT "$1" 2>/dev/null
    sleep 0.1
done
rm -rf "$2"
exit 0
"#;

#[derive(Debug)]
pub(crate) struct Watcher(Child);

impl Watcher {
    /// - `temporary`: a folder to remove after the server has stopped.
    pub(crate) fn start(server: u32, temporary: &Path) -> Result<Self, PostgresError> {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", SCRIPT, "medfund-postgres-watcher", &server.to_string()]);
        command.arg(temporary);
        // A group of its own: Ctrl-C on the terminal is not for it.
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
        command.current_dir("/");
        command.spawn().map(Self).map_err(PostgresError::at(Path::new("/bin/sh")))
    }

    /// Tells the watcher that there is nothing left to stop.
    pub(crate) fn dismiss(&mut self) {
        use std::io::Write;
        if let Some(mut pipe) = self.0.stdin.take() {
            // A watcher that is gone needs no word.
            let _ = pipe.write_all(b"stopped\n");
        }
        let _ = self.0.wait();
    }
}
