//! Two ways of doing the same, timed in turns.

use std::time::{Duration, Instant};

use anyhow::Result;

/// A call shorter than this is repeated, so that the clock is not what is measured.
const SAMPLE: Duration = Duration::from_millis(2);

/// Medians over all pairs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pairs {
    /// Seconds a call.
    pub(crate) ours: f64,
    /// Seconds a call.
    pub(crate) theirs: f64,
    /// The median of the ratios, not the ratio of the medians: a machine that drifts slows both halves of a pair.
    pub(crate) ratio: f64,
}

/// Times `ours`, `theirs`, `ours`, `theirs`, …; both run beforehand, so that all memory they touch is there.
pub(crate) fn pairs(
    count: usize,
    ours: impl FnMut() -> Result<()>,
    theirs: impl FnMut() -> Result<()>,
) -> Result<Pairs> {
    pairs_of(count, sampler(ours), sampler(theirs))
}

/// The same for those that time themselves: each is told how many calls to make, and says how many seconds one took.
pub(crate) fn pairs_of(
    count: usize,
    mut ours: impl FnMut(u32) -> Result<f64>,
    mut theirs: impl FnMut(u32) -> Result<f64>,
) -> Result<Pairs> {
    let (our_calls, their_calls) = (calls(&mut ours)?, calls(&mut theirs)?);
    let mut times = Vec::with_capacity(count);
    for _ in 0..count {
        times.push((ours(our_calls)?, theirs(their_calls)?));
    }
    Ok(Pairs {
        ours: median(times.iter().map(|(ours, _)| *ours)),
        theirs: median(times.iter().map(|(_, theirs)| *theirs)),
        ratio: median(times.iter().map(|(ours, theirs)| theirs / ours)),
    })
}

/// Times calls of `work`.
pub(crate) fn sampler(mut work: impl FnMut() -> Result<()>) -> impl FnMut(u32) -> Result<f64> {
    move |calls| {
        let start = Instant::now();
        for _ in 0..calls {
            work()?;
        }
        Ok(start.elapsed().as_secs_f64() / f64::from(calls))
    }
}

/// Seconds a call, the median of `count` samples.
pub(crate) fn alone(count: usize, work: impl FnMut() -> Result<()>) -> Result<f64> {
    let mut sample = sampler(work);
    let calls = calls(&mut sample)?;
    let times: Result<Vec<_>> = (0..count).map(|_| sample(calls)).collect();
    Ok(median(times?.into_iter()))
}

pub(crate) fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<_> = values.collect();
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len().is_multiple_of(2) {
        values[middle - 1].midpoint(values[middle])
    } else {
        values[middle]
    }
}

/// How many calls make a sample.
fn calls(sample: &mut impl FnMut(u32) -> Result<f64>) -> Result<u32> {
    sample(1)?;
    let mut calls = 1;
    while sample(calls)? * f64::from(calls) < SAMPLE.as_secs_f64() && calls < 1 << 24 {
        calls *= 2;
    }
    Ok(calls)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_an_even_number_lies_between_the_middle_two() {
        assert_eq!(median([9.0, 1.0, 2.0].into_iter()), 2.0);
        assert_eq!(median([9.0, 1.0, 2.0, 4.0].into_iter()), 3.0);
    }

    #[test]
    fn both_take_turns() {
        let turns = std::cell::RefCell::new(Vec::new());
        let (ours, theirs) = (
            || {
                std::thread::sleep(SAMPLE);
                turns.borrow_mut().push('o');
                Ok(())
            },
            || {
                std::thread::sleep(SAMPLE);
                turns.borrow_mut().push('t');
                Ok(())
            },
        );
        pairs(3, ours, theirs).unwrap();
        let turns: String = turns.into_inner().into_iter().collect();
        assert_eq!(turns, "oottototot");
    }
}
