//! Parts of a plan: to initialise some parameters again, or to spare some.

use super::{Entry, Plan};
use crate::blueprint::names::{list, nearest};
use crate::blueprint::pattern::Pattern;
use crate::{Error, Problem, Reason};

impl Plan {
    /// The parameters whose paths match `pattern`, with the values that the whole plan would give them.
    ///
    /// Patterns are those of [`rules!`](crate::rules!): `head.**`. What is tied to a chosen parameter lies in the same
    /// memory and changes with it.
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
    /// [`Error::Plan`] for a malformed pattern, one that matches nothing, or one that spares a parameter and not another
    /// one in the same memory.
    pub fn without(&self, pattern: &str) -> Result<Self, Error> {
        let pattern = self.pattern(pattern)?;
        let (spared, kept): (Vec<&Entry>, Vec<&Entry>) = self
            .entries
            .iter()
            .partition(|entry| pattern.matches(entry.path()));
        let shared = |entry: &&Entry| {
            let other = spared
                .iter()
                .find(|other| other.layout().shares_elements_with(entry.layout()))?;
            Some(entry.problem(Reason::Spared {
                other: other.path().to_owned(),
            }))
        };
        let problems: Vec<Problem> = kept
            .iter()
            .filter(|entry| !entry.is_skipped())
            .filter_map(shared)
            .collect();
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
            let entries = self.entries.iter().map(|entry| entry.path());
            entries.chain(self.left.iter().map(|left| left.path.as_str()))
        };
        let reason = match Pattern::new(written) {
            Ok(pattern) if paths().any(|path| pattern.matches(path)) => return Ok(pattern),
            Ok(pattern) => {
                let edits = |path: &str| Some((pattern.edits(path)?, path.to_owned()));
                let near = nearest(paths().filter_map(edits), 4);
                let hint = if near.is_empty() {
                    "and none is near".to_owned()
                } else {
                    format!("the nearest are {}", list(near.iter().map(String::as_str)))
                };
                Reason::UnusedRule {
                    why: format!("it matches no parameter of the plan; {hint}"),
                }
            }
            Err(reason) => reason,
        };
        Err(Error::Plan {
            problems: vec![Problem {
                path: written.to_owned(),
                shape: None,
                scheme: None,
                reason,
            }],
            parameters: self.entries.len(),
        })
    }

    fn keep(&self, keeps: impl Fn(&str) -> bool) -> Self {
        let entries: Vec<Entry> = self
            .entries
            .iter()
            .filter(|entry| keeps(entry.path()))
            .map(|entry| self.reconnected(entry, &keeps))
            .collect();
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

    /// An entry whose tie may have been cut: the first of those that were tied to a lost one draws in its stead.
    fn reconnected(&self, entry: &Entry, keeps: &impl Fn(&str) -> bool) -> Entry {
        let mut entry = entry.share();
        let Some(lost) = entry
            .tied_to()
            .filter(|path| !keeps(path))
            .map(str::to_owned)
        else {
            return entry;
        };
        let tied = self
            .entries
            .iter()
            .filter(|other| other.tied_to() == Some(lost.as_str()) && keeps(other.path()));
        let first = tied.map(Entry::path).min().map(str::to_owned);
        let keeper = first.filter(|first| first != entry.path());
        if keeper.is_none()
            && let Some(lost) = self.entries.iter().find(|other| other.path() == lost)
        {
            entry.parameter_mut().take_stream_of(lost.parameter());
        }
        entry.parameter_mut().tie(keeper);
        entry
    }
}
