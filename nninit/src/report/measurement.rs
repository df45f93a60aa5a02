//! What was measured of each parameter.

use std::fmt;

use crate::blueprint::table::Columns;

/// Some numbers about one parameter's values.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Measurement {
    /// The parameter's path.
    pub path: String,
    /// Its shape.
    pub shape: Vec<i64>,
    /// The mean.
    #[cfg_attr(feature = "serde", serde(with = "crate::numeric::exact"))]
    pub mean: f64,
    /// The standard deviation, of these values as a whole.
    #[cfg_attr(feature = "serde", serde(with = "crate::numeric::exact"))]
    pub std: f64,
    /// The least value.
    #[cfg_attr(feature = "serde", serde(with = "crate::numeric::exact"))]
    pub min: f64,
    /// The greatest value.
    #[cfg_attr(feature = "serde", serde(with = "crate::numeric::exact"))]
    pub max: f64,
    /// The share of values that are 0, from 0 to 1.
    #[cfg_attr(feature = "serde", serde(with = "crate::numeric::exact"))]
    pub zeros: f64,
    /// How many values are infinite or not a number; they do not enter the numbers above.
    pub not_finite: u64,
}

/// The measurements of all parameters; printed, a table.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
pub struct Measurements {
    pub(super) parameters: Vec<Measurement>,
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

fn lines(parameters: &[Measurement]) -> impl fmt::Display {
    let mut table = Columns::default();
    let header = ["parameter", "shape", "mean", "std", "min", "max", "zeros"];
    table.add(header.map(str::to_owned));
    for one in parameters {
        let number = |value: f64| format!("{value:.4e}");
        let not_finite = match one.not_finite {
            0 => String::new(),
            count => format!("{count} not finite"),
        };
        table.add([
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
    table
}
