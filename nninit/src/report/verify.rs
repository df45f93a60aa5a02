//! A statistical check of every parameter against its law.

use std::collections::HashMap;
use std::collections::hash_map::Entry::{Occupied, Vacant};
use std::rc::Rc;

use tch::Tensor;

use super::bounds::{self, Finding, Gauge, same_distribution};
use super::cells::{self, Area, Cell};
use super::read::{Float, Look, Piece, each_piece, unchanged};
use super::repeats::Repeats;
use super::tally::{Count, Tally};
use super::{Report, Verified, bits, structure};
use crate::engine::Progress;
use crate::numeric::extent::Extent;
use crate::numeric::law::Sample;
use crate::numeric::source::Bits;
use crate::numeric::stream::{Key, Tag};
use crate::{Cause, Dtype, Elementwise, Entry, Error, Law, Problem, Stream, Structured, engine};

/// How often a model that is right is taken for wrong, where nothing else is said.
const LEVEL: f64 = 1e-6;

/// Anchors of a parameter, about.
const ANCHORS: u64 = 1 << 10;

impl Report {
    /// Checks the values of every parameter against its law, as they are now.
    ///
    /// Constants, `eye`, `dirac` and tables have to be exactly what they are, and `orthogonal` and its like have to
    /// have the property that defines them. Of random laws these are tested, block by block where regions or chunks
    /// have laws of their own:
    ///
    /// - the mean, the spread, the whole distribution and its ends, with the rounding to the parameter's kind taken in;
    /// - whether neighbours rise as often as they fall: values that were sorted do not;
    /// - whether a run of values stands twice in the model, as it is or with its signs turned, anywhere. A parameter
    ///   that holds another one's values is noticed at any size; within one, and of parts, 64 values and a fiftieth of
    ///   the parameter are enough.
    ///
    /// Where `repeat` says that neighbours are equal, this is tested, and then one of each; under `sample` nothing else
    /// is.
    ///
    /// A model that is right fails one time in a million at most; [`verify_at`](Report::verify_at) sets another level.
    ///
    /// Not noticed, among others: a wrong value that the law might have drawn as well, the values in another order that
    /// is not sorted, draws that depend on each other in a subtler way. [`verify_bits`](Report::verify_bits) notices
    /// every one. What cannot be told is listed as [`unchecked`](Verified::unchecked): what a user's function wrote,
    /// and laws too narrow for the digits of their kind.
    ///
    /// # Errors
    ///
    /// [`Error::Verify`] with every parameter whose values its law does not explain, or with a tensor that is no longer
    /// what was initialised: of another shape or kind, or elsewhere.
    pub fn verify(&self) -> Result<Verified, Error> {
        self.verify_at(LEVEL)
    }

    /// As [`verify`](Report::verify), where a model that is right fails with a probability of at most `level`.
    ///
    /// # Errors
    ///
    /// As [`verify`](Report::verify).
    pub fn verify_at(&self, level: f64) -> Result<Verified, Error> {
        self.verify_all(level, None)
    }

    /// As [`verify_at`](Report::verify_at), telling how far it is.
    ///
    /// # Errors
    ///
    /// As [`verify`](Report::verify).
    pub fn verify_with_progress(
        &self,
        level: f64,
        mut progress: impl FnMut(Progress),
    ) -> Result<Verified, Error> {
        self.verify_all(level, Some(&mut progress))
    }

    fn verify_all(
        &self,
        level: f64,
        tell: Option<&mut dyn FnMut(Progress)>,
    ) -> Result<Verified, Error> {
        self.has_tensors()?;
        let mut verified = Verified::nothing();
        let mut checks = Vec::new();
        let mut suspects = Vec::new();
        let mut gauges = Gauges::default();
        for (index, entry) in self.entries().iter().enumerate() {
            if entry.tied_to().is_some() {
                continue;
            }
            match reason_not_to(entry, self.bits) {
                Some(why) => verified.leave(entry, why),
                None if is_counted(entry) => {
                    verified.checked += 1;
                    checks.push(Check::new(index, entry, self.bits, &mut gauges));
                }
                None => {
                    verified.checked += 1;
                    suspects.extend(made_anew(index, entry).map_err(|p| self.failed(vec![p]))?);
                }
            }
        }
        let indices: Vec<usize> = checks.iter().map(|check| check.index).collect();
        let counts: Vec<Vec<Counted>> = checks.iter().map(Check::counts).collect();
        let areas: Vec<Vec<Area>> = checks.iter().map(Check::areas).collect();
        let seen = each_piece(self.entries(), &indices, tell, |piece| {
            count(piece, &areas[piece.entry], &counts[piece.entry])
        });
        let seen = seen.map_err(|problem| self.failed(vec![problem]))?;
        let mut copies = Copies::default();
        for (check, pieces) in checks.iter().zip(seen) {
            let entry = &self.entries()[check.index];
            check.conclude(entry, pieces, &mut suspects, &mut copies);
        }
        suspects.extend(
            copies
                .repeats
                .findings()
                .into_iter()
                .map(|(owner, finding)| {
                    let (index, ref law, ref place) = copies.owners[owner as usize];
                    Suspect {
                        index,
                        law: law.clone(),
                        place: place.clone(),
                        finding,
                    }
                }),
        );
        // Each finding gets an equal share of the level, so that all together keep it (Bonferroni).
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

/// Why a parameter cannot be verified, if it cannot.
fn reason_not_to(entry: &Entry, bits: Bits) -> Option<&'static str> {
    let whole = entry.layout().dtype();
    let dtype = entry.layout().numbers().dtype();
    let mut laws = entry
        .steps()
        .iter()
        .filter_map(|step| step.law())
        .peekable();
    if laws.peek().is_none() {
        return Some("left as it was");
    }
    let from_torch = match bits {
        Bits::Seed(_) => false,
        Bits::Torch { .. } => matches!(dtype, Dtype::F16 | Dtype::BF16),
    };
    laws.find_map(|law| match law {
        Law::Custom(_) => Some("written by a user's function"),
        Law::ByIndex(_) => {
            Some("a function of the place, which `verify_bits` calls again and compares")
        }
        Law::Given(_) => {
            Some("values that were given, which `verify_bits` reads again and compares")
        }
        Law::Mapped(_) => {
            Some("draws through a function, which `verify_bits` makes again and compares")
        }
        Law::Elementwise(law) if law.only_value().is_some() => None,
        Law::Elementwise(law) if law.of_parts(whole).is_too_narrow(dtype) => {
            Some("its law is too narrow for the digits of its kind")
        }
        Law::Elementwise(_) if from_torch => {
            Some("libtorch draws this kind from 8 to 11 bits, which its law does not describe")
        }
        Law::Constant { .. }
        | Law::Elementwise(_)
        | Law::Structured(_)
        | Law::Table(_)
        | Law::Sample(_) => None,
    })
}

/// Whether the values are floats or whole numbers, or complex ones that were drawn.
fn is_counted(entry: &Entry) -> bool {
    let dtype = entry.layout().dtype();
    let mut laws = entry.steps().iter().filter_map(|step| step.law());
    dtype.is_real() || dtype.is_whole() || dtype.is_complex() && laws.any(Law::is_random)
}

/// Compares with constants that are written anew: in kinds that hold no real numbers of their own.
fn made_anew(index: usize, entry: &Entry) -> Result<Option<Suspect>, Problem> {
    unchanged(entry)?;
    let differ = bits::compare_with_copy(entry, 0).map_err(|reason| entry.problem(reason))?;
    Ok((differ > 0).then(|| Suspect {
        index,
        law: entry
            .steps()
            .last()
            .map(|step| step.scheme().to_owned())
            .unwrap_or_default(),
        place: String::new(),
        finding: certain(format!("{differ} values are not those that are due")),
    }))
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
            reason: Cause::Deviates {
                finding: self.finding.what.clone(),
                chance: self.finding.chance.min(1.0),
            }
            .into(),
        }
    }
}

/// Gauges that have been made: models use few laws often.
#[derive(Default)]
struct Gauges {
    made: Vec<(Elementwise, Dtype, u64, Rc<Gauge>)>,
}

impl Gauges {
    fn get(&mut self, law: Elementwise, dtype: Dtype, numel: u64) -> Rc<Gauge> {
        let made = self.made.iter().rev();
        let mut equal = made.filter(|made| (made.0, made.1, made.2) == (law, dtype, numel));
        if let Some((.., gauge)) = equal.next() {
            return Rc::clone(gauge);
        }
        let gauge = Rc::new(Gauge::new(law, dtype, numel));
        self.made.push((law, dtype, numel, Rc::clone(&gauge)));
        gauge
    }
}

/// One parameter, to be checked.
struct Check<'a> {
    index: usize,
    cells: Vec<Cell<'a>>,
    tests: Vec<Test<'a>>,
}

/// How one cell's values are tested.
enum Test<'a> {
    Constant(f64),
    /// Of complex numbers.
    ConstantParts(f64),
    Known(Rc<Gauge>),
    Sample(&'a Sample),
    Structured(&'a Structured),
    Table,
    /// Neighbours that are equal, drawn once.
    Repeated,
    Nothing,
}

/// What to count of a cell, and how densely to pick anchors.
type Counted = (Count, u32);

impl<'a> Check<'a> {
    fn new(index: usize, entry: &'a Entry, bits: Bits, gauges: &mut Gauges) -> Self {
        let cells = cells::cells(entry);
        let whole = entry.layout().dtype();
        let dtype = entry.layout().numbers().dtype();
        let constant = |value| match bits {
            Bits::Seed(_) => dtype.nearest(value),
            Bits::Torch { .. } => dtype.as_filled(value),
        };
        let test = |cell: &Cell<'a>| match cell.law {
            Law::Constant { value } if whole.is_complex() => Test::ConstantParts(constant(*value)),
            Law::Constant { value } => Test::Constant(constant(*value)),
            Law::Elementwise(law) => match law.only_value() {
                Some(value) => Test::Constant(constant(value)),
                None if cell.blocks.repeated().is_some() => Test::Repeated,
                None => {
                    let law = law.of_parts(whole);
                    Test::Known(gauges.get(law, dtype, cell.area.numel()))
                }
            },
            Law::Sample(_) if cell.blocks.repeated().is_some() => Test::Repeated,
            Law::Sample(sample) => Test::Sample(sample),
            Law::Structured(law) => Test::Structured(law),
            Law::Table(_) => Test::Table,
            Law::Given(_) | Law::ByIndex(_) | Law::Mapped(_) | Law::Custom(_) => Test::Nothing,
        };
        let tests = cells.iter().map(test).collect();
        Self {
            index,
            cells,
            tests,
        }
    }

    fn areas(&self) -> Vec<Area> {
        self.cells.iter().map(|cell| cell.area.clone()).collect()
    }

    fn counts(&self) -> Vec<Counted> {
        let both = self.cells.iter().zip(&self.tests);
        both.map(|(cell, test)| {
            let numel = cell.area.numel().max(1);
            let density = ((ANCHORS << 32) / numel).min(u64::from(u32::MAX)) as u32;
            match test {
                Test::Constant(due) => (Count::Others(*due), 0),
                Test::ConstantParts(due) => (Count::OtherParts(*due), 0),
                Test::Known(gauge) => (Count::Cells(gauge.grid()), density),
                Test::Sample(_) => (Count::Kept, 0),
                Test::Structured(Structured::Orthogonal { .. })
                    if cell.blocks.repeated().is_none() =>
                {
                    (Count::Nothing, density)
                }
                Test::Structured(_) | Test::Table | Test::Repeated | Test::Nothing => {
                    (Count::Nothing, 0)
                }
            }
        })
        .collect()
    }

    fn conclude(
        &self,
        entry: &Entry,
        pieces: Vec<Vec<(usize, Tally)>>,
        suspects: &mut Vec<Suspect>,
        copies: &mut Copies,
    ) {
        let mut tallies: Vec<Option<Tally>> = self.cells.iter().map(|_| None).collect();
        for (cell, tally) in pieces.into_iter().flatten() {
            tallies[cell].get_or_insert_with(Tally::empty).add(tally);
        }
        for ((cell, test), tally) in self.cells.iter().zip(&self.tests).zip(tallies) {
            // Values that later steps have written over cannot be tested.
            let Some(tally) = tally else { continue };
            let mut findings = Vec::new();
            findings.extend(copies.see(self.index, entry, cell, test, &tally));
            findings.extend(test.findings(entry, cell, tally));
            suspects.extend(findings.into_iter().map(|finding| Suspect {
                index: self.index,
                law: cell.law.to_string(),
                place: cell.place.clone(),
                finding,
            }));
        }
    }
}

/// What is counted about the cells that a piece has values of.
fn count(piece: &Piece, areas: &[Area], counts: &[Counted]) -> Result<Vec<(usize, Tally)>, Cause> {
    struct Counting<'a> {
        areas: &'a [Area],
        counts: &'a [Counted],
        tallies: Vec<(usize, Tally)>,
    }
    impl Look for Counting<'_> {
        fn see<T: Float>(&mut self, first: u64, values: &[T]) {
            cells::segments(self.areas, first, values.len(), &mut |cell, start, len| {
                let (count, density) = self.counts[cell];
                let known = self.tallies.iter().position(|(index, _)| *index == cell);
                let position = known.unwrap_or_else(|| {
                    self.tallies.push((cell, Tally::new(count)));
                    self.tallies.len() - 1
                });
                let place = self.areas[cell].place_of(first + start as u64);
                let values = &values[start..start + len];
                self.tallies[position].1.see(count, density, place, values);
            });
        }
    }
    let mut counting = Counting {
        areas,
        counts,
        tallies: Vec::new(),
    };
    piece.look(&mut counting)?;
    Ok(counting.tallies)
}

impl Test<'_> {
    fn findings(&self, entry: &Entry, cell: &Cell<'_>, tally: Tally) -> Vec<Finding> {
        let dtype = entry.layout().numbers().dtype();
        match self {
            Self::Constant(due) | Self::ConstantParts(due) => tally
                .other
                .into_iter()
                .map(|other| {
                    certain(format!(
                        "{} of {} values are not {due}: {other} is one of them",
                        tally.others, tally.moments.count
                    ))
                })
                .collect(),
            Self::Known(gauge) => gauge.findings(&tally),
            Self::Sample(sample) => {
                if let Some(finding) = bounds::not_finite(&tally) {
                    return vec![finding];
                }
                let order = bounds::order(&tally);
                let mut fresh = vec![0.0; tally.kept.len()];
                let key = Key::new(0, "fresh draws to compare with");
                let Ok(drawer) = sample.drawer() else {
                    return vec![order];
                };
                drawer.fill(&mut Stream::with_tag(key, Tag::Sample, 0), &mut fresh);
                for value in &mut fresh {
                    *value = dtype.nearest(*value);
                }
                vec![order, same_distribution(tally.kept, fresh)]
            }
            Self::Structured(_) | Self::Table => {
                if let Some(finding) = bounds::not_finite(&tally) {
                    return vec![finding];
                }
                let whole = tally.moments.count == cell.area.numel();
                if whole {
                    of_blocks(entry, cell)
                } else {
                    Vec::new()
                }
            }
            Self::Repeated => {
                let whole = tally.moments.count == cell.area.numel();
                match (cell.blocks.repeated(), numbers(entry, cell.blocks.joined())) {
                    (Some(repeated), Some(view)) if whole => match cell.law {
                        Law::Elementwise(law) => {
                            let law = law.of_parts(entry.layout().dtype());
                            structure::repeated(Some(law), &view, repeated, dtype)
                        }
                        _ => structure::repeated(None, &view, repeated, dtype),
                    },
                    _ => Vec::new(),
                }
            }
            Self::Nothing => Vec::new(),
        }
    }
}

fn certain(what: String) -> Finding {
    Finding { chance: 0.0, what }
}

/// The tensor that a cell is a box of.
fn view(entry: &Entry, extent: &Extent) -> Option<Tensor> {
    engine::view(&entry.tensor().detach(), extent).ok()
}

/// The real numbers that its elements are made of.
fn numbers(entry: &Entry, extent: &Extent) -> Option<Tensor> {
    let view = view(entry, extent)?;
    if entry.layout().dtype().is_complex() {
        return view.f_view_as_real().ok();
    }
    Some(view)
}

/// What is odd about the blocks that a law of the whole was written to: of many, the oddest.
fn of_blocks(entry: &Entry, cell: &Cell<'_>) -> Vec<Finding> {
    let findings = |extent: &Extent| {
        let Some(block) = view(entry, extent) else {
            return Vec::new();
        };
        let once = match cell.blocks.repeated() {
            Some((_, count)) => structure::once(&block, 0, count),
            None => Ok(block),
        };
        match once {
            Ok(once) => structure::findings(cell.law, &once, entry.layout().dtype()),
            Err(finding) => vec![finding],
        }
    };
    if cell.blocks.len() == 1 {
        return findings(&cell.blocks.get(0));
    }
    let (mut looked, mut oddest) = (0.0, None);
    for (number, extent) in cell.blocks.iter().enumerate() {
        for finding in findings(&extent) {
            looked += 1.0;
            if oddest
                .as_ref()
                .is_none_or(|(_, odd): &(usize, Finding)| finding.chance < odd.chance)
            {
                oddest = Some((number, finding));
            }
        }
    }
    oddest
        .into_iter()
        .map(|(number, finding)| Finding {
            chance: finding.chance * looked,
            what: format!("block {number}: {}", finding.what),
        })
        .collect()
}

/// Draws seen before. Two parameters, or two places of one, do not get the same draws by chance.
#[derive(Default)]
struct Copies {
    seen: HashMap<(u64, u64), String>,
    repeats: Repeats,
    /// Whose anchors they are: the entry, the law, the place.
    owners: Vec<(usize, String, String)>,
}

impl Copies {
    fn see(
        &mut self,
        index: usize,
        entry: &Entry,
        cell: &Cell<'_>,
        test: &Test<'_>,
        tally: &Tally,
    ) -> Option<Finding> {
        // So many values that two draws of a structured law do not agree in them by chance, in any kind.
        const ENOUGH: u64 = 64;
        let moments = &tally.moments;
        if moments.not_finite > 0 || moments.min >= moments.max {
            return None;
        }
        let (one_value, chance) = match test {
            Test::Known(gauge) => {
                let one = gauge.one_value();
                (one, one.powf(moments.count as f64))
            }
            // Of an orthogonal matrix in a short kind many may have been rounded to 0.
            Test::Structured(law) if law.is_drawn() && moments.count >= ENOUGH => {
                let zeros = moments.zeros as f64 / moments.count as f64;
                (zeros.max(2.0_f64.powi(-8)), 0.0)
            }
            _ => return None,
        };
        let place = if cell.place.is_empty() {
            String::new()
        } else {
            format!(" ({})", cell.place)
        };
        let name = format!("`{}`{place}", entry.path());
        let pairs = self.seen.len() as f64;
        match self.seen.entry((tally.digest, moments.count)) {
            Occupied(other) => Some(Finding {
                chance: chance * pairs,
                what: format!("the values are those of {}", other.get()),
            }),
            Vacant(free) => {
                self.owners
                    .push((index, cell.law.to_string(), cell.place.clone()));
                self.repeats.see(&name, one_value, &tally.anchors);
                free.insert(name);
                None
            }
        }
    }
}
