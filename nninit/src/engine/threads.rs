//! Work for several threads: as many as libtorch uses within one operation.

use std::sync::{Mutex, PoisonError};

/// Elements in all under which starting a thread costs more than it saves.
const WORTH_A_THREAD: u64 = 1 << 18;

/// Does `work` on every task, of `elements` elements in all; each thread takes the next when it has done one.
///
/// `done` is called on this thread, after each task that this thread has done.
pub(crate) fn share<T: Send>(
    tasks: Vec<T>,
    elements: u64,
    work: impl Fn(T) + Sync,
    mut done: impl FnMut(),
) {
    let threads = number_for(elements).min(tasks.len());
    if threads <= 1 {
        for task in tasks {
            work(task);
            done();
        }
        return;
    }
    let queue = Mutex::new(tasks.into_iter());
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
    let work_through = || {
        while let Some(task) = next() {
            work(task);
        }
    };
    std::thread::scope(|scope| {
        (1..threads).for_each(|_| _ = scope.spawn(work_through));
        while let Some(task) = next() {
            work(task);
            done();
        }
    });
}

/// How many threads so many elements are worth.
pub(super) fn number_for(elements: u64) -> usize {
    if elements < WORTH_A_THREAD {
        return 1;
    }
    usize::try_from(tch::get_num_threads()).unwrap_or(1).max(1)
}
