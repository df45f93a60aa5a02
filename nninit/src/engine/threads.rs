//! Work for several threads: as many as libtorch uses within one operation.

use std::sync::{Mutex, PoisonError};

/// Elements in all under which starting a thread costs more than it saves.
pub(super) const WORTH_A_THREAD: u64 = 1 << 18;

/// Does `work` on every task, of `elements` elements in all; each thread takes the next when it has done one.
pub(super) fn share<T: Send>(tasks: Vec<T>, elements: u64, work: impl Fn(T) + Sync) {
    let threads = if elements < WORTH_A_THREAD {
        1
    } else {
        allowed().min(tasks.len())
    };
    if threads <= 1 {
        return tasks.into_iter().for_each(work);
    }
    let queue = Mutex::new(tasks.into_iter());
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
    let take = || {
        while let Some(task) = next() {
            work(task);
        }
    };
    std::thread::scope(|scope| {
        (1..threads).for_each(|_| _ = scope.spawn(take));
        take();
    });
}

fn allowed() -> usize {
    usize::try_from(tch::get_num_threads()).unwrap_or(1).max(1)
}
