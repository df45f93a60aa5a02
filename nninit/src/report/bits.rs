//! The values made again, from the same seed, and compared bit by bit.

use half::{bf16, f16};
use tch::Kind;

use super::cells::{self, Cell, NOBODY};
use super::read::{BUFFER, each_block};
use super::{Report, Verified};
use crate::engine::{self, Values};
use crate::numeric::source::Bits;
use crate::numeric::stream::Key;
use crate::sample::element::Element;
use crate::{Dtype, Entry, Error, Law, Problem, Reason};

impl Report {
    /// Makes every value again and compares it with what the parameter holds now.
    ///
    /// It tells whether anything has touched the model since, by as little as one bit. Laws whose elements are drawn by
    /// themselves are made into a buffer of a few megabytes; a law of a whole matrix (`orthogonal`) needs a second tensor of
    /// the parameter's size and a byte for each element, and two zeros are the same to it whatever their signs. Parameters that a user's function wrote are not checked.
    ///
    /// # Errors
    ///
    /// [`Error::Verify`] with every parameter that differs, and for a report whose bits came from libtorch's own generator,
    /// which has moved on since.
    pub fn verify_bits(&self) -> Result<Verified, Error> {
        let mut problems = Vec::new();
        let mut verified = Verified {
            checked: 0,
            unchecked: Vec::new(),
        };
        let seed = match self.bits {
            Bits::Seed(seed) => seed,
            Bits::Torch { .. } => return Err(self.not_repeatable()),
        };
        for entry in self.entries() {
            if entry.tied_to().is_some() {
                continue;
            }
            if entry.is_skipped() || has_custom(entry) {
                verified.unchecked.push(entry.path().to_owned());
                continue;
            }
            verified.checked += 1;
            match differences(entry, seed) {
                Ok(0) => {}
                Ok(count) => problems.push(entry.problem(Reason::Differs { count })),
                Err(reason) => problems.push(entry.problem(reason)),
            }
        }
        if problems.is_empty() {
            Ok(verified)
        } else {
            Err(self.failed(problems))
        }
    }

    fn not_repeatable(&self) -> Error {
        let text = "libtorch's generator has moved on, so its values cannot be made again";
        self.failed(vec![Problem {
            path: String::new(),
            shape: None,
            scheme: None,
            reason: Reason::Failed(text.to_owned()),
        }])
    }

    pub(super) fn failed(&self, problems: Vec<Problem>) -> Error {
        Error::Verify {
            problems,
            parameters: self.entries().len(),
        }
    }
}

fn has_custom(entry: &Entry) -> bool {
    let mut laws = entry.steps().iter().filter_map(|step| step.law());
    laws.any(|law| matches!(law, Law::Custom(_)))
}

/// How many values differ from what the seed gives.
fn differences(entry: &Entry, seed: u64) -> Result<u64, Reason> {
    let cells = cells::cells(entry);
    let makers: Vec<_> = cells.iter().map(Maker::of).collect::<Result<_, _>>()?;
    match makers.into_iter().collect::<Option<Vec<_>>>() {
        Some(makers) => Ok(compare_with_draws(entry, &cells, &makers, seed)),
        None => compare_with_copy(entry, seed),
    }
}

/// How the values of a cell are made, a range at a time.
enum Maker {
    Constant(f64),
    Draws(Box<Values>),
}

impl Maker {
    /// Nothing for laws whose elements are not made by themselves.
    fn of(cell: &Cell<'_>) -> Result<Option<Self>, Reason> {
        Ok(match cell.law {
            Law::Constant { value } => Some(Self::Constant(*value)),
            Law::Elementwise(_) | Law::Structured(_) | Law::Sample(_) | Law::Custom(_) => {
                Values::of(cell.law)?.map(|values| Self::Draws(Box::new(values)))
            }
        })
    }
}

fn compare_with_draws(entry: &Entry, cells: &[Cell<'_>], makers: &[Maker], seed: u64) -> u64 {
    let key = Key::of_hash(seed, entry.stream());
    let dtype = entry.layout().dtype();
    let mut differ = 0;
    let mut due = vec![0.0; BUFFER.min(entry.layout().numel() as usize)];
    let mut owners = vec![0; due.len()];
    each_block(&entry.tensor(), &mut |first, values| {
        let (due, owners) = (&mut due[..values.len()], &mut owners[..values.len()]);
        cells::owners(cells, first, owners);
        let end = first + values.len() as u64;
        for (cell, maker) in cells.iter().zip(makers) {
            cells::each_run(cell, first, end, |start, len| {
                let out = &mut due[start..start + len];
                match maker {
                    Maker::Constant(value) => out.fill(dtype.nearest(*value)),
                    Maker::Draws(values) => {
                        make(values, dtype, key, first + start as u64, out);
                    }
                }
            });
        }
        let pairs = values.iter().zip(due.iter()).zip(owners.iter());
        differ += pairs
            .filter(|((value, due), owner)| **owner != NOBODY && value.to_bits() != due.to_bits())
            .count() as u64;
    });
    differ
}

/// Draws in the kind of the parameter, as f64, which holds them all.
fn make(values: &Values, dtype: Dtype, key: Key, first: u64, out: &mut [f64]) {
    fn as_kind<T: Element>(
        values: &Values,
        key: Key,
        first: u64,
        out: &mut [f64],
        widen: impl Fn(T) -> f64,
    ) {
        let mut drawn = [T::default(); 1024];
        let mut first = first;
        for out in out.chunks_mut(drawn.len()) {
            let drawn = &mut drawn[..out.len()];
            values.fill(key, first, drawn);
            first += out.len() as u64;
            for (out, &value) in out.iter_mut().zip(drawn.iter()) {
                *out = widen(value);
            }
        }
    }
    match dtype {
        Dtype::F64 => values.fill(key, first, out),
        Dtype::F16 => as_kind(values, key, first, out, f16::to_f64),
        Dtype::BF16 => as_kind(values, key, first, out, bf16::to_f64),
        _ => as_kind(values, key, first, out, |value: f32| f64::from(value)),
    }
}

/// Has the engine write a copy, regions that are left alone included.
fn compare_with_copy(entry: &Entry, seed: u64) -> Result<u64, Reason> {
    let copy = entry.on_copy()?;
    let copies = std::slice::from_ref(&copy);
    engine::execute_seeded(copies, seed, &mut |_| ()).map_err(|error| match error.problems() {
        [problem] => problem.reason.clone(),
        _ => Reason::Failed(error.to_string()),
    })?;
    let _no_grad = tch::no_grad_guard();
    let differ = entry.tensor().f_ne_tensor(&copy.tensor())?;
    Ok(differ.f_sum(Kind::Int64)?.f_int64_value(&[])? as u64)
}
