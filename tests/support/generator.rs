//! libtorch's generator, which is one for all threads of a process.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Held by every test of a binary that seeds the generator or draws from it, where one of them compares what it drew.
pub fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}
