//! What an initialisation did.

mod bits;
mod bounds;
mod cells;
mod grid;
mod histogram;
mod lattice;
mod measure;
mod measurement;
mod moments;
mod probability;
mod read;
mod repeats;
#[cfg(feature = "serde")]
mod serialize;
mod structure;
mod tally;
mod verified;
mod verify;

use std::borrow::Cow;
use std::fmt;

use tch::Tensor;

pub use self::histogram::Histogram;
pub use self::measurement::{Measurement, Measurements};
pub use self::verified::{Unchecked, Verified};
use crate::blueprint::table;
use crate::numeric::source::Bits;
use crate::{Blueprint, Cause, Entry, Error, Plan, Problem, Progress, Source, engine};

/// What was done to each parameter. Printed, it is the plan's table with what has been done.
///
/// It looks at the model's own memory, so [`measure`](Report::measure) and [`verify`](Report::verify) tell of the
/// values as they are when they are called.
///
/// With the feature `serde` it is written and read: the blueprint, the seed or what else the bits came from, the
/// version of this crate, and what was [`measured`](Report::measured). Tensors stay where they are;
/// [`bind`](Report::bind) gives a report that was read those of a model, to see whether they hold what was reported.
#[derive(Debug, Clone)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(into = "serialize::File", from = "serialize::File")
)]
pub struct Report {
    of: Of,
    bits: Bits,
    version: Cow<'static, str>,
    measurements: Option<Measurements>,
}

/// What a report is of.
#[derive(Debug, Clone)]
enum Of {
    Plan(Plan),
    /// Of tensors that are elsewhere: it was read from a file.
    #[cfg_attr(
        not(feature = "serde"),
        expect(dead_code, reason = "files need `serde`")
    )]
    Blueprint(Blueprint),
}

impl Plan {
    /// Writes every parameter.
    ///
    /// From [`TorchRng`](crate::TorchRng) come PyTorch's own bits, in declaration order. From an [`Rng`](rand::Rng) it
    /// takes one number, the seed; the same seed gives the same values whatever the thread count, the device, the
    /// memory format and the other parameters. Gradients are off meanwhile.
    ///
    /// # Errors
    ///
    /// [`Error::Plan`], and nothing is written, if a tensor is no longer what it was when the plan was made: of another
    /// kind, shape or memory. [`Error::Write`] when a user's own function fails, or the device does.
    pub fn execute<S: Source + ?Sized>(&self, source: &mut S) -> Result<Report, Error> {
        let bits = engine::execute(self, || source.bits(), None)?;
        Ok(Report::new(self.clone(), bits))
    }

    /// As [`execute`](Plan::execute), of a plan that was made just now, and that nobody else has.
    pub(crate) fn execute_new<S: Source + ?Sized>(self, source: &mut S) -> Result<Report, Error> {
        let bits = engine::execute_new(&self, source.bits())?;
        Ok(Report::new(self, bits))
    }

    /// As [`execute`](Plan::execute), telling how far it is.
    ///
    /// `progress` is called on this thread, after each 16 million elements or so and at the end. It is never called
    /// while memory is being written; what it changes of a tensor that is still to be written is an error.
    ///
    /// # Errors
    ///
    /// As [`execute`](Plan::execute).
    pub fn execute_with_progress<S: Source + ?Sized>(
        &self,
        source: &mut S,
        mut progress: impl FnMut(Progress),
    ) -> Result<Report, Error> {
        let bits = engine::execute(self, || source.bits(), Some(&mut progress))?;
        Ok(Report::new(self.clone(), bits))
    }
}

impl Report {
    fn new(plan: Plan, bits: Bits) -> Self {
        Self {
            of: Of::Plan(plan),
            bits,
            version: env!("CARGO_PKG_VERSION").into(),
            measurements: None,
        }
    }

    /// The parameters with their tensors, in declaration order; none for a report that was read from a file.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        self.plan().map_or(&[], Plan::entries)
    }

    /// The plan that was executed; a report that was read from a file has none.
    #[must_use]
    pub fn plan(&self) -> Option<&Plan> {
        match &self.of {
            Of::Plan(plan) => Some(plan),
            Of::Blueprint(_) => None,
        }
    }

    /// What was done, as data.
    #[must_use]
    pub fn blueprint(&self) -> Blueprint {
        match &self.of {
            Of::Plan(plan) => plan.blueprint(),
            Of::Blueprint(blueprint) => blueprint.clone(),
        }
    }

    /// The number that every value follows from; `None` where the bits came from [`TorchRng`](crate::TorchRng).
    #[must_use]
    pub fn seed(&self) -> Option<u64> {
        match self.bits {
            Bits::Seed(seed) => Some(seed),
            Bits::Torch { .. } => None,
        }
    }

    /// The version of this crate that wrote the values.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// What [`measured`](Report::measured) found.
    #[must_use]
    pub fn measurements(&self) -> Option<&Measurements> {
        self.measurements.as_ref()
    }

    /// The report with what [`measure`](Report::measure) finds now, to be kept with it in a file.
    ///
    /// # Errors
    ///
    /// As [`measure`](Report::measure).
    pub fn measured(mut self) -> Result<Self, Error> {
        self.measurements = Some(self.measure()?);
        Ok(self)
    }

    /// The report of these tensors: to verify that a model holds what was reported, here or elsewhere.
    ///
    /// # Errors
    ///
    /// As [`Blueprint::bind`].
    pub fn bind<N: Into<String>>(
        &self,
        tensors: impl IntoIterator<Item = (N, Tensor)>,
    ) -> Result<Self, Error> {
        Ok(Self {
            of: Of::Plan(self.blueprint().bind(tensors)?),
            ..self.clone()
        })
    }

    /// An error where there are no tensors to look at.
    fn has_tensors(&self) -> Result<(), Error> {
        match self.of {
            Of::Plan(_) => Ok(()),
            Of::Blueprint(_) => Err(self.failed_whole(
                "the report was read from a file and has no tensors; give it a model's with `bind`",
            )),
        }
    }

    fn failed(&self, problems: Vec<Problem>) -> Error {
        Error::Verify {
            problems,
            parameters: self.entries().len(),
        }
    }

    fn failed_whole(&self, what: &str) -> Error {
        self.failed(vec![Problem {
            path: String::new(),
            shape: None,
            scheme: None,
            reason: Cause::Failed(what.to_owned()).into(),
        }])
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const VERB: &str = "initialised";
        match &self.of {
            Of::Plan(plan) => plan.table(VERB).fmt(f),
            Of::Blueprint(blueprint) => table::blueprint(blueprint, VERB).fmt(f),
        }
    }
}
