//! What the values of each parameter are like.

#![allow(
    clippy::inline_always,
    reason = "only what is inlined into a SIMD level's function is compiled for that level"
)]

use super::Report;
use super::measurement::{Measurement, Measurements};
use super::moments::Moments;
use super::read::{Float, Look, each_piece};
use crate::engine::Progress;
use crate::sample::dispatch::{Level, Work, run_at};
use crate::{Entry, Error};

impl Report {
    /// Mean, standard deviation, least and greatest value and share of zeros of each parameter, as they are now.
    ///
    /// A parameter without elements has NaN for all of them. Of complex numbers it is the real parts.
    ///
    /// # Errors
    ///
    /// [`Error::Verify`] with a tensor that is no longer what was initialised: of another shape or kind, or elsewhere.
    pub fn measure(&self) -> Result<Measurements, Error> {
        self.measure_all(None)
    }

    /// As [`measure`](Report::measure), telling how far it is.
    ///
    /// # Errors
    ///
    /// As [`measure`](Report::measure).
    pub fn measure_with_progress(
        &self,
        mut progress: impl FnMut(Progress),
    ) -> Result<Measurements, Error> {
        self.measure_all(Some(&mut progress))
    }

    fn measure_all(&self, tell: Option<&mut dyn FnMut(Progress)>) -> Result<Measurements, Error> {
        self.has_tensors()?;
        let entries = self.entries();
        let all: Vec<usize> = (0..entries.len()).collect();
        let moments = self.moments(&all, tell)?;
        let measured = entries.iter().zip(moments);
        Ok(Measurements {
            parameters: measured
                .map(|(entry, moments)| measurement(entry, &moments))
                .collect(),
        })
    }

    pub(super) fn moments(
        &self,
        indices: &[usize],
        tell: Option<&mut dyn FnMut(Progress)>,
    ) -> Result<Vec<Moments>, Error> {
        let pieces = each_piece(self.entries(), indices, tell, |piece| {
            let mut measured = Measured::default();
            piece.look(&mut measured)?;
            Ok(measured.0)
        });
        let total = |pieces: Vec<Moments>| {
            let mut total = Moments::default();
            for piece in &pieces {
                total.add(piece);
            }
            total
        };
        match pieces {
            Ok(pieces) => Ok(pieces.into_iter().map(total).collect()),
            Err(problem) => Err(self.failed(vec![problem])),
        }
    }
}

#[derive(Default)]
struct Measured(Moments);

impl Look for Measured {
    fn see<T: Float>(&mut self, _: u64, values: &[T]) {
        let total = &mut self.0;
        run_at(Level::widest(), Pass { values, total });
    }
}

struct Pass<'a, T> {
    values: &'a [T],
    total: &'a mut Moments,
}

impl<T: Float> Work for Pass<'_, T> {
    #[inline(always)]
    fn run(self) {
        self.total.add(&Moments::of(self.values));
    }
}

pub(super) fn measurement(entry: &Entry, moments: &Moments) -> Measurement {
    let or_nan = |value: f64| if moments.count == 0 { f64::NAN } else { value };
    Measurement {
        path: entry.path().to_owned(),
        shape: entry.shape().to_vec(),
        mean: or_nan(moments.mean),
        std: or_nan(moments.std()),
        min: or_nan(moments.min),
        max: or_nan(moments.max),
        zeros: or_nan(moments.zeros as f64 / moments.count as f64),
        not_finite: moments.not_finite,
    }
}
