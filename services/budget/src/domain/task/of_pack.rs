use medfund_policy::{BodyId, Pack};
use medfund_types::Area;

use super::{Task, TaskKey, TaskNumber, TaskUnit};

impl Task {
    /// The tasks that a pack gives an area's bodies, by number and item, with nothing recorded of them.
    #[must_use]
    pub fn of_pack(area: &Area, pack: &Pack) -> Vec<Self> {
        let mut tasks: Vec<Self> = pack
            .common()
            .tasks
            .iter()
            .flat_map(|tasks| tasks.values())
            .map(|task| Self {
                key: TaskKey {
                    area: area.clone(),
                    pack_id: pack.id().to_owned(),
                    number: TaskNumber {
                        number: task.number.get().get(),
                        item: task.item.as_ref().map(|item| item.get().get()),
                    },
                },
                theme: task.theme.to_string(),
                work: task.work.to_string(),
                units: task.units.iter().map(|body| unit(pack, body)).collect(),
                remark: task.remark.as_ref().map(|remark| remark.to_string()),
                due_date: task.by.get().last_day(),
                clause: task.work.cite(),
                marks: Vec::new(),
            })
            .collect();
        tasks.sort_by_key(|task| task.key.number);
        tasks
    }
}

fn unit(pack: &Pack, body: &BodyId) -> TaskUnit {
    let named = pack.body(body.as_str()).expect("a pack without the body is refused");
    TaskUnit { body: body.to_string(), display_name: named.name.to_string() }
}
