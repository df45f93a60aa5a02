//! Random subsets: so many of a column's places, every choice equally likely.
//!
//! By R. W. Floyd's algorithm, one integer a place (J. Bentley and R. Floyd, "A Sample of Brilliance", Communications
//! of the ACM 30 (1987)): for each `last` of the final `count` places in turn, draw one from 0 to `last`, and choose
//! `last` itself if that one is taken. Of more than half the places, the rest is drawn instead.
//!
//! An integer below `n` is the upper half of a word times `n`; words that would make some integers likelier are passed
//! over (D. Lemire, "Fast Random Integer Generation in an Interval", ACM Transactions on Modeling and Computer
//! Simulation 29 (2019)). Words have 32 bits, or where `n` is above 2³², 64: two words, the lower first.

use std::ops::Range;

use super::dispatch::{Level, Work, run_at};
use crate::numeric::stream::{GROUP, Key, Tag};
use crate::sample::element::Element;

/// Columns that are drawn together: their marks share words.
pub(crate) const LANES: usize = u64::BITS as usize;

/// Chooses `count` places of each column. Bit `lane` of `marks[place]` is set where the column of that lane, whose
/// words begin at `starts[lane]`, has the place chosen; all are clear before.
pub(crate) fn choose(key: Key, count: u64, starts: &[u64], marks: &mut [u64]) {
    run_at(
        Level::widest(),
        Choose {
            key,
            count,
            starts,
            marks,
        },
    );
}

/// Sets the values whose mark is set to 0. `marks` holds a word for each [`LANES`] values, every `stride`-th of its
/// elements; the first value's mark is bit `lane` of the first.
pub(crate) fn clear<T: Element>(marks: &[u64], stride: usize, lane: usize, values: &mut [T]) {
    run_at(
        Level::widest(),
        Clear {
            marks,
            stride,
            lane,
            values,
        },
    );
}

struct Choose<'a> {
    key: Key,
    count: u64,
    starts: &'a [u64],
    marks: &'a mut [u64],
}

impl Work for Choose<'_> {
    #[inline(always)]
    fn run(self) {
        let Self {
            key,
            count,
            starts,
            marks,
        } = self;
        let places = marks.len() as u64;
        let rest = places - count;
        let mut drawn = [0; BUFFER];
        for (lane, &start) in starts.iter().enumerate() {
            let mut words = Words::from(key, start, count.min(rest));
            let mut lasts = count.max(rest)..places;
            while !lasts.is_empty() {
                for (&place, last) in words.below_each(&lasts, &mut drawn).iter().zip(&mut lasts) {
                    let taken = marks[place as usize] >> lane & 1 == 1;
                    let chosen = std::hint::select_unpredictable(taken, last, place);
                    marks[chosen as usize] |= 1 << lane;
                }
            }
        }
        if count > rest {
            let lanes = u64::MAX >> (LANES - starts.len());
            for marks in marks {
                *marks ^= lanes;
            }
        }
    }
}

struct Clear<'a, T> {
    marks: &'a [u64],
    stride: usize,
    lane: usize,
    values: &'a mut [T],
}

impl<T: Element> Work for Clear<'_, T> {
    #[inline(always)]
    fn run(self) {
        let Self {
            marks,
            stride,
            lane,
            mut values,
        } = self;
        let mut marks = marks.iter().step_by(stride);
        let mut next = || marks.next().copied().unwrap_or_default();
        if lane > 0 {
            let (head, rest) = values.split_at_mut(values.len().min(LANES - lane));
            clear_each(next() >> lane, head);
            values = rest;
        }
        let (whole, rest) = values.as_chunks_mut::<LANES>();
        for values in whole {
            clear_all(next(), values);
        }
        clear_each(next(), rest);
    }
}

/// Every value is written, by constant bits against one word: vector code at every level.
#[inline(always)]
fn clear_all<T: Element>(marks: u64, values: &mut [T; LANES]) {
    const HALF: usize = LANES / 2;
    let (halves, _) = values.as_chunks_mut::<HALF>();
    for (half, marks) in halves.iter_mut().zip([marks, marks >> HALF]) {
        let marks = marks as u32;
        for (lane, value) in half.iter_mut().enumerate() {
            let kept = marks & 1 << lane == 0;
            *value = if kept { *value } else { T::default() };
        }
    }
}

#[inline(always)]
fn clear_each<T: Element>(marks: u64, values: &mut [T]) {
    for (lane, value) in values.iter_mut().enumerate() {
        if marks >> lane & 1 == 1 {
            *value = T::default();
        }
    }
}

/// Words made at a time: enough groups for vector code, few enough for the innermost cache.
const BUFFER: usize = 4 * GROUP;

/// How many words there are of 32 bits.
const WORD: u64 = 1 << u32::BITS;

/// The words of [`Tag::Mask`], from any place on.
struct Words {
    key: Key,
    next_group: u64,
    /// How many more are likely to be asked for.
    expected: usize,
    buffer: [u32; BUFFER],
    used: usize,
    made: usize,
}

impl Words {
    #[inline(always)]
    fn from(key: Key, start: u64, expected: u64) -> Self {
        let skipped = (start % GROUP as u64) as usize;
        let mut words = Self {
            key,
            next_group: start / GROUP as u64,
            expected: expected as usize + skipped,
            buffer: [0; BUFFER],
            used: 0,
            made: 0,
        };
        words.make();
        words.used = skipped;
        words
    }

    #[inline(always)]
    fn make(&mut self) {
        self.made = self.expected.clamp(1, BUFFER).next_multiple_of(GROUP);
        self.expected = self.expected.saturating_sub(self.made);
        let words = &mut self.buffer[..self.made];
        self.key.words(Tag::Mask, self.next_group, words);
        self.next_group += (self.made / GROUP) as u64;
        self.used = 0;
    }

    #[inline(always)]
    fn next(&mut self) -> u64 {
        if self.used == self.made {
            self.make();
        }
        self.used += 1;
        u64::from(self.buffer[self.used - 1])
    }

    /// Integers from 0 to each of `lasts`, as many of the first as can be drawn at once: at least one.
    #[inline(always)]
    fn below_each<'a>(&mut self, lasts: &Range<u64>, out: &'a mut [u64; BUFFER]) -> &'a [u64] {
        if self.used == self.made {
            self.make();
        }
        // So few that it is unlikely for one of them to be in doubt.
        let few = WORD / 16 / (lasts.start + BUFFER as u64);
        let count = few.min(lasts.end - lasts.start) as usize;
        let words = &self.buffer[self.used..self.made];
        let words = &words[..count.min(words.len())];
        let most = lasts.start + words.len() as u64;
        let first = lasts.start as u32;
        let mut certain = !words.is_empty();
        for ((out, &word), n) in out.iter_mut().zip(words).zip(1..) {
            let product = u64::from(word) * u64::from(first.wrapping_add(n));
            certain &= product % WORD >= most;
            *out = product >> u32::BITS;
        }
        if certain {
            let count = words.len();
            self.used += count;
            return &out[..count];
        }
        out[0] = self.below(lasts.start + 1);
        &out[..1]
    }

    /// An integer from 0 to `n - 1`, each equally likely; `n` is 1 or more.
    #[inline(always)]
    fn below(&mut self, n: u64) -> u64 {
        if n > WORD {
            return self.below_wide(n);
        }
        loop {
            let product = self.next() * n;
            let low = product % WORD;
            // The division is only made where the outcome is in doubt.
            if low >= n || low >= (WORD - n) % n {
                return product >> u32::BITS;
            }
        }
    }

    #[cold]
    fn below_wide(&mut self, n: u64) -> u64 {
        loop {
            let word = self.next() | self.next() << u32::BITS;
            let product = u128::from(word) * u128::from(n);
            if product as u64 >= n.wrapping_neg() % n {
                return (product >> u64::BITS) as u64;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::distribution::{ChiSquared, ContinuousCDF};

    fn key(seed: u64) -> Key {
        Key::new(seed, "weight")
    }

    /// χ² of `counts` against equal shares stays below its 1 − 10⁻⁶ quantile.
    fn equally_likely(counts: &[u64]) -> bool {
        let share = counts.iter().sum::<u64>() as f64 / counts.len() as f64;
        assert!(
            share >= 100.0,
            "too few draws for the test to mean anything"
        );
        let square = |&n: &u64| (n as f64 - share).powi(2) / share;
        let statistic: f64 = counts.iter().map(square).sum();
        let law = ChiSquared::new((counts.len() - 1) as f64).unwrap();
        statistic < law.inverse_cdf(1.0 - 1e-6)
    }

    /// The chosen places of lane 0, as a bit set.
    fn subset(seed: u64, places: usize, count: u64) -> u64 {
        let mut marks = vec![0; places];
        choose(key(seed), count, &[0], &mut marks);
        (0..places).fold(0, |set, place| set | marks[place] << place)
    }

    #[test]
    fn every_subset_is_equally_likely() {
        for (places, count, subsets) in [(5, 2, 10), (6, 3, 20), (7, 5, 21), (4, 1, 4)] {
            let of_size = |set: &u64| set.count_ones() == count as u32;
            let all: Vec<u64> = (0..1 << places).filter(of_size).collect();
            assert_eq!(all.len(), subsets);
            let mut counts = vec![0; subsets];
            for seed in 0..20_000 {
                let set = subset(seed, places, count);
                counts[all.binary_search(&set).unwrap()] += 1;
            }
            assert!(equally_likely(&counts), "{count} of {places}: {counts:?}");
        }
    }

    /// Drawing the last place in a range too short by one, a mistake easily made, is found out.
    #[test]
    fn a_biased_choice_is_not() {
        let mut counts = [0; 6];
        for seed in 0..20_000 {
            let mut words = Words::from(key(seed), 0, 1);
            counts[words.below(5) as usize] += 1;
        }
        assert!(!equally_likely(&counts));
        assert!(equally_likely(&counts[..5]));
    }

    #[test]
    fn counts_are_exact_in_every_lane() {
        let starts: Vec<u64> = (0..LANES as u64).map(|lane| lane * 100 + 7).collect();
        for count in [0, 1, 49, 50, 51, 99, 100] {
            for lanes in [1, 17, LANES] {
                let mut marks = [0; 100];
                choose(key(1), count, &starts[..lanes], &mut marks);
                for lane in 0..LANES {
                    let chosen: u64 = marks.iter().map(|marks| marks >> lane & 1).sum();
                    assert_eq!(chosen, if lane < lanes { count } else { 0 });
                }
            }
        }
    }

    /// The contract: these words, in this order, by this arithmetic.
    #[test]
    fn places_are_drawn_from_the_words_of_the_mask() {
        let start = 1000;
        let mut groups = [0; 2 * GROUP];
        key(3).words(Tag::Mask, start / GROUP as u64, &mut groups);
        let words = &groups[(start % GROUP as u64) as usize..];
        let mut expected = [0; 10];
        for (word, last) in words.iter().zip([7, 8, 9]) {
            let place = ((u64::from(*word) * (last + 1)) >> 32) as usize;
            expected[if expected[place] == 1 {
                last as usize
            } else {
                place
            }] = 1;
        }
        let mut marks = [0; 10];
        choose(key(3), 3, &[start], &mut marks);
        assert_eq!(marks, expected);
    }

    #[test]
    fn values_are_pinned() {
        assert_eq!(subset(42, 10, 3), 146);
        assert_eq!(subset(42, 10, 8), 735);
    }

    #[test]
    fn marked_values_are_cleared() {
        const STRIDE: usize = 3;
        let words = [0x8000_0001_4000_0002_u64, u64::MAX, 5, 1 << 63];
        let marks: Vec<u64> = words
            .iter()
            .flat_map(|&word| [word, !word, !word])
            .collect();
        for lane in [0, 1, 31, 63] {
            for len in [0, 1, 31, 33, 64, 65, 127, 190] {
                let mut values = vec![1.0_f32; len];
                clear(&marks, STRIDE, lane, &mut values);
                for (place, value) in (lane..).zip(values) {
                    let marked = words[place / LANES] >> (place % LANES) & 1 == 1;
                    assert_eq!(
                        value,
                        if marked { 0.0 } else { 1.0 },
                        "{lane} {len} {place}"
                    );
                }
            }
        }
    }

    /// Small ranges are drawn many at a time; of longer ones some words are in doubt, and above 2³² one place takes
    /// two.
    #[test]
    fn places_drawn_at_once_are_those_drawn_one_by_one() {
        let mut in_doubt = 0;
        for first in [
            0,
            1000,
            1 << 20,
            1 << 24,
            1 << 27,
            3 << 30,
            WORD - 300,
            WORD + 1,
        ] {
            for seed in 0..100 {
                let words = || Words::from(key(seed), 7, 600);
                let (mut at_once, mut single) = (words(), words());
                let (mut lasts, mut out) = (first..first + 600, [0; BUFFER]);
                while !lasts.is_empty() {
                    let places = at_once.below_each(&lasts, &mut out);
                    in_doubt += u32::from(first == 1 << 24 && places.len() == 1);
                    for (&place, last) in places.iter().zip(&mut lasts) {
                        assert_eq!(place, single.below(last + 1));
                    }
                }
                assert_eq!(at_once.next(), single.next());
            }
        }
        assert!(in_doubt > 100, "{in_doubt}");
    }

    #[test]
    fn wide_ranges_take_two_words() {
        let n = (1 << 40) + 1;
        let mut words = Words::from(key(1), 0, 2);
        let mut again = Words::from(key(1), 0, 2);
        let drawn: Vec<u64> = (0..1000).map(|_| words.below(n)).collect();
        assert!(drawn.iter().all(|&x| x < n));
        assert!(drawn.iter().any(|&x| x > 1 << 39));
        let word = again.next() | again.next() << 32;
        assert_eq!(drawn[0], ((u128::from(word) * u128::from(n)) >> 64) as u64);
    }
}
