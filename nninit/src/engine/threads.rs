//! Work for several threads: as many as libtorch uses within one operation.

use std::sync::{Mutex, PoisonError};
use std::thread::Builder;

/// Elements in all under which starting a thread costs more than it saves.
const WORTH_A_THREAD: u64 = 1 << 18;

/// Does `work` on every task, of `elements` elements in all; each thread takes the next when it has done one. Threads
/// that cannot be started leave their share to the others.
pub(crate) fn share<T: Send>(tasks: Vec<T>, elements: u64, work: impl Fn(T) + Sync) {
    let threads = number_for(elements).min(tasks.len());
    if threads <= 1 {
        return tasks.into_iter().for_each(work);
    }
    let queue = Mutex::new(tasks.into_iter());
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
    let work_through = || {
        while let Some(task) = next() {
            work(task);
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads {
            if Builder::new().spawn_scoped(scope, work_through).is_err() {
                break;
            }
        }
        work_through();
    });
}

/// How many threads so many elements are worth.
pub(super) fn number_for(elements: u64) -> usize {
    if elements < WORTH_A_THREAD {
        return 1;
    }
    usize::try_from(tch::get_num_threads()).unwrap_or(1).max(1)
}
