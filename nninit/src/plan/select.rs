//! Parts of a plan: to initialise some parameters again, or to spare some.

use std::collections::{BTreeMap, HashMap};

use super::layout::Layout;
use super::{Entry, Plan, sharing};
use crate::blueprint::names;
use crate::blueprint::pattern::Pattern;
use crate::{Cause, Error, Problem};

impl Plan {
    /// The parameters whose paths match `pattern`, with the values that the whole plan would give them.
    ///
    /// Patterns are those of [`rules!`](crate::rules!): `head.**`. A parameter that is tied to a chosen one lies in the
    /// same memory, and changes too.
    ///
    /// # Errors
    ///
    /// [`Error::Plan`] for a malformed pattern, or one that matches nothing.
    pub fn only(&self, pattern: &str) -> Result<Self, Error> {
        let pattern = self.pattern(pattern)?;
        Ok(self.keep(|path| pattern.matches(path)))
    }

    /// The parameters whose paths do not match `pattern`, with the values that the whole plan would give them.
    ///
    /// # Errors
    ///
    /// [`Error::Plan`] for a malformed pattern, one that matches nothing, or one that spares a parameter and not
    /// another one in the same memory.
    pub fn without(&self, pattern: &str) -> Result<Self, Error> {
        let pattern = self.pattern(pattern)?;
        let spared = |entry: &Entry| pattern.matches(entry.path());
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
            Ok(self.keep(|path| !pattern.matches(path)))
        } else {
            Err(Error::Plan {
                problems,
                parameters: self.entries.len(),
            })
        }
    }

    fn pattern(&self, written: &str) -> Result<Pattern, Error> {
        let paths = || {
            let entries = self.entries.iter().map(Entry::path);
            entries.chain(self.left.iter().map(|left| left.path.as_str()))
        };
        let reason = match Pattern::new(written) {
            Ok(pattern) => {
                let mut used = vec![false; pattern.alternatives().len()];
                let mut matched = false;
                for path in paths() {
                    if pattern.matches(path) {
                        matched = true;
                        if used.contains(&false) {
                            pattern.mark_used(path, &mut used);
                        }
                    }
                }
                let why = if matched {
                    names::idle_alternative(&pattern, &used, "parameter of the plan", paths())
                } else {
                    let instead = names::instead(&pattern, paths());
                    let instead = instead.as_deref().unwrap_or("and none is near");
                    Some(format!("it matches no parameter of the plan; {instead}"))
                };
                match why {
                    None => return Ok(pattern),
                    Some(why) => Cause::UnusedRule { why },
                }
            }
            Err(reason) => reason,
        };
        Err(Error::Plan {
            problems: vec![Problem {
                path: written.to_owned(),
                shape: None,
                scheme: None,
                reason: reason.into(),
            }],
            parameters: self.entries.len(),
        })
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
