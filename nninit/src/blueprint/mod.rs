//! What an initialisation will do, as data: every parameter with its steps, checked. No tensor, no libtorch.

pub(crate) mod names;
mod parameter;
pub(crate) mod pattern;
mod patterns;
#[cfg(feature = "serde")]
mod serialize;
mod step;
pub(crate) mod table;
mod totals;
pub(crate) mod warning;
pub(crate) mod width;

use std::collections::HashMap;
use std::sync::Arc;

pub use self::parameter::Parameter;
pub use self::patterns::Patterns;
pub use self::step::PlannedStep;
pub(crate) use self::totals::Totals;
pub use self::width::Width;
use crate::declare::draft::{Draft, Left};
use crate::{Cause, Dtype, Error, Problem, path_hash};

/// Every parameter with its steps, checked, as data: no tensor is held, and libtorch is not needed.
///
/// A plan has one ([`Plan::blueprint`](crate::Plan::blueprint)), and rules make one of a list of names, shapes and
/// kinds:
///
/// ```
/// use nninit::{Dtype, Rules};
///
/// let rules: Rules = "
///     **.weight => kaiming_normal(nonlinearity=relu)
///     **.bias   => zeros
/// ".parse()?;
/// let blueprint = rules.blueprint([
///     ("fc1.weight", vec![128, 784], Dtype::F32),
///     ("fc1.bias", vec![128], Dtype::F32),
/// ])?;
/// assert_eq!(blueprint.entries()[0].steps()[0].law().unwrap().to_string(), "N(0, 0.05051²)");
/// println!("{blueprint}");
/// # Ok::<(), nninit::Error>(())
/// ```
///
/// Two are equal if all that they say is: paths, streams, shapes, kinds, ties, words and laws, in the same order.
/// Users' own functions stand beside the data and are not compared; neither are they serialised.
/// [`same_values`](Self::same_values) asks for less: whether both give the same values.
///
/// With the feature `serde` it is written and read, numbers exact. What is read passes every check that a plan makes;
/// of a user's own function it has the name alone, and refuses to draw.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(into = "serialize::File", try_from = "serialize::File")
)]
pub struct Blueprint {
    entries: Arc<[Parameter]>,
    left: Arc<[Left]>,
}

impl Blueprint {
    pub(crate) fn new(entries: Vec<Parameter>, left: &[Left]) -> Self {
        Self {
            entries: entries.into(),
            left: left.into(),
        }
    }

    /// Resolves every declaration against a shape and a kind; all mistakes at once.
    pub(crate) fn resolve(draft: Draft<(Vec<i64>, Dtype)>) -> Result<Self, Error> {
        let Draft {
            parameters,
            left,
            mut problems,
            ..
        } = draft;
        let count = parameters.len();
        let entries: Vec<Parameter> = parameters
            .into_iter()
            .filter_map(|(declared, (shape, dtype))| {
                Parameter::resolve(declared, shape, dtype, true, &mut problems)
            })
            .collect();
        find_equal_streams(entries.iter(), &mut problems);
        if problems.is_empty() {
            Ok(Self::new(entries, &left))
        } else {
            Err(Error::Plan {
                problems,
                parameters: count,
            })
        }
    }

    /// The parameters, in declaration order.
    #[must_use]
    pub fn entries(&self) -> &[Parameter] {
        &self.entries
    }

    /// How many elements the parameters have, tied ones counted once; `u64::MAX` where they are more.
    #[must_use]
    pub fn elements(&self) -> u64 {
        self.totals().elements
    }

    /// How many bytes the parameters take, tied ones counted once; `u64::MAX` where they are more.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.totals().bytes
    }

    /// Whether both give every parameter the same values under the same seed: by path, stream, shape, kind, laws and
    /// the boxes that they are written to. Order and words may differ, and parameters that are left alone do not count.
    #[must_use]
    pub fn same_values(&self, other: &Self) -> bool {
        self.drawn() == other.drawn()
    }

    pub(crate) fn left(&self) -> &[Left] {
        &self.left
    }

    /// What each parameter's values depend on, by path.
    fn drawn<'a>(&'a self) -> HashMap<&'a str, Drawn<'a>> {
        let entries = self.entries.iter();
        let streams: HashMap<&str, &str> = entries
            .map(|entry| (entry.path(), entry.stream_name()))
            .collect();
        let drawn = |entry: &'a Parameter| Drawn {
            stream: entry
                .tied_to()
                .and_then(|path| streams.get(path).copied())
                .unwrap_or(entry.stream_name()),
            shape: entry.shape(),
            dtype: entry.dtype(),
            effects: entry
                .steps()
                .iter()
                .filter_map(PlannedStep::effect)
                .collect(),
        };
        let written = self.entries.iter().filter(|entry| !entry.is_skipped());
        written.map(|entry| (entry.path(), drawn(entry))).collect()
    }

    fn totals(&self) -> Totals {
        Totals::of(self.entries.iter())
    }
}

/// All that a parameter's values depend on.
#[derive(PartialEq)]
struct Drawn<'a> {
    stream: &'a str,
    shape: &'a [i64],
    dtype: Dtype,
    effects: Vec<step::Effect<'a>>,
}

/// Two streams that hash alike would give two parameters the same draws.
pub(crate) fn find_equal_streams<'a>(
    entries: impl ExactSizeIterator<Item = &'a Parameter>,
    problems: &mut Vec<Problem>,
) {
    let streams = entries.enumerate();
    let mut streams: Vec<_> = streams
        .map(|(index, entry)| (path_hash(entry.stream_name()), index, entry))
        .collect();
    streams.sort_unstable_by_key(|&(hash, index, _)| (hash, index));
    let mut equal: Vec<_> = streams
        .windows(2)
        .filter(|pair| pair[0].0 == pair[1].0)
        .map(|pair| (pair[1].1, pair[1].2, pair[0].2))
        .collect();
    equal.sort_unstable_by_key(|&(index, ..)| index);
    problems.extend(equal.into_iter().map(|(_, entry, other)| {
        entry.problem(Cause::SameStream {
            other: other.path().to_owned(),
        })
    }));
}
