//! Work for several threads: as many as libtorch uses within one operation.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::Builder;

/// Elements of one piece of work, so many that the cost of taking the next one does not show.
pub(super) const PIECE: u64 = 1 << 16;

/// Elements for which starting a thread is worth its cost.
const WORTH_A_THREAD: u64 = 1 << 17;

/// How often a thread takes work, where there is that much: the last ones to end are late by no more than this part of
/// the whole, and a hundred threads do not wait for one another at the queue.
const TURNS: u64 = 32;

/// Does `work` on every task, of `elements` elements in all, about equally many each; each thread takes the next ones
/// when it has done some. Threads that cannot be started leave their share to the others.
pub(crate) fn share<T: Send>(tasks: Vec<T>, elements: u64, work: impl Fn(T) + Sync) {
    let each = elements / (tasks.len() as u64).max(1);
    share_unequal(tasks, elements, |_| each, work);
}

/// As [`share`], for tasks of which `size` gives the elements: small ones are taken together.
pub(super) fn share_unequal<T: Send>(
    tasks: Vec<T>,
    elements: u64,
    size: impl Fn(&T) -> u64 + Sync,
    work: impl Fn(T) + Sync,
) {
    let threads = number_for(elements).min(tasks.len());
    if threads <= 1 {
        return tasks.into_iter().for_each(work);
    }
    let turn = turn(elements, threads);
    let queue = Mutex::new(tasks.into_iter());
    let work_through = || {
        let mut taken = Vec::new();
        loop {
            let mut tasks = queue.lock().unwrap_or_else(PoisonError::into_inner);
            take_turn(&mut *tasks, turn, &size, &mut taken);
            drop(tasks);
            if taken.is_empty() {
                break;
            }
            taken.drain(..).for_each(&work);
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

/// Takes the next tasks, of `turn` elements or somewhat more.
fn take_turn<T>(
    tasks: &mut impl Iterator<Item = T>,
    turn: u64,
    size: impl Fn(&T) -> u64,
    taken: &mut Vec<T>,
) {
    let mut elements = 0;
    while elements < turn
        && let Some(task) = tasks.next()
    {
        elements += size(&task);
        taken.push(task);
    }
}

/// About how many elements a thread takes at once.
fn turn(elements: u64, threads: usize) -> u64 {
    (elements / (threads as u64 * TURNS)).max(PIECE)
}

/// Does batches of work of which `ahead` may be under way at once. `start` says what the tasks of a batch are, and
/// `finish` is called when they are done; both run on this thread, batch after batch, and batch n starts when batch
/// n − `ahead` has finished. So batches are worked on while the ones before them finish.
///
/// # Errors
///
/// The first error of `finish`; nothing starts after it.
pub(super) fn in_turns<T: Send, E>(
    batches: usize,
    ahead: usize,
    elements: u64,
    start: impl FnMut(usize) -> Vec<T>,
    work: impl Fn(T) + Sync,
    finish: impl FnMut(usize) -> Result<(), E>,
) -> Result<(), E> {
    in_turns_on(number_for(elements), batches, ahead, start, work, finish)
}

fn in_turns_on<T: Send, E>(
    threads: usize,
    batches: usize,
    ahead: usize,
    mut start: impl FnMut(usize) -> Vec<T>,
    work: impl Fn(T) + Sync,
    mut finish: impl FnMut(usize) -> Result<(), E>,
) -> Result<(), E> {
    let turns = Turns::new(batches);
    let mut begin = |batch| {
        if batch < batches {
            turns.put(batch, start(batch));
        }
    };
    std::thread::scope(|scope| {
        // Also where something panics, the threads are told to end.
        let _end = End(&turns);
        for _ in 1..threads {
            let worker = Builder::new().spawn_scoped(scope, || turns.work_through(&work));
            if worker.is_err() {
                break;
            }
        }
        (0..ahead).for_each(&mut begin);
        for batch in 0..batches {
            turns.work_until_done(batch, &work);
            finish(batch)?;
            begin(batch + ahead);
        }
        Ok(())
    })
}

/// Tasks that are waiting, and how many of each batch are not done.
struct Turns<T> {
    state: Mutex<State<T>>,
    changed: Condvar,
}

struct State<T> {
    waiting: VecDeque<(usize, T)>,
    left: Vec<usize>,
    over: bool,
}

impl<T> Turns<T> {
    fn new(batches: usize) -> Self {
        Self {
            state: Mutex::new(State {
                waiting: VecDeque::new(),
                left: vec![0; batches],
                over: false,
            }),
            changed: Condvar::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, batch: usize, tasks: Vec<T>) {
        let mut state = self.state();
        state.left[batch] = tasks.len();
        state
            .waiting
            .extend(tasks.into_iter().map(|task| (batch, task)));
        self.changed.notify_all();
    }

    /// Takes tasks until all is over.
    fn work_through(&self, work: impl Fn(T)) {
        while let Some(task) = self.next(|state| state.over, |_| true) {
            self.does(task, &work);
        }
    }

    /// Takes tasks of this batch until it is done. A task of the next one would hold up what comes after this one.
    fn work_until_done(&self, batch: usize, work: impl Fn(T)) {
        while let Some(task) = self.next(|state| state.left[batch] == 0, |of| of == batch) {
            self.does(task, &work);
        }
    }

    /// The next task, if its batch is `wanted`; waits for one until `ended`.
    fn next(
        &self,
        ended: impl Fn(&State<T>) -> bool,
        wanted: impl Fn(usize) -> bool,
    ) -> Option<(usize, T)> {
        let mut state = self.state();
        loop {
            if ended(&state) {
                return None;
            }
            if let Some(task) = state.waiting.pop_front_if(|(batch, _)| wanted(*batch)) {
                return Some(task);
            }
            state = self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn does(&self, (batch, task): (usize, T), work: impl Fn(T)) {
        let _done = Done(self, batch);
        work(task);
    }
}

/// Counts a task as done, also where it panics: the panic is seen when the threads are joined.
struct Done<'a, T>(&'a Turns<T>, usize);

impl<T> Drop for Done<'_, T> {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.left[self.1] -= 1;
        if state.left[self.1] == 0 {
            self.0.changed.notify_all();
        }
    }
}

struct End<'a, T>(&'a Turns<T>);

impl<T> Drop for End<'_, T> {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.over = true;
        state.waiting.clear();
        self.0.changed.notify_all();
    }
}

/// How many threads so many elements are worth, of those that libtorch uses.
pub(super) fn number_for(elements: u64) -> usize {
    let worth = worth(elements);
    if worth == 1 {
        return 1;
    }
    usize::try_from(tch::get_num_threads())
        .unwrap_or(1)
        .clamp(1, worth)
}

fn worth(elements: u64) -> usize {
    usize::try_from(elements / WORTH_A_THREAD)
        .unwrap_or(usize::MAX)
        .max(1)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    #[test]
    fn small_tasks_are_taken_together_and_large_models_in_few_turns() {
        assert_eq!(turn(1 << 20, 2), PIECE);
        assert_eq!(turn(8 << 30, 64), 4 << 20);
        let huge = vec![PIECE; 100];
        let sizes: Vec<u64> = huge.into_iter().chain(vec![768; 1000]).collect();
        let (done, elements) = (Mutex::new(Vec::new()), sizes.iter().sum());
        share_unequal(
            sizes.clone(),
            elements,
            |&size| size,
            |size| done.lock().unwrap().push(size),
        );
        let mut done = done.into_inner().unwrap();
        done.sort_by_key(|&size| std::cmp::Reverse(size));
        assert_eq!(done, sizes);
    }

    /// Nanoseconds that starting a thread, taking a turn and drawing an element cost. A lock's cache line comes from
    /// another socket, twice.
    const START: f64 = 15e3;
    const TAKE: f64 = 300.0;
    const ELEMENT: f64 = 0.7;

    struct Simulated {
        threads: usize,
        /// When the last thread ends.
        end: f64,
        /// How long the queue is held.
        held: f64,
    }

    /// The calling thread starts the others one after the other, and the queue serves one at a time.
    fn simulate(threads: usize, sizes: &[u64]) -> Simulated {
        let elements: u64 = sizes.iter().sum();
        let threads = threads.min(worth(elements)).min(sizes.len());
        let mut ready: Vec<f64> = (1..=threads).map(|thread| thread as f64 * START).collect();
        ready[threads - 1] -= START;
        let (mut tasks, mut queue_free, mut held, mut end) = (sizes.iter().copied(), 0.0, 0.0, 0.0);
        loop {
            let earliest = ready.iter().copied().enumerate();
            let (thread, at) = earliest.min_by(|(_, a), (_, b)| a.total_cmp(b)).unwrap();
            let mut taken = Vec::new();
            take_turn(
                &mut tasks,
                turn(elements, threads),
                |&size| size,
                &mut taken,
            );
            if taken.is_empty() {
                return Simulated { threads, end, held };
            }
            held += TAKE;
            queue_free = f64::max(queue_free, at) + TAKE;
            ready[thread] = queue_free + taken.iter().sum::<u64>() as f64 * ELEMENT;
            end = f64::max(end, ready[thread]);
        }
    }

    /// No list of pieces keeps the queue busy for half of the time, or ends later than threads that shared the work to
    /// the nanosecond by more than a turn.
    #[test]
    fn the_queue_does_not_hold_up_many_threads() {
        let pieces = |elements: u64| vec![PIECE; (elements / PIECE) as usize];
        let tiny = |count| vec![768; count];
        for (name, sizes) in [
            ("124 M", pieces(124_439_808)),
            ("1.5 G", pieces(1_557_611_200)),
            ("8 G", pieces(8_030_261_248)),
            (
                "1 G and a thousand of 768",
                [pieces(1 << 30), tiny(1000)].concat(),
            ),
            ("a million of 768", tiny(1_000_000)),
        ] {
            let elements: u64 = sizes.iter().sum();
            for threads in [16, 64, 192] {
                let Simulated { threads, end, held } = simulate(threads, &sizes);
                let last_turn = (turn(elements, threads) + PIECE) as f64 * ELEMENT;
                let waited = held / threads as f64 + (START + TAKE) * threads as f64;
                let least = elements as f64 * ELEMENT / threads as f64;
                assert!(
                    end <= least + waited + last_turn,
                    "{name} on {threads} threads: {end}"
                );
                assert!(held < end / 2.0, "{name} on {threads} threads: {held}");
            }
        }
    }

    /// A thread more for each 2¹⁷ elements, as long as libtorch has as many.
    #[test]
    fn few_elements_start_few_threads() {
        assert_eq!(
            [0, WORTH_A_THREAD, 2 * WORTH_A_THREAD - 1].map(number_for),
            [1; 3]
        );
        let all = number_for(u64::MAX);
        assert_eq!(number_for(3 * WORTH_A_THREAD), all.min(3));
    }

    #[test]
    fn a_batch_is_worked_on_while_the_one_before_it_finishes() {
        let worked = Mutex::new([0; 6]);
        let changed = Condvar::new();
        let work = |batch: usize| {
            worked.lock().unwrap()[batch] += 1;
            changed.notify_all();
        };
        // Finishing is so slow that all of the next batch has been done meanwhile.
        let finish = |batch: usize| {
            let behind = |worked: &mut [usize; 6]| batch < 5 && worked[batch + 1] < 10;
            let worked = worked.lock().unwrap();
            assert_eq!(
                worked[batch], 10,
                "a batch finishes when its tasks are done"
            );
            assert_eq!(worked.get(batch + 2), (batch < 4).then_some(&0));
            let (worked, waited) = changed
                .wait_timeout_while(worked, Duration::from_mins(1), behind)
                .unwrap();
            drop(worked);
            if waited.timed_out() {
                Err(batch)
            } else {
                Ok(())
            }
        };
        let done = in_turns_on(3, 6, 2, |batch| vec![batch; 10], work, finish);
        assert_eq!(done, Ok(()));
        assert_eq!(worked.into_inner().unwrap(), [10; 6]);
    }

    #[test]
    fn one_thread_does_it_all_and_nothing_starts_after_an_error() {
        for threads in [1, 4] {
            let (started, worked) = (AtomicUsize::new(0), AtomicUsize::new(0));
            let start = |batch: usize| {
                started.fetch_add(1, Ordering::Relaxed);
                vec![batch; 3]
            };
            let work = |_| _ = worked.fetch_add(1, Ordering::Relaxed);
            let finish = |batch| if batch == 2 { Err("full") } else { Ok(()) };
            assert_eq!(in_turns_on(threads, 9, 2, start, work, finish), Err("full"));
            assert_eq!(started.into_inner(), 4);
            assert!((9..=12).contains(&worked.into_inner()));
        }
    }

    #[test]
    #[should_panic(expected = "a scoped thread panicked")]
    fn a_panic_of_a_task_ends_it_all() {
        let here = std::thread::current().id();
        let work = |()| {
            if std::thread::current().id() == here {
                std::thread::sleep(Duration::from_millis(1));
            } else {
                panic!("of a worker");
            }
        };
        let _ = in_turns_on(2, 3, 2, |_| vec![(); 1000], work, |_| Ok::<_, ()>(()));
    }
}
