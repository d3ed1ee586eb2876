use medfund_db::Call;

use super::{App, Error, tasks};
use crate::domain::task::{Progress, Report, Task, TaskKey};

/// Records what a unit has done of a task.
pub(crate) struct RecordProgress {
    pub(crate) call: Call,
    pub(crate) task: TaskKey,
    pub(crate) report: Report,
}

impl App {
    /// Keeps a report of a responsible unit.
    pub(crate) async fn record_progress(&self, command: RecordProgress) -> Result<(Task, Progress), Error> {
        let RecordProgress { call, task: key, report } = command;
        let packs = self.packs.clone();
        self.writer
            .run(call, move |tx| {
                Box::pin(
                    async move { tasks::keep(tx, &packs, &key, |task, by| task.record(report, by)).await },
                )
            })
            .await
    }
}
