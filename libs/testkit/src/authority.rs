use std::sync::{Arc, Mutex, PoisonError, Weak};

use medfund_dev::Authority;
use tempfile::TempDir;

/// The authority of this test process, as long as somebody holds it.
static SHARED: Mutex<Weak<TestAuthority>> = Mutex::new(Weak::new());

/// A development authority in a folder that goes when its last user does.
pub(crate) struct TestAuthority {
    authority: Authority,
    _folder: TempDir,
}

impl std::ops::Deref for TestAuthority {
    type Target = Authority;

    fn deref(&self) -> &Authority {
        &self.authority
    }
}

/// The process's authority: services that test each other must know the same one.
pub(crate) fn authority() -> Arc<TestAuthority> {
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(authority) = shared.upgrade() {
        return authority;
    }
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let authority = Authority::open(folder.path()).expect("a development authority can be made");
    let made = Arc::new(TestAuthority { authority, _folder: folder });
    *shared = Arc::downgrade(&made);
    made
}
