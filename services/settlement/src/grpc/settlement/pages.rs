use medfund_server::convert::split_page;

use crate::app::Page;

/// Cuts a list that is computed as a whole down to one page, by a unique key.
pub(super) fn cut<T>(
    mut all: Vec<T>,
    page: Page<String>,
    key: impl Fn(&T) -> String,
    bound: &[&str],
) -> (Vec<T>, String) {
    all.sort_by_key(&key);
    let rest = match page.after {
        Some(after) => all.into_iter().filter(|one| key(one) > after).collect(),
        None => all,
    };
    split_page(rest, page.size, key, bound)
}
