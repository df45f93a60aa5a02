//! What the values of each parameter are like.

use std::fmt;

use super::read::each_block;
use super::{Histogram, Report};
use crate::Entry;
use crate::blueprint::table;

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
    /// A parameter without elements has NaN for all of them.
    #[must_use]
    pub fn measure(&self) -> Measurements {
        Measurements {
            parameters: self.entries().iter().map(measure).collect(),
        }
    }

    /// How the values of the parameter at `path` are spread, for the terminal; `None` where there is no such parameter.
    #[must_use]
    pub fn histogram(&self, path: &str) -> Option<Histogram> {
        let entry = self.entries().iter().find(|entry| entry.path() == path)?;
        Some(Histogram::of(&entry.tensor(), &measure(entry)))
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

fn measure(entry: &Entry) -> Measurement {
    let (mut count, mut zeros, mut not_finite) = (0_u64, 0_u64, 0_u64);
    let (mut min, mut max) = (f64::INFINITY, f64::NEG_INFINITY);
    // Sums of what is left of a value that stands for all: nothing is lost where the mean is far from 0.
    let mut origin = None;
    let (mut sum, mut squares) = (0.0, 0.0);
    each_block(&entry.tensor(), &mut |_, values| {
        for &value in values {
            if !value.is_finite() {
                not_finite += 1;
                continue;
            }
            let moved = value - *origin.get_or_insert(value);
            sum += moved;
            squares += moved * moved;
            count += 1;
            zeros += u64::from(value == 0.0);
            (min, max) = (min.min(value), max.max(value));
        }
    });
    let n = count as f64;
    let or_nan = |value: f64| if count == 0 { f64::NAN } else { value };
    Measurement {
        path: entry.path().to_owned(),
        shape: entry.shape().to_vec(),
        mean: or_nan(origin.unwrap_or_default() + sum / n),
        std: or_nan((squares / n - (sum / n).powi(2)).max(0.0).sqrt()),
        min: or_nan(min),
        max: or_nan(max),
        zeros: or_nan(zeros as f64 / n),
        not_finite,
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
