//! Parameters that take their values from a file.

use std::collections::{BTreeSet, HashMap};

use super::{Entry, Plan};
use crate::blueprint::PlannedStep;
use crate::blueprint::names;
use crate::declare::Step;
use crate::{Cause, Error, Problem, StoredTensor, Weights};

impl Plan {
    /// Parameters that the file has get their values from it, and the others keep their schemes, with the values that
    /// the whole plan would give them.
    ///
    /// A parameter is what [`prefix`](Weights::prefix) and [`rename`](Weights::rename) make of its path; the plan shows
    /// it as `from NAME`, and [`missing`](Weights::missing) and [`unused`](Weights::unused) list the rest. Shapes have
    /// to be equal, nothing is broadcast. A value of another kind is rounded once, and one that the parameter's kind
    /// cannot hold is an error. The parameter stays what it is: its storage, its kind, its views. Of parameters that
    /// are tied, either may be in the file. Also one that is declared `skip` takes what the file has for it.
    ///
    /// Values are read when the plan is executed, tensor by tensor. What can be wrong is found before anything is
    /// written, a file that has changed since it was opened among it; where reading itself fails afterwards, the error
    /// is [`Error::Write`].
    ///
    /// ```
    /// use nninit::{Initialize, Weights};
    /// use rand::SeedableRng;
    /// use rand::rngs::StdRng;
    ///
    /// fn fine_tune(model: &impl Initialize) -> Result<(), nninit::Error> {
    ///     let weights = Weights::open("model.safetensors")?.without("head.*")?;
    ///     let plan = model.plan()?.take(&weights)?;
    ///     for path in weights.missing(&plan) {
    ///         println!("{path} starts anew");
    ///     }
    ///     plan.execute(&mut StdRng::seed_from_u64(42))?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Plan`] with every parameter whose shape or kind is not that of the file, and where the file has none of
    /// the parameters at all.
    pub fn take(&self, weights: &Weights) -> Result<Self, Error> {
        let found = Found::of(self, weights);
        let mut problems = Vec::new();
        if found.by_path.is_empty() && !self.entries().is_empty() {
            problems.push(nothing_found(self, weights));
        }
        self.with_steps_from(&found, problems)
    }

    /// As [`take`](Self::take), where the file has to have every parameter, and a parameter every tensor of the file.
    ///
    /// # Errors
    ///
    /// As [`take`](Self::take); and with every parameter that is not in the file, and every tensor of it that no
    /// parameter takes.
    pub fn take_all(&self, weights: &Weights) -> Result<Self, Error> {
        let found = Found::of(self, weights);
        let mut problems = Vec::new();
        let (missing, unused) = (found.missing(self), found.unused(weights));
        let files = weights.files();
        for (number, entry) in missing.into_iter().enumerate() {
            let name = weights.name_of(entry.path());
            let searched: &[StoredTensor] = if number < names::HINTED { &unused } else { &[] };
            let near = called(&name, searched.iter().map(StoredTensor::name));
            let files = files.clone();
            problems.push(entry.problem(Cause::NotStored { files, name, near }));
        }
        for (number, tensor) in unused.iter().enumerate() {
            let searched: &[Entry] = if number < names::HINTED {
                self.entries()
            } else {
                &[]
            };
            let paths: Vec<String> = searched
                .iter()
                .map(|entry| weights.name_of(entry.path()))
                .collect();
            let near = called(tensor.name(), paths.iter().map(String::as_str));
            let files = files.clone();
            problems.push(Problem {
                path: tensor.name().to_owned(),
                shape: Some(tensor.shape().to_vec()),
                scheme: None,
                reason: Cause::NotTaken { files, near }.into(),
            });
        }
        self.with_steps_from(&found, problems)
    }

    fn with_steps_from(
        &self,
        found: &Found<'_>,
        mut problems: Vec<Problem>,
    ) -> Result<Self, Error> {
        let mut entries = Vec::with_capacity(self.entries().len());
        for entry in self.entries() {
            let mut shared = entry.share();
            if let Some(tensor) = found.by_path.get(kept_path(entry)) {
                match step_from(entry, tensor) {
                    Ok(step) => shared.parameter_mut().take_steps(vec![step]),
                    Err(reasons) => problems.extend(reasons.into_iter().map(|reason| Problem {
                        scheme: Some(label(tensor)),
                        ..entry.problem(reason)
                    })),
                }
            }
            entries.push(shared);
        }
        if problems.is_empty() {
            Ok(Self {
                entries: entries.into(),
                left: self.left.clone(),
            })
        } else {
            Err(Error::Plan {
                problems,
                parameters: self.entries().len(),
            })
        }
    }
}

impl Weights {
    /// The paths of the parameters that the files have not, and that keep their schemes.
    #[must_use]
    pub fn missing<'p>(&self, plan: &'p Plan) -> Vec<&'p str> {
        let missing = Found::of(plan, self).missing(plan);
        missing.into_iter().map(Entry::path).collect()
    }

    /// The tensors that no parameter of the plan takes.
    #[must_use]
    pub fn unused(&self, plan: &Plan) -> Vec<StoredTensor> {
        Found::of(plan, self).unused(self)
    }
}

/// Which parameter takes which tensor.
struct Found<'w> {
    /// By the path of the parameter that is written, where others are tied to it.
    by_path: HashMap<String, &'w StoredTensor>,
    /// What parameters are called, whether they take it or one that is tied to them does.
    taken: BTreeSet<String>,
}

impl<'w> Found<'w> {
    fn of(plan: &Plan, weights: &'w Weights) -> Self {
        let mut by_path = HashMap::new();
        let mut taken = BTreeSet::new();
        let untied = plan
            .entries()
            .iter()
            .filter(|entry| entry.tied_to().is_none());
        let tied = plan
            .entries()
            .iter()
            .filter(|entry| entry.tied_to().is_some());
        // The name of the one that is written comes first.
        for entry in untied.chain(tied) {
            let name = weights.name_of(entry.path());
            if let Some(tensor) = weights.get(&name) {
                by_path.entry(kept_path(entry).to_owned()).or_insert(tensor);
                taken.insert(name);
            }
        }
        Self { by_path, taken }
    }

    fn missing<'p>(&self, plan: &'p Plan) -> Vec<&'p Entry> {
        let entries = plan.entries().iter();
        let missing = entries.filter(|entry| !self.by_path.contains_key(kept_path(entry)));
        missing.collect()
    }

    fn unused(&self, weights: &Weights) -> Vec<StoredTensor> {
        let tensors = weights.tensors().iter();
        let unused = tensors.filter(|tensor| !self.taken.contains(tensor.name()));
        unused.cloned().collect()
    }
}

/// The path of the parameter that is written in an entry's stead, or its own.
fn kept_path(entry: &Entry) -> &str {
    entry.tied_to().unwrap_or(entry.path())
}

fn label(tensor: &StoredTensor) -> String {
    format!("from {}", tensor.name())
}

fn step_from(entry: &Entry, tensor: &StoredTensor) -> Result<PlannedStep, Vec<Cause>> {
    if tensor.shape() != entry.shape() {
        return Err(vec![Cause::StoredShape {
            stored: tensor.shape().to_vec(),
            name: tensor.name().to_owned(),
        }]);
    }
    let step = Step::copy(label(tensor), tensor);
    PlannedStep::resolve(&step, 0, entry.shape(), entry.layout().dtype())
}

/// That the file has none of the names: most often one prefix is missing, or one too many.
fn nothing_found(plan: &Plan, weights: &Weights) -> Problem {
    let first = weights.name_of(plan.entries()[0].path());
    let behind = |whole: &str, end: &str| -> Option<String> {
        let prefix = whole.strip_suffix(end)?;
        prefix.ends_with('.').then(|| prefix.to_owned())
    };
    let tensors = || weights.tensors().iter().map(StoredTensor::name);
    let longer = tensors().find_map(|name| behind(name, &first));
    let shorter = tensors().find_map(|name| behind(&first, name));
    let near = match (longer, shorter) {
        (Some(prefix), _) => format!("write `.prefix(\"{prefix}\")`"),
        (None, Some(prefix)) => {
            format!("write `.rename(|path| path.trim_start_matches(\"{prefix}\").to_owned())`")
        }
        (None, None) => called(&first, tensors()),
    };
    let files = weights.files();
    plan.entries()[0].problem(Cause::NotStored {
        files,
        name: first,
        near: format!("nor any other parameter; {near}"),
    })
}

fn called<'a>(name: &str, among: impl Iterator<Item = &'a str>) -> String {
    let near = names::near(name, among);
    format!("{near}; `Weights::rename` says what a parameter is called there")
}
