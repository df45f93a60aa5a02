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
    /// A parameter without elements has NaN for all of them. Of complex numbers all are of the real parts, but for the
    /// standard deviation, which is that of the numbers as wholes: the root of the mean of |z − mean|².
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
                .map(|(entry, parts)| measurement(entry, &parts))
                .collect(),
        })
    }

    /// Those of the values, or of the real and the imaginary parts of complex ones.
    pub(super) fn moments(
        &self,
        indices: &[usize],
        tell: Option<&mut dyn FnMut(Progress)>,
    ) -> Result<Vec<[Moments; 2]>, Error> {
        let entries = self.entries();
        let pieces = each_piece(entries, indices, tell, |piece| {
            let mut measured = Measured {
                is_complex: entries[indices[piece.entry]].layout().dtype().is_complex(),
                parts: <[Moments; 2]>::default(),
            };
            piece.look(&mut measured)?;
            Ok(measured.parts)
        });
        let total = |pieces: Vec<[Moments; 2]>| {
            let mut total = <[Moments; 2]>::default();
            for piece in &pieces {
                for (total, part) in total.iter_mut().zip(piece) {
                    total.add(part);
                }
            }
            total
        };
        match pieces {
            Ok(pieces) => Ok(pieces.into_iter().map(total).collect()),
            Err(problem) => Err(self.failed(vec![problem])),
        }
    }
}

struct Measured {
    is_complex: bool,
    /// Of the values, or of the real and the imaginary parts.
    parts: [Moments; 2],
}

impl Look for Measured {
    fn see<T: Float>(&mut self, _: u64, values: &[T]) {
        let mut see = |part: usize, values: &[T]| {
            let total = &mut self.parts[part];
            run_at(Level::widest(), Pass { values, total });
        };
        if !self.is_complex {
            return see(0, values);
        }
        for part in 0..2 {
            let every_second: Vec<T> = values.iter().skip(part).step_by(2).copied().collect();
            see(part, &every_second);
        }
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

pub(super) fn measurement(entry: &Entry, [moments, imaginary]: &[Moments; 2]) -> Measurement {
    let or_nan = |value: f64| if moments.count == 0 { f64::NAN } else { value };
    let std = if imaginary.count == 0 {
        moments.std()
    } else {
        moments.std().hypot(imaginary.std())
    };
    Measurement {
        path: entry.path().to_owned(),
        shape: entry.shape().to_vec(),
        mean: or_nan(moments.mean),
        std: or_nan(std),
        min: or_nan(moments.min),
        max: or_nan(moments.max),
        zeros: or_nan(moments.zeros as f64 / moments.count as f64),
        not_finite: moments.not_finite + imaginary.not_finite,
    }
}
