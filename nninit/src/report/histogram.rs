//! How values are spread, drawn with characters.

use std::fmt;

use super::Report;
use super::measure::measurement;
use super::measurement::Measurement;
use super::read::{Float, Look, each_piece};
use crate::{Entry, Error, Problem};

/// Bars: enough to see a shape, few enough for a terminal.
const BARS: usize = 20;

/// Columns of the longest bar.
const WIDTH: f64 = 40.0;

/// How the values of one parameter are spread; printed, horizontal bars.
///
/// ```text
/// fc.weight [64, 128]
///  -0.0761 ▏
///  -0.0685 █▌
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Histogram {
    title: String,
    low: f64,
    width: f64,
    counts: Vec<u64>,
}

impl Report {
    /// How the values of the parameter at `path` are spread, for the terminal; `None` where there is no such parameter.
    ///
    /// # Errors
    ///
    /// As [`measure`](Report::measure).
    pub fn histogram(&self, path: &str) -> Result<Option<Histogram>, Error> {
        self.has_tensors()?;
        let index = self.entries().iter().position(|entry| entry.path() == path);
        let Some(index) = index else { return Ok(None) };
        let moments = self.moments(&[index], None)?;
        let measured = measurement(&self.entries()[index], &moments[0]);
        let histogram = Histogram::of(self.entries(), index, &measured);
        histogram
            .map(Some)
            .map_err(|problem| self.failed(vec![problem]))
    }
}

impl Histogram {
    fn of(entries: &[Entry], index: usize, measured: &Measurement) -> Result<Self, Problem> {
        let (low, high) = (measured.min, measured.max);
        let bars = if high > low { BARS } else { 1 };
        let width = (high - low) / bars as f64;
        let pieces = each_piece(entries, &[index], None, |piece| {
            let counts = vec![0; bars];
            // Of complex numbers the real parts.
            let step = if entries[index].layout().dtype().is_complex() {
                2
            } else {
                1
            };
            let mut heaps = Heaps {
                low,
                width,
                step,
                counts,
            };
            piece.look(&mut heaps)?;
            Ok(heaps.counts)
        })?;
        let mut counts = vec![0; bars];
        for piece in pieces.into_iter().flatten() {
            counts
                .iter_mut()
                .zip(piece)
                .for_each(|(sum, count)| *sum += count);
        }
        Ok(Self {
            title: format!("{} {:?}", measured.path, measured.shape),
            low,
            width,
            counts,
        })
    }

    /// How many values fall into each of the equally wide bars, from the least to the greatest value.
    #[must_use]
    pub fn counts(&self) -> &[u64] {
        &self.counts
    }
}

struct Heaps {
    low: f64,
    width: f64,
    /// From one value that is counted to the next.
    step: usize,
    counts: Vec<u64>,
}

impl Look for Heaps {
    fn see<T: Float>(&mut self, _: u64, values: &[T]) {
        let values = values.iter().step_by(self.step).map(|&value| value.into());
        for value in values.filter(|value| value.is_finite()) {
            let (bar, last) = (
                ((value - self.low) / self.width) as usize,
                self.counts.len() - 1,
            );
            self.counts[bar.min(last)] += 1;
        }
    }
}

impl fmt::Display for Histogram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.title)?;
        let most = self.counts.iter().max().copied().unwrap_or(0).max(1) as f64;
        for (i, &count) in self.counts.iter().enumerate() {
            let from = self.low + i as f64 * self.width;
            write!(f, "\n{from:>12.4e} {}", bar(count as f64 / most))?;
        }
        Ok(())
    }
}

/// A bar in eighths of a column; what is there at all shows.
fn bar(share: f64) -> String {
    const EIGHTHS: [char; 8] = [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
    let eighths = (share * WIDTH * 8.0).ceil() as usize;
    let mut bar = "█".repeat(eighths / 8);
    if !eighths.is_multiple_of(8) {
        bar.push(EIGHTHS[eighths % 8]);
    }
    bar
}
