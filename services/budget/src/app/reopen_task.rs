use medfund_db::Call;

use super::{App, Error, tasks};
use crate::domain::task::{Progress, Task, TaskKey};

/// Reopens a task that is not done after all.
pub(crate) struct ReopenTask {
    pub(crate) call: Call,
    pub(crate) task: TaskKey,
    pub(crate) reason: String,
}

impl App {
    /// Keeps that a task is not done, and why.
    pub(crate) async fn reopen_task(&self, command: ReopenTask) -> Result<(Task, Progress), Error> {
        let ReopenTask { call, task: key, reason } = command;
        let packs = self.packs.clone();
        self.writer
            .run(call, move |tx| {
                Box::pin(
                    async move { tasks::keep(tx, &packs, &key, |task, by| task.reopen(reason, by)).await },
                )
            })
            .await
    }
}
