//! What is counted about the values of one law, in one pass.

#![allow(
    clippy::inline_always,
    reason = "only what is inlined into a SIMD level's function is compiled for that level"
)]

use super::grid::{Counts, Grid, SLOTS};
use super::moments::Moments;
use super::read::Float;
use crate::sample::dispatch::{Level, Work, run_at};

/// Values of a user's distribution that are compared with fresh draws.
pub(super) const COMPARED: usize = 1 << 16;

/// Values that the work on one step of the pass is done on, few enough for the innermost cache.
const CHUNK: usize = 1 << 11;

/// What to count.
#[derive(Debug, Clone, Copy)]
pub(super) enum Count {
    /// Values that are not this one.
    Others(f64),
    /// Parts of complex numbers that are not this one where they are real, and 0 where imaginary.
    OtherParts(f64),
    /// Values in each cell.
    Cells(Grid),
    /// Nothing but what is kept for a comparison.
    Kept,
    /// Nothing besides what is counted of all.
    Nothing,
}

/// What is counted about some values of a law.
#[derive(Debug)]
pub(super) struct Tally {
    pub(super) moments: Moments,
    /// A digest: the same for equal sequences, and different for nearly all others.
    pub(super) digest: u64,
    /// Of pairs of neighbours, those whose second is the greater one, and the lesser one.
    pub(super) rises: u64,
    pub(super) falls: u64,
    /// Values in each cell, of what has been added.
    pub(super) cells: Vec<u64>,
    counts: Option<Box<Counts>>,
    pub(super) anchors: Vec<Anchor>,
    pub(super) kept: Vec<f64>,
    pub(super) others: u64,
    pub(super) other: Option<f64>,
}

/// A place that is picked for its value, and a digest of what follows it, signs aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Anchor {
    pub(super) digest: u64,
    pub(super) place: u64,
}

/// Values that an anchor stands for.
pub(super) const WINDOW: usize = 32;

/// Values that decide whether an anchor stands there.
const PICKED_BY: usize = 2;

impl Tally {
    /// Nothing yet, to be added to.
    pub(super) fn empty() -> Self {
        Self::new(Count::Nothing)
    }

    pub(super) fn new(count: Count) -> Self {
        let counts = matches!(count, Count::Cells(_)).then(|| Box::new([[0; SLOTS]; 2]));
        Self {
            moments: Moments::default(),
            digest: 0,
            rises: 0,
            falls: 0,
            cells: Vec::new(),
            counts,
            anchors: Vec::new(),
            kept: Vec::new(),
            others: 0,
            other: None,
        }
    }

    /// Counts values that stand one after the other, from `place` on, among those of the law. Of every 2³² places about
    /// `density` are picked as anchors.
    pub(super) fn see<T: Float>(&mut self, count: Count, density: u32, place: u64, values: &[T]) {
        if let Count::Kept = count {
            let room = COMPARED - self.kept.len().min(COMPARED);
            let kept = values.iter().take(room).map(|&value| value.into());
            self.kept.extend(kept);
        }
        let pass = Pass {
            tally: self,
            count,
            density,
            place,
            values,
        };
        run_at(Level::widest(), pass);
    }

    /// Adds what was counted of the values that follow.
    pub(super) fn add(&mut self, other: Self) {
        self.moments.add(&other.moments);
        self.digest = self.digest.wrapping_add(other.digest);
        self.rises += other.rises;
        self.falls += other.falls;
        if let Some(counts) = other.counts {
            self.cells.resize(SLOTS, 0);
            let [even, odd] = *counts;
            for ((sum, even), odd) in self.cells.iter_mut().zip(even).zip(odd) {
                *sum += u64::from(even) + u64::from(odd);
            }
        }
        self.anchors.extend(other.anchors);
        self.kept.extend(other.kept);
        self.kept.truncate(COMPARED);
        self.others += other.others;
        self.other = self.other.or(other.other);
    }
}

struct Pass<'a, T> {
    tally: &'a mut Tally,
    count: Count,
    density: u32,
    place: u64,
    values: &'a [T],
}

impl<T: Float> Work for Pass<'_, T> {
    #[inline(always)]
    fn run(self) {
        let Self {
            tally,
            count,
            density,
            place,
            values,
        } = self;
        if let Count::Others(due) = count {
            return see_others(tally, |_| due, values);
        }
        if let Count::OtherParts(real) = count {
            let due = |index: usize| {
                if (place + index as u64).is_multiple_of(2) {
                    real
                } else {
                    0.0
                }
            };
            return see_others(tally, due, values);
        }
        for (place, chunk) in (place..).step_by(CHUNK).zip(values.chunks(CHUNK)) {
            tally.moments.add(&Moments::of(chunk));
            tally.digest = tally.digest.wrapping_add(digest(place, chunk));
            let (rises, falls) = steps(place, chunk);
            tally.rises += rises;
            tally.falls += falls;
            if let (Count::Cells(grid), Some(counts)) = (count, &mut tally.counts) {
                grid.count(chunk, counts);
            }
        }
        if density > 0 {
            anchors(density, place, values, &mut tally.anchors);
        }
    }
}

#[inline(always)]
fn see_others<T: Float>(tally: &mut Tally, due: impl Fn(usize) -> f64, values: &[T]) {
    let mut others = 0;
    for (index, &value) in values.iter().enumerate() {
        others += u64::from(value.into() != due(index));
    }
    if others > 0 && tally.other.is_none() {
        let mut values = values.iter().map(|&value| value.into()).enumerate();
        tally.other = values.find_map(|(index, value)| (value != due(index)).then_some(value));
    }
    tally.others += others;
    tally.moments.count += values.len() as u64;
}

/// A sum, so that parts of a sequence can be added in any order.
#[inline(always)]
fn digest<T: Float>(place: u64, values: &[T]) -> u64 {
    const PLACE: u64 = 0x9E37_79B9_7F4A_7C15;
    const MIX: u64 = 0xD6E8_FEB8_6659_FD93;
    let mut sum = 0_u64;
    let mut at = place.wrapping_mul(PLACE);
    for &value in values {
        let mixed = value.bits().wrapping_add(at);
        let mixed = (mixed ^ mixed >> 32).wrapping_mul(MIX);
        sum = sum.wrapping_add(mixed ^ mixed >> 29);
        at = at.wrapping_add(PLACE);
    }
    sum
}

/// How many of the pairs that begin at even places rise, and how many fall.
#[inline(always)]
fn steps<T: Float>(place: u64, values: &[T]) -> (u64, u64) {
    let odd = (place % 2) as usize;
    let (pairs, _) = values.get(odd..).unwrap_or_default().as_chunks::<2>();
    let (mut rises, mut falls) = (0_u32, 0_u32);
    for [a, b] in pairs {
        rises += u32::from(a < b);
        falls += u32::from(a > b);
    }
    (u64::from(rises), u64::from(falls))
}

/// Picks places by what stands there, so that the same are picked wherever values stand a second time.
#[inline(always)]
fn anchors<T: Float>(density: u32, place: u64, values: &[T], anchors: &mut Vec<Anchor>) {
    const CHUNK: usize = 256;
    let Some(last) = (values.len() + 1).checked_sub(WINDOW) else {
        return;
    };
    for start in (0..last).step_by(CHUNK) {
        let len = CHUNK.min(last - start);
        let values = &values[start..start + len + PICKED_BY - 1];
        let mut picked = 0;
        for (&a, &b) in values.iter().zip(&values[1..]) {
            picked += u32::from(pick(a, b) <= density);
        }
        if picked == 0 {
            continue;
        }
        for (offset, (&a, &b)) in values.iter().zip(&values[1..]).enumerate() {
            if pick(a, b) <= density {
                anchors.push(Anchor {
                    digest: 0,
                    place: place + (start + offset) as u64,
                });
            }
        }
    }
    for anchor in anchors.iter_mut().rev() {
        let Some(start) = anchor
            .place
            .checked_sub(place)
            .filter(|_| anchor.digest == 0)
        else {
            break;
        };
        let start = start as usize;
        anchor.digest = window(&values[start..start + WINDOW]);
    }
}

#[inline(always)]
fn pick<T: Float>(a: T, b: T) -> u32 {
    let mixed = a
        .magnitude()
        .wrapping_mul(0x9E37_79B1)
        .wrapping_add(b.magnitude().wrapping_mul(0x85EB_CA77));
    (mixed ^ mixed >> 15).wrapping_mul(0xC2B2_AE3D)
}

/// Never 0.
#[inline(always)]
fn window<T: Float>(values: &[T]) -> u64 {
    let mut sum = 0_u64;
    for (value, weight) in values.iter().zip(&WEIGHTS) {
        sum = sum.wrapping_add(u64::from(value.magnitude()).wrapping_mul(*weight));
    }
    (sum ^ sum >> 32).wrapping_mul(WEIGHTS[0]) | 1
}

/// Odd numbers without a pattern (Steele, Lea & Flood 2014).
const WEIGHTS: [u64; WINDOW] = {
    let mut weights = [0; WINDOW];
    let mut state = 0_u64;
    let mut i = 0;
    while i < WINDOW {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = state;
        z = (z ^ z >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ z >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        weights[i] = (z ^ z >> 31) | 1;
        i += 1;
    }
    weights
};

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(cuts: &[usize], values: &[f32]) -> Tally {
        let mut tally = Tally::new(Count::Nothing);
        let mut first = 0;
        for &cut in cuts.iter().chain([&values.len()]) {
            let mut part = Tally::new(Count::Nothing);
            part.see(Count::Nothing, u32::MAX, first as u64, &values[first..cut]);
            tally.add(part);
            first = cut;
        }
        tally
    }

    #[test]
    fn what_is_counted_does_not_depend_on_how_values_are_cut() {
        let values: Vec<f32> = (0..5000_u32)
            .map(|i| (i.wrapping_mul(0x9E37_79B1) >> 8) as f32)
            .collect();
        let (whole, cut) = (tally(&[], &values), tally(&[2, 1000, 1002, 3500], &values));
        assert_eq!(whole.digest, cut.digest);
        assert_eq!((whole.rises, whole.falls), (cut.rises, cut.falls));
        assert_eq!(whole.rises + whole.falls, 2500);
        assert_eq!(whole.anchors.len(), 5000 - WINDOW + 1);
        assert!(
            cut.anchors
                .iter()
                .all(|anchor| whole.anchors.contains(anchor))
        );
        let mut other = values.clone();
        other.swap(17, 4711);
        assert_ne!(tally(&[], &other).digest, whole.digest);
    }

    #[test]
    fn windows_are_the_same_wherever_they_stand_and_whatever_their_signs() {
        let block: Vec<f32> = (1..=40_u8).map(f32::from).collect();
        let negated = block.iter().map(|value| -value);
        let values: Vec<f32> = block.iter().copied().chain([0.5]).chain(negated).collect();
        let tally = tally(&[], &values);
        let again = tally.anchors.iter().find(|anchor| anchor.place == 41);
        assert_eq!(tally.anchors[0].digest, again.unwrap().digest);
        assert_ne!(tally.anchors[0].digest, tally.anchors[1].digest);
    }
}
