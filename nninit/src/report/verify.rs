//! A statistical check of every parameter against its law.

use std::collections::HashMap;
use std::collections::hash_map::Entry::{Occupied, Vacant};
use std::fmt;

use tch::Tensor;

use super::cells::{self, Cell, NOBODY};
use super::chance::{Finding, Gauge, same_distribution};
use super::read::{BUFFER, each_block};
use super::{Report, structure};
use crate::numeric::law::Sample;
use crate::numeric::stream::{Key, Tag};
use crate::{Dtype, Entry, Error, Law, Problem, Reason, Stream, engine};

/// How often a model that is right is taken for wrong, where nothing else is said.
const LEVEL: f64 = 1e-6;

/// Values of a user's distribution that are compared with fresh draws.
const COMPARED: usize = 1 << 16;

/// What [`Report::verify`] looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verified {
    /// How many parameters were checked.
    pub checked: usize,
    /// The paths of those that cannot be: written by a user's function, or left as they were.
    pub unchecked: Vec<String>,
}

impl fmt::Display for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} parameters are as planned", self.checked)?;
        if !self.unchecked.is_empty() {
            write!(f, "; not checked: {}", self.unchecked.join(", "))?;
        }
        Ok(())
    }
}

impl Report {
    /// Checks the values of every parameter against its law, as they are now.
    ///
    /// Constants and `eye` and `dirac` have to be exactly what they are; `orthogonal` and its like have to have the property
    /// that defines them; for random laws the mean, the spread, the distribution and its ends are tested, block by block
    /// where regions or chunks have laws of their own. No two parameters may hold the same draws. A model that is right
    /// fails one time in a million at most; [`verify_at`](Report::verify_at) sets another level.
    ///
    /// # Errors
    ///
    /// [`Error::Verify`] with every parameter whose values its law does not explain.
    pub fn verify(&self) -> Result<Verified, Error> {
        self.verify_at(LEVEL)
    }

    /// As [`verify`](Report::verify), where a model that is right fails with a probability of at most `level`.
    ///
    /// # Errors
    ///
    /// As [`verify`](Report::verify).
    pub fn verify_at(&self, level: f64) -> Result<Verified, Error> {
        let mut suspects = Vec::new();
        let mut copies = Copies::default();
        let mut verified = Verified {
            checked: 0,
            unchecked: Vec::new(),
        };
        for (index, entry) in self.entries().iter().enumerate() {
            if entry.tied_to().is_some() {
                continue;
            }
            if can_be_checked(entry) {
                verified.checked += 1;
                check(index, entry, &mut suspects, &mut copies);
            } else {
                verified.unchecked.push(entry.path().to_owned());
            }
        }
        // Each finding has the level's share, so that all together keep it (Bonferroni).
        let each = level / suspects.len().max(1) as f64;
        suspects.retain(|suspect| suspect.finding.chance < each);
        suspects.sort_by(|a, b| {
            let by_place = (a.index, &a.place).cmp(&(b.index, &b.place));
            by_place.then(a.finding.chance.total_cmp(&b.finding.chance))
        });
        suspects
            .dedup_by(|worse, worst| (worse.index, &worse.place) == (worst.index, &worst.place));
        if suspects.is_empty() {
            return Ok(verified);
        }
        let problem = |suspect: &Suspect| suspect.problem(&self.entries()[suspect.index]);
        Err(self.failed(suspects.iter().map(problem).collect()))
    }
}

/// Whether something is due that can be told.
fn can_be_checked(entry: &Entry) -> bool {
    let laws = || entry.steps().iter().filter_map(|step| step.law());
    laws().next().is_some() && !laws().any(|law| matches!(law, Law::Custom(_)))
}

/// A finding about a cell of a parameter.
struct Suspect {
    index: usize,
    law: String,
    place: String,
    finding: Finding,
}

impl Suspect {
    fn problem(&self, entry: &Entry) -> Problem {
        let place = if self.place.is_empty() {
            String::new()
        } else {
            format!(" ({})", self.place)
        };
        Problem {
            path: entry.path().to_owned(),
            shape: Some(entry.shape().to_vec()),
            scheme: Some(format!("{}{place}", self.law)),
            reason: Reason::Deviates {
                finding: self.finding.what.clone(),
                chance: self.finding.chance.min(1.0),
            },
        }
    }
}

fn check(index: usize, entry: &Entry, suspects: &mut Vec<Suspect>, copies: &mut Copies) {
    let cells = cells::cells(entry);
    let dtype = entry.layout().dtype();
    let mut tests: Vec<Test<'_>> = cells.iter().map(|cell| Test::new(cell, dtype)).collect();
    let mut owners = vec![0; BUFFER.min(entry.layout().numel() as usize)];
    each_block(&entry.tensor(), &mut |first, values| {
        let owners = &mut owners[..values.len()];
        cells::owners(&cells, first, owners);
        for (&value, &owner) in values.iter().zip(owners.iter()) {
            if owner != NOBODY {
                tests[owner as usize].see(value);
            }
        }
    });
    for (cell, test) in cells.iter().zip(tests) {
        let mut findings = Vec::new();
        findings.extend(copies.see(entry, cell, &test));
        let whole = test.count == cell.numel();
        findings.extend(test.findings());
        if whole && let Some(block) = block(entry, cell) {
            findings.extend(structure::findings(cell.law, &block, dtype));
        }
        suspects.extend(findings.into_iter().map(|finding| Suspect {
            index,
            law: cell.law.to_string(),
            place: cell.place.clone(),
            finding,
        }));
    }
}

/// The tensor that a structured law was written to.
fn block(entry: &Entry, cell: &Cell<'_>) -> Option<Tensor> {
    match cell.law {
        Law::Structured(_) => {}
        Law::Constant { .. } | Law::Elementwise(_) | Law::Sample(_) | Law::Custom(_) => {
            return None;
        }
    }
    let extent = &entry.steps()[cell.step].blocks()[cell.block];
    let view = engine::view(&entry.tensor().detach(), extent);
    view.ok()
}

/// One cell's values, being looked through.
struct Test<'a> {
    count: u64,
    kind: Kind<'a>,
    hash: u64,
    least: f64,
    greatest: f64,
}

enum Kind<'a> {
    Constant {
        /// Rounded to the kind as we do it, and as libtorch's `fill_` does: a source of its bits is true to it.
        due: [f64; 2],
        wrong: Option<(u64, f64)>,
    },
    Known(Box<Gauge>),
    Sample(&'a Sample, Vec<f64>),
    Structured {
        drawn: bool,
        not_finite: u64,
    },
}

impl<'a> Test<'a> {
    fn new(cell: &Cell<'a>, dtype: Dtype) -> Self {
        let constant = |value: f64| Kind::Constant {
            due: [dtype.nearest(value), dtype.as_filled(value)],
            wrong: None,
        };
        let kind = match cell.law {
            Law::Constant { value } => constant(*value),
            Law::Elementwise(law) => match law.only_value() {
                Some(value) => constant(value),
                None => Kind::Known(Box::new(Gauge::new(*law, dtype))),
            },
            Law::Sample(sample) => Kind::Sample(sample, Vec::new()),
            Law::Structured(law) => Kind::Structured {
                drawn: law.is_drawn(),
                not_finite: 0,
            },
            Law::Custom(_) => Kind::Structured {
                drawn: true,
                not_finite: 0,
            },
        };
        Self {
            count: 0,
            kind,
            hash: 0xcbf2_9ce4_8422_2325,
            least: f64::INFINITY,
            greatest: f64::NEG_INFINITY,
        }
    }

    fn see(&mut self, value: f64) {
        self.count += 1;
        self.hash = (self.hash ^ value.to_bits())
            .wrapping_mul(0x0100_0000_01b3)
            .rotate_left(29);
        (self.least, self.greatest) = (self.least.min(value), self.greatest.max(value));
        match &mut self.kind {
            Kind::Constant { due, wrong } => {
                if !due.contains(&value) {
                    wrong.get_or_insert((0, value)).0 += 1;
                }
            }
            Kind::Known(gauge) => gauge.see(value),
            Kind::Sample(_, values) => {
                if values.len() < COMPARED {
                    values.push(value);
                }
            }
            Kind::Structured { not_finite, .. } => *not_finite += u64::from(!value.is_finite()),
        }
    }

    fn findings(self) -> Vec<Finding> {
        let certain = |what| vec![Finding { chance: 0.0, what }];
        match self.kind {
            Kind::Constant {
                due: [due, _],
                wrong: Some((count, example)),
            } => certain(format!(
                "{count} of {} values are not {due}: {example} is one of them",
                self.count
            )),
            Kind::Known(gauge) => gauge.findings(),
            Kind::Sample(_, values) if values.iter().any(|value| !value.is_finite()) => {
                certain("some values are not finite".to_owned())
            }
            Kind::Sample(sample, values) if !values.is_empty() => {
                let mut fresh = vec![0.0; values.len()];
                let key = Key::new(0, "fresh draws to compare with");
                let Ok(drawer) = sample.drawer() else {
                    return Vec::new();
                };
                drawer.fill(&mut Stream::with_tag(key, Tag::Sample, 0), &mut fresh);
                vec![same_distribution(values, fresh)]
            }
            Kind::Structured { not_finite, .. } if not_finite > 0 => certain(format!(
                "{not_finite} of {} values are not finite",
                self.count
            )),
            _ => Vec::new(),
        }
    }
}

/// Draws seen before: two parameters do not have the same ones by chance.
#[derive(Default)]
struct Copies {
    seen: HashMap<(u64, u64), String>,
}

impl Copies {
    fn see(&mut self, entry: &Entry, cell: &Cell<'_>, test: &Test<'_>) -> Option<Finding> {
        // So many values that structured laws do not agree by chance in any kind.
        const ENOUGH: u64 = 64;
        let chance = match &test.kind {
            _ if test.least >= test.greatest => return None,
            Kind::Known(gauge) => gauge.same_again(),
            Kind::Structured { drawn: true, .. } if test.count >= ENOUGH => 0.0,
            _ => return None,
        };
        let pairs = self.seen.len() as f64;
        let place = if cell.place.is_empty() {
            String::new()
        } else {
            format!(" ({})", cell.place)
        };
        let name = format!("`{}`{place}", entry.path());
        match self.seen.entry((test.hash, test.count)) {
            Occupied(other) => Some(Finding {
                chance: chance * pairs,
                what: format!("the values are those of {}", other.get()),
            }),
            Vacant(free) => {
                free.insert(name);
                None
            }
        }
    }
}
