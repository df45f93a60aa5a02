//! A blueprint bound to a model's tensors; nothing is written yet.

mod bind;
pub(crate) mod coverage;
mod entry;
pub(crate) mod given;
pub(crate) mod layout;
mod select;
mod sharing;
mod take;
mod ties;
mod width;

use std::fmt;
use std::sync::Arc;

pub use self::entry::Entry;
use crate::Error;
use crate::blueprint::{self, Blueprint, Totals, table};
use crate::declare::describe::{Held, TENSOR};
use crate::declare::draft::{Draft, Left};

/// Every parameter of a model with its steps, checked, nothing written yet.
///
/// Made by [`Initialize::plan`](crate::Initialize::plan). Printed, it is a table:
///
/// ```
/// use nninit::Initialize;
/// use tch::{Device, Kind, Tensor};
///
/// #[derive(Initialize)]
/// struct Gate {
///     #[init(xavier_normal)]
///     weight: Tensor,
///     #[init(zeros)]
///     #[init(ones, at = 2..4)]
///     bias: Tensor,
/// }
///
/// # if cfg!(feature = "doc-only") { return }
/// let options = (Kind::Float, Device::Cpu);
/// let gate = Gate { weight: Tensor::zeros([6, 2], options), bias: Tensor::zeros([6], options) };
/// let plan = gate.plan().unwrap();
/// assert_eq!(plan.entries()[0].steps()[0].law().unwrap().to_string(), "N(0, 0.5²)");
/// println!("{plan}");
/// ```
#[derive(Debug, Clone)]
#[must_use = "a plan writes nothing until it is executed"]
pub struct Plan {
    entries: Arc<Vec<Entry>>,
    left: Arc<[Left]>,
}

impl Plan {
    /// The parameters, in declaration order.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// What the plan says, as data that holds no tensor.
    #[must_use]
    pub fn blueprint(&self) -> Blueprint {
        let parameters = self.entries.iter().map(|entry| entry.parameter().clone());
        Blueprint::new(parameters.collect(), &self.left)
    }

    /// How many elements the parameters have, tied ones counted once.
    #[must_use]
    pub fn elements(&self) -> u64 {
        self.totals().elements
    }

    /// How many bytes the parameters take, tied ones counted once.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.totals().bytes
    }

    /// Skipped fields of types that cannot be looked into.
    pub(crate) fn opaque(&self) -> impl Iterator<Item = &Left> {
        self.left.iter().filter(|left| left.type_name != TENSOR)
    }

    fn totals(&self) -> Totals {
        Totals::of(self.entries.iter().map(Entry::parameter))
    }

    /// Resolves every scheme against its tensor; all mistakes at once.
    pub(crate) fn resolve(draft: Draft<Held>) -> Result<Self, Error> {
        Self::resolve_beside(draft, Vec::new(), Vec::new())
    }

    /// As [`resolve`](Self::resolve), after what has been resolved before.
    fn resolve_beside(
        draft: Draft<Held>,
        mut entries: Vec<Entry>,
        mut left: Vec<Left>,
    ) -> Result<Self, Error> {
        let Draft {
            parameters,
            left: newly_left,
            mut problems,
            ..
        } = draft;
        left.extend(newly_left);
        let count = entries.len() + parameters.len();
        entries.reserve(parameters.len());
        for (declared, held) in parameters {
            entries.extend(Entry::resolve(declared, held, &mut left, &mut problems));
        }
        blueprint::find_equal_streams(entries.iter().map(Entry::parameter), &mut problems);
        ties::find_ties(&mut entries, &mut problems);
        given::find_written(&entries, &mut problems);
        if problems.is_empty() {
            Ok(Self {
                entries: entries.into(),
                left: left.into(),
            })
        } else {
            Err(Error::Plan {
                problems,
                parameters: count,
            })
        }
    }

    /// The table of this plan, with what is or will be done to the parameters.
    pub(crate) fn table(&self, verb: &'static str) -> table::Lines<'_> {
        let entries = self.entries.iter();
        let placed = |entry: &'_ Entry| Some(layout::device_name(entry.device()));
        table::Lines {
            entries: entries
                .map(|entry| (entry.parameter(), placed(entry)))
                .collect(),
            left: &self.left,
            verb,
        }
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table("to initialise").fmt(f)
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Plan {
    /// As its blueprint: tensors stay where they are.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.blueprint().serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use tch::{Device, Kind, Tensor};

    use crate::declare::{Describe, Spec, Step};
    use crate::{Initialize, schemes};

    struct Fused(Tensor);

    impl Initialize for Fused {
        fn describe(&self, at: &mut Describe<'_>) {
            let step = Step::of(schemes::kaiming_normal())
                .scale(0.5)
                .groups(2)
                .transposed()
                .chunks(2);
            let region = Step::of(schemes::zeros()).at((.., 0));
            at.field("qkv", &self.0, Spec::new().step(step).step(region));
        }
    }

    #[test]
    fn modifiers_stand_beside_the_scheme() {
        let fused = Fused(Tensor::zeros([12, 4], (Kind::Float, Device::Cpu)));
        let plan = fused.plan().unwrap().to_string();
        let lines: Vec<_> = plan.lines().skip(1).map(str::trim_end).collect();
        let table = "\
qkv        [12, 4]  f32   cpu     kaiming_normal, groups = 2, transposed, scale = 0.5, chunks = 2  N(0, 0.2887²)
                                  zeros, at = (.., 0)                                              constant 0
1 of 1 parameters to initialise; 48 elements, 192 B in all";
        assert_eq!(lines.join("\n"), table);
    }
}
