//! Parts of a plan: to initialise some parameters again, or to spare some.

use std::collections::{BTreeMap, HashMap, HashSet};

use tch::Tensor;
use tch::nn::VarStore;

use super::coverage::{self, Covered};
use super::layout::Layout;
use super::{Entry, Plan, sharing};
use crate::blueprint::names;
use crate::blueprint::pattern::Pattern;
use crate::{Cause, Error, Patterns, Problem};

impl Plan {
    /// The parameters whose paths match a pattern, or one of several, with the values that the whole plan would give
    /// them: to start a new head beside weights that are there.
    ///
    /// Patterns are those of [`rules!`](crate::rules!): `head.**`. A parameter that is tied to a chosen one lies in the
    /// same memory, and changes too.
    ///
    /// ```
    /// use nninit::Initialize;
    /// use rand::SeedableRng;
    /// use rand::rngs::StdRng;
    /// use tch::{Device, nn};
    ///
    /// #[derive(Initialize)]
    /// struct Classifier {
    ///     body: nn::Linear,
    ///     neck: nn::Linear,
    ///     #[init(weight(normal, std = 0.01), bias(zeros))]
    ///     head: nn::Linear,
    /// }
    ///
    /// # if cfg!(feature = "doc-only") { return Ok(()) }
    /// # let vs = nn::VarStore::new(Device::Cpu);
    /// # let linear = |name, outputs| nn::linear(vs.root() / name, 16, outputs, Default::default());
    /// # let model = Classifier { body: linear("body", 16), neck: linear("neck", 16), head: linear("head", 4) };
    /// let rng = &mut StdRng::seed_from_u64(42);
    /// let report = model.plan()?.only(["neck.**", "head.**"])?.execute(rng)?;
    /// assert_eq!(report.entries().len(), 4);
    /// # Ok::<(), nninit::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Plan`] for patterns that are malformed, or match nothing; all of them at once.
    pub fn only(&self, patterns: impl Patterns) -> Result<Self, Error> {
        let patterns = self.patterns(&patterns.list())?;
        Ok(self.keep(|path| matches_any(&patterns, path)))
    }

    /// The parameters for which `keeps` says so, with the values that the whole plan would give them.
    ///
    /// A parameter that is tied to a chosen one lies in the same memory, and changes too.
    ///
    /// ```
    /// use nninit::{Initialize, Plan};
    ///
    /// /// All that is not a matrix: biases and norms.
    /// fn vectors(model: &impl Initialize) -> Result<Plan, nninit::Error> {
    ///     Ok(model.plan()?.retain(|entry| entry.shape().len() < 2))
    /// }
    /// ```
    pub fn retain(&self, keeps: impl Fn(&Entry) -> bool) -> Self {
        self.keep_entries(keeps)
    }

    /// The parameters that are these variables of `vs`, by the memory that they lie in, whatever either calls them:
    /// what `VarStore::load_partial` returned as missing, say.
    ///
    /// ```
    /// use nninit::Initialize;
    /// use rand::SeedableRng;
    /// use rand::rngs::StdRng;
    /// use tch::{Device, nn};
    ///
    /// #[derive(Initialize)]
    /// struct Classifier {
    ///     body: nn::Linear,
    ///     head: nn::Linear,
    /// }
    ///
    /// fn load(vs: &mut nn::VarStore, model: &Classifier) -> Result<(), Box<dyn std::error::Error>> {
    ///     let missing = vs.load_partial("body.safetensors")?;
    ///     let rng = &mut StdRng::seed_from_u64(42);
    ///     model.plan()?.only_variables(vs, &missing)?.execute(rng)?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Plan`] with every name that the store does not have, and every variable that is not wholly some
    /// parameters' that lie in such variables alone.
    pub fn only_variables<N: AsRef<str>>(
        &self,
        vs: &VarStore,
        names: impl IntoIterator<Item = N>,
    ) -> Result<Self, Error> {
        let variables: BTreeMap<String, Tensor> = coverage::variables(vs).into_iter().collect();
        let mut problems = Vec::new();
        let mut wanted: BTreeMap<String, Layout> = BTreeMap::new();
        for name in names {
            let name = name.as_ref();
            let layout = match variables.get(name) {
                Some(variable) => Layout::of(variable),
                None => Err(Cause::Misplaced(
                    "the store has no variable of this name".to_owned(),
                )),
            };
            match layout {
                Ok(layout) => drop(wanted.insert(name.to_owned(), layout)),
                Err(reason) => problems.push(of_variable(name, None, reason)),
            }
        }
        let inside = Covered::by(wanted.values());
        let part = self.keep_entries(|entry| inside.holds(entry.layout()));
        let reached = Covered::by(part.entries.iter().map(Entry::layout));
        let missed = wanted.iter().filter(|(_, layout)| !reached.holds(layout));
        problems.extend(missed.map(|(name, layout)| {
            of_variable(name, Some(layout.shape().to_vec()), Cause::Uncovered)
        }));
        if problems.is_empty() {
            Ok(part)
        } else {
            Err(Error::Plan {
                problems,
                parameters: self.entries.len(),
            })
        }
    }

    /// The parameters whose paths match none of the patterns, with the values that the whole plan would give them.
    ///
    /// # Errors
    ///
    /// [`Error::Plan`] for patterns that are malformed, match nothing, or spare a parameter and not another one in the
    /// same memory.
    pub fn without(&self, patterns: impl Patterns) -> Result<Self, Error> {
        let patterns = self.patterns(&patterns.list())?;
        let spared = |entry: &Entry| matches_any(&patterns, entry.path());
        let entries: Vec<&Entry> = self
            .entries
            .iter()
            .filter(|entry| spared(entry) || !entry.is_skipped())
            .collect();
        let sites: Vec<(&Layout, usize)> = entries
            .iter()
            .map(|entry| (entry.layout(), usize::from(spared(entry))))
            .collect();
        let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
        for (a, b) in sharing::shared(&sites) {
            let (kept, spared) = if sites[a].1 == 0 { (a, b) } else { (b, a) };
            shared.entry(kept).or_insert(spared);
        }
        let problem = |(kept, spared): (usize, usize)| {
            entries[kept].problem(Cause::Spared {
                other: entries[spared].path().to_owned(),
            })
        };
        let problems: Vec<Problem> = shared.into_iter().map(problem).collect();
        if problems.is_empty() {
            Ok(self.keep(|path| !matches_any(&patterns, path)))
        } else {
            Err(Error::Plan {
                problems,
                parameters: self.entries.len(),
            })
        }
    }

    fn patterns(&self, written: &[&str]) -> Result<Vec<Pattern>, Error> {
        let paths = || {
            let entries = self.entries.iter().map(Entry::path);
            entries.chain(self.left.iter().map(|left| left.path.as_str()))
        };
        let mut problems = Vec::new();
        let patterns = written.iter().filter_map(|written| {
            let pattern = names::matching(written, "parameter of the plan", paths());
            pattern
                .map_err(|reason| problems.push(of_variable(written, None, reason)))
                .ok()
        });
        let patterns = patterns.collect();
        if problems.is_empty() {
            return Ok(patterns);
        }
        Err(Error::Plan {
            problems,
            parameters: self.entries.len(),
        })
    }

    fn keep_entries(&self, keeps: impl Fn(&Entry) -> bool) -> Self {
        let kept = self.entries.iter().filter(|entry| keeps(entry));
        let kept: HashSet<&str> = kept.map(Entry::path).collect();
        self.keep(|path| kept.contains(path))
    }

    fn keep(&self, keeps: impl Fn(&str) -> bool) -> Self {
        let kept = self.entries.iter().filter(|entry| keeps(entry.path()));
        // Where a parameter is left out, the first by path of those tied to it is drawn instead.
        let mut heirs: HashMap<&str, &str> = HashMap::new();
        for entry in kept.clone() {
            if let Some(lost) = entry.tied_to().filter(|path| !keeps(path)) {
                let heir = heirs.entry(lost).or_insert(entry.path());
                *heir = (*heir).min(entry.path());
            }
        }
        let all = self.entries.iter().map(|entry| (entry.path(), entry));
        let lost: HashMap<&str, &Entry> =
            all.filter(|(path, _)| heirs.contains_key(path)).collect();
        let reconnected = |entry: &Entry| {
            let mut shared = entry.share();
            let heir = entry.tied_to().and_then(|lost| heirs.get_key_value(lost));
            if let Some((lost_path, &heir)) = heir {
                let parameter = shared.parameter_mut();
                parameter.tie((heir != entry.path()).then(|| heir.to_owned()));
                if heir == entry.path()
                    && let Some(lost) = lost.get(lost_path)
                {
                    parameter.take_stream_of(lost.parameter());
                }
            }
            shared
        };
        let entries: Vec<Entry> = kept.map(reconnected).collect();
        let left: Vec<_> = self
            .left
            .iter()
            .filter(|left| keeps(&left.path))
            .cloned()
            .collect();
        Self {
            entries: entries.into(),
            left: left.into(),
        }
    }
}

fn matches_any(patterns: &[Pattern], path: &str) -> bool {
    patterns.iter().any(|pattern| pattern.matches(path))
}

fn of_variable(name: &str, shape: Option<Vec<i64>>, reason: Cause) -> Problem {
    Problem {
        path: name.to_owned(),
        shape,
        scheme: None,
        reason: reason.into(),
    }
}
