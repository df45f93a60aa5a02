//! What the values of each parameter are like.

use std::fmt;

use super::moments::Moments;
use super::read::{Float, Look, each_piece};
use super::{Histogram, Report};
use crate::blueprint::table;
use crate::engine::Progress;
use crate::sample::dispatch::{Level, Work, run_at};
use crate::{Entry, Error};

/// Some numbers about one parameter's values.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Measurement {
    /// The parameter's path.
    pub path: String,
    /// Its shape.
    pub shape: Vec<i64>,
    /// The mean.
    pub mean: f64,
    /// The standard deviation, of these values as a whole.
    pub std: f64,
    /// The least value.
    pub min: f64,
    /// The greatest value.
    pub max: f64,
    /// The share of values that are 0, from 0 to 1.
    pub zeros: f64,
    /// How many values are infinite or not a number; they do not enter the numbers above.
    pub not_finite: u64,
}

/// The measurements of all parameters; printed, a table.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
pub struct Measurements {
    parameters: Vec<Measurement>,
}

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

    /// How the values of the parameter at `path` are spread, for the terminal; `None` where there is no such parameter.
    ///
    /// # Errors
    ///
    /// As [`measure`](Report::measure).
    pub fn histogram(&self, path: &str) -> Result<Option<Histogram>, Error> {
        let index = self.entries().iter().position(|entry| entry.path() == path);
        let Some(index) = index else { return Ok(None) };
        let moments = self.moments(&[index], None)?;
        let measured = measurement(&self.entries()[index], &moments[0]);
        let histogram = Histogram::of(self.entries(), index, &measured);
        histogram
            .map(Some)
            .map_err(|problem| self.failed(vec![problem]))
    }

    fn moments(
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
            pieces.iter().for_each(|piece| total.add(piece));
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

impl Measurements {
    /// One for each parameter, in the plan's order.
    #[must_use]
    pub fn parameters(&self) -> &[Measurement] {
        &self.parameters
    }

    /// That of the parameter at `path`.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Measurement> {
        self.parameters.iter().find(|one| one.path == path)
    }
}

impl fmt::Display for Measurements {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        lines(&self.parameters).fmt(f)
    }
}

fn measurement(entry: &Entry, moments: &Moments) -> Measurement {
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

fn lines(parameters: &[Measurement]) -> impl fmt::Display {
    let mut table = table::new();
    table.set_header([
        "parameter",
        "shape",
        "mean",
        "std",
        "min",
        "max",
        "zeros",
        "",
    ]);
    for one in parameters {
        let number = |value: f64| format!("{value:.4e}");
        let not_finite = match one.not_finite {
            0 => String::new(),
            count => format!("{count} not finite"),
        };
        table.add_row([
            one.path.clone(),
            format!("{:?}", one.shape),
            number(one.mean),
            number(one.std),
            number(one.min),
            number(one.max),
            format!("{:.1} %", 100.0 * one.zeros),
            not_finite,
        ]);
    }
    table::align(&mut table);
    table.trim_fmt()
}
