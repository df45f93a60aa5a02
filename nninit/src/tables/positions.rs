//! Sines and cosines of positions.

use crate::numeric::elementary::angle::sine;
use crate::numeric::elementary::pair::Pair;
use crate::sample::dispatch::{Level, Work, run_at};

/// A table of positions, ready to be read.
pub(super) struct Positions {
    prefix: u64,
    width: Option<u64>,
    /// Of one coordinate.
    waves: Waves,
    level: Level,
}

/// The wave of each channel of one coordinate: turns for a step of it, in two parts, and quarter turns that it is
/// ahead.
struct Waves {
    high: Vec<f64>,
    low: Vec<f64>,
    ahead: Vec<u64>,
}

impl Positions {
    pub(super) fn new(
        prefix: i64,
        base: f64,
        width: Option<i64>,
        interleaved: bool,
        channels: u64,
    ) -> Self {
        let coordinates = if width.is_some() { 2 } else { 1 };
        Self {
            prefix: prefix as u64,
            width: width.map(|width| width as u64),
            waves: Waves::new(channels / coordinates, base, interleaved),
            level: Level::widest(),
        }
    }

    #[cfg(test)]
    pub(super) fn set_level(&mut self, level: Level) {
        self.level = level;
    }

    /// The elements of a row from channel `first` on.
    pub(super) fn row(&self, row: u64, mut first: u64, mut out: &mut [f64]) {
        let Some(position) = row.checked_sub(self.prefix) else {
            return out.fill(0.0);
        };
        let coordinates = match self.width {
            None => [position, 0],
            Some(width) => [position % width, position / width],
        };
        let channels = self.waves.ahead.len() as u64;
        while !out.is_empty() {
            let (which, channel) = ((first / channels) as usize, (first % channels) as usize);
            let count = out.len().min(channels as usize - channel);
            let (now, rest) = out.split_at_mut(count);
            let of = channel..channel + count;
            let at = At {
                coordinate: coordinates[which] as f64,
                high: &self.waves.high[of.clone()],
                low: &self.waves.low[of.clone()],
                ahead: &self.waves.ahead[of],
                out: now,
            };
            run_at(self.level, at);
            (out, first) = (rest, first + count as u64);
        }
    }
}

impl Waves {
    fn new(channels: u64, base: f64, interleaved: bool) -> Self {
        let half = channels / 2;
        let ln_base = Pair::ln(base);
        let frequency = |k| (-(Pair::fraction(k, half) * ln_base)).exp() * Pair::PER_TURN;
        let frequencies: Vec<Pair> = (0..half).map(frequency).collect();
        let wave = |channel: u64| {
            if interleaved {
                (channel / 2, channel % 2)
            } else {
                (channel % half, channel / half)
            }
        };
        let waves = || (0..half * 2).map(wave);
        let frequencies = || waves().map(|(k, _)| frequencies[k as usize]);
        Self {
            high: frequencies().map(|frequency| frequency.high).collect(),
            low: frequencies().map(|frequency| frequency.low).collect(),
            ahead: waves().map(|(_, ahead)| ahead).collect(),
        }
    }
}

/// Some channels at one place.
struct At<'a> {
    coordinate: f64,
    high: &'a [f64],
    low: &'a [f64],
    ahead: &'a [u64],
    out: &'a mut [f64],
}

impl Work for At<'_> {
    #[inline(always)]
    fn run(self) {
        let waves = self.high.iter().zip(self.low).zip(self.ahead);
        for (out, ((&high, &low), &ahead)) in self.out.iter_mut().zip(waves) {
            *out = sine(Pair { high, low } * self.coordinate, ahead);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(positions: &Positions, row: u64, channels: usize) -> Vec<f64> {
        let mut out = vec![9.0; channels];
        positions.row(row, 0, &mut out);
        out
    }

    const SIN_1: f64 = 0.841_470_984_807_896_5;
    const COS_1: f64 = 0.540_302_305_868_139_8;
    const SIN_01: f64 = 0.009_999_833_334_166_664;
    const COS_01: f64 = 0.999_950_000_416_665_3;

    /// As MAE and DiT have it: the columns' channels first.
    #[test]
    fn a_grid_of_two_by_two() {
        let grid = Positions::new(1, 1e4, Some(2), false, 8);
        assert_eq!(row(&grid, 0, 8), [0.0; 8]);
        assert_eq!(row(&grid, 1, 8), [0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 1.0]);
        let right = [SIN_1, SIN_01, COS_1, COS_01, 0.0, 0.0, 1.0, 1.0];
        assert_eq!(row(&grid, 2, 8), right);
        let down = [0.0, 0.0, 1.0, 1.0, SIN_1, SIN_01, COS_1, COS_01];
        assert_eq!(row(&grid, 3, 8), down);
    }

    #[test]
    fn a_line() {
        let line = Positions::new(0, 1e4, None, false, 4);
        assert_eq!(row(&line, 0, 4), [0.0, 0.0, 1.0, 1.0]);
        assert_eq!(row(&line, 1, 4), [SIN_1, SIN_01, COS_1, COS_01]);
        let interleaved = Positions::new(0, 1e4, None, true, 4);
        assert_eq!(row(&interleaved, 1, 4), [SIN_1, COS_1, SIN_01, COS_01]);
    }

    /// From 400 bits of each.
    #[test]
    fn the_last_of_a_million_positions() {
        let table = Positions::new(0, 1e4, None, false, 8);
        let due = [
            -0.349_993_502_171_292_94,
            0.035_748_797_972_016_51,
            -0.305_614_388_888_252_15,
            0.826_879_540_532_002_5,
            0.936_752_127_533_144_7,
            -0.999_360_807_438_212_4,
            -0.952_155_368_259_014_8,
            0.562_379_076_290_702_9,
        ];
        let found = row(&table, 1_000_000, 8);
        for (found, due) in found.into_iter().zip(due) {
            let due: f64 = due;
            assert!(
                (found - due).abs() <= due.abs() * f64::EPSILON,
                "{found} for {due}"
            );
        }
    }
}
