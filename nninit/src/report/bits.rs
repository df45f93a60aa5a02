//! The values made again, from the same seed, and compared bit by bit.

use half::{bf16, f16};
use tch::{Kind, kind};

use super::cells::{self, Area, Cell};
use super::read::{Piece, each_piece, real, unchanged};
use super::{Report, Verified};
use crate::engine::{self, Progress, Values};
use crate::numeric::source::Bits;
use crate::numeric::stream::Key;
use crate::sample::element::Element;
use crate::{Cause, Dtype, Entry, Error, Law, Problem};

impl Report {
    /// Makes every value again and compares it with what the parameter holds now.
    ///
    /// It tells whether anything has touched the model since, by as little as one bit. Laws whose elements are drawn by
    /// themselves are made in buffers of some kilobytes; a law of a whole matrix (`orthogonal`) needs a second tensor
    /// of the parameter's size and a byte for each element, and two zeros are the same to it whatever their signs.
    /// Parameters that a user's function wrote are not checked.
    ///
    /// # Errors
    ///
    /// [`Error::Verify`] with every parameter that differs; with a tensor that is no longer what was initialised: of
    /// another shape or kind, or elsewhere; and for a report whose bits came from libtorch's own generator, which has
    /// moved on since.
    pub fn verify_bits(&self) -> Result<Verified, Error> {
        self.verify_all_bits(None)
    }

    /// As [`verify_bits`](Report::verify_bits), telling how far it is.
    ///
    /// # Errors
    ///
    /// As [`verify_bits`](Report::verify_bits).
    pub fn verify_bits_with_progress(
        &self,
        mut progress: impl FnMut(Progress),
    ) -> Result<Verified, Error> {
        self.verify_all_bits(Some(&mut progress))
    }

    fn verify_all_bits(&self, tell: Option<&mut dyn FnMut(Progress)>) -> Result<Verified, Error> {
        self.has_tensors()?;
        let Bits::Seed(seed) = self.bits else {
            return Err(self.not_repeatable());
        };
        let mut verified = Verified::nothing();
        let (mut drawn, mut differ) = (Vec::new(), Vec::new());
        for (index, entry) in self.entries().iter().enumerate() {
            if entry.tied_to().is_some() {
                continue;
            }
            if let Some(why) = reason_not_to(entry) {
                verified.leave(entry, why);
                continue;
            }
            verified.checked += 1;
            match Again::of(entry, seed) {
                Ok(Some(again)) => drawn.push((index, again)),
                Err(reason) => differ.push((index, Err(reason))),
                Ok(None) => {
                    unchanged(entry).map_err(|problem| self.failed(vec![problem]))?;
                    differ.push((index, compare_with_copy(entry, seed)));
                }
            }
        }
        let indices: Vec<usize> = drawn.iter().map(|(index, _)| *index).collect();
        let again: Vec<&Again> = drawn.iter().map(|(_, again)| again).collect();
        let counts = each_piece(self.entries(), &indices, tell, |piece| {
            again[piece.entry].differences(piece)
        });
        let counts = counts.map_err(|problem| self.failed(vec![problem]))?;
        let sums = counts
            .into_iter()
            .map(|counts| Ok(counts.into_iter().sum()));
        differ.extend(indices.into_iter().zip(sums));
        differ.sort_by_key(|(index, _)| *index);
        let problems: Vec<Problem> = differ
            .into_iter()
            .filter_map(|(index, differ)| {
                let reason = match differ {
                    Ok(0) => return None,
                    Ok(count) => Cause::Differs { count },
                    Err(reason) => reason,
                };
                Some(self.entries()[index].problem(reason))
            })
            .collect();
        if problems.is_empty() {
            Ok(verified)
        } else {
            Err(self.failed(problems))
        }
    }

    fn not_repeatable(&self) -> Error {
        let text = "libtorch's generator has moved on, so its values cannot be made again";
        self.failed_whole(text)
    }
}

fn reason_not_to(entry: &Entry) -> Option<&'static str> {
    let mut laws = entry.steps().iter().filter_map(|step| step.law());
    if entry.is_skipped() {
        return Some("left as it was");
    }
    laws.find_map(|law| match law {
        Law::Custom(_) => Some("written by a user's function"),
        Law::Constant { .. }
        | Law::Elementwise(_)
        | Law::Structured(_)
        | Law::Table(_)
        | Law::Given(_)
        | Law::ByIndex(_)
        | Law::Mapped(_)
        | Law::Sample(_) => None,
    })
}

/// A parameter whose values can be made again a few at a time.
struct Again {
    dtype: Dtype,
    key: Key,
    areas: Vec<Area>,
    makers: Vec<Maker>,
}

enum Maker {
    Constant(f64),
    Draws(Values),
}

impl Again {
    /// Nothing for laws whose elements are not made by themselves, and for kinds that are not ours.
    fn of(entry: &Entry, seed: u64) -> Result<Option<Self>, Cause> {
        let dtype = entry.layout().dtype();
        if !dtype.is_real() {
            return Ok(None);
        }
        let (mut areas, mut makers) = (Vec::new(), Vec::new());
        for cell in cells::cells(entry) {
            let is_constant = matches!(cell.law, Law::Constant { .. });
            if cell.blocks.repeated().is_some() && !is_constant {
                return Ok(None);
            }
            makers.push(match cell.law {
                Law::Constant { value } => Maker::Constant(*value),
                Law::Elementwise(_)
                | Law::Structured(_)
                | Law::Table(_)
                | Law::Given(_)
                | Law::ByIndex(_)
                | Law::Mapped(_)
                | Law::Sample(_)
                | Law::Custom(_) => match values(&cell, entry)? {
                    Some(values) => Maker::Draws(values),
                    None => return Ok(None),
                },
            });
            areas.push(cell.area);
        }
        Ok(Some(Self {
            dtype,
            key: Key::of_hash(seed, entry.stream()),
            areas,
            makers,
        }))
    }

    /// How many values of a piece differ from what the seed gives.
    fn differences(&self, piece: &Piece) -> Result<u64, Cause> {
        match self.dtype {
            Dtype::F64 => self.compare(piece, |a: f64, b: f64| a.to_bits() != b.to_bits()),
            Dtype::F16 => self.compare(piece, |a: f16, b: f16| a.to_bits() != b.to_bits()),
            // tch 0.26 takes slices of bf16 for ones of f16; as f32 they are read unchanged.
            Dtype::BF16 => self.compare(piece, |a: f32, b: bf16| {
                a.to_bits() != u32::from(b.to_bits()) << 16
            }),
            _ => self.compare(piece, |a: f32, b: f32| a.to_bits() != b.to_bits()),
        }
    }

    fn compare<R: kind::Element + Copy + Default, T: Element>(
        &self,
        piece: &Piece,
        differs: impl Fn(R, T) -> bool,
    ) -> Result<u64, Cause> {
        /// Values made at once.
        const BUFFER: usize = 1 << 12;
        let mut due = [T::default(); BUFFER];
        let mut differ = 0;
        piece.each(|first, values: &[R]| {
            cells::segments(&self.areas, first, values.len(), &mut |cell, start, len| {
                let index = first + start as u64;
                let chunks = values[start..start + len].chunks(BUFFER);
                for (index, values) in (index..).step_by(BUFFER).zip(chunks) {
                    let due = &mut due[..values.len()];
                    match &self.makers[cell] {
                        Maker::Constant(value) => due.fill(T::from_draw(T::nearest(*value))),
                        Maker::Draws(draws) => draws.fill(self.key, index, due),
                    }
                    let pairs = values.iter().zip(due.iter());
                    let others: u32 = pairs.map(|(&a, &b)| u32::from(differs(a, b))).sum();
                    differ += u64::from(others);
                }
            });
        })?;
        Ok(differ)
    }
}

/// How the values of a cell are made a few at a time, if they can be.
fn values(cell: &Cell<'_>, entry: &Entry) -> Result<Option<Values>, Cause> {
    let of_block = || match cell.blocks.len() {
        1 => Values::of_block(cell.law, &cell.blocks.get(0)),
        _ => None,
    };
    Ok(Values::of(cell.law, entry.shape())?.or_else(of_block))
}

/// Has the engine write a copy, regions that are left alone included.
pub(super) fn compare_with_copy(entry: &Entry, seed: u64) -> Result<u64, Cause> {
    let copy = entry.on_copy()?;
    let copies = std::slice::from_ref(&copy);
    engine::execute_seeded(copies, seed).map_err(|error| match error.problems() {
        [problem] => problem.reason.clone().into(),
        _ => Cause::Failed(error.to_string()),
    })?;
    let _no_grad = tch::no_grad_guard();
    let (held, due) = (comparable(&entry.tensor())?, comparable(&copy.tensor())?);
    // Of values that are given some may be NaN.
    let both_nan = held.f_isnan()?.f_logical_and(&due.f_isnan()?)?;
    let differ = held
        .f_ne_tensor(&due)?
        .f_logical_and(&both_nan.f_logical_not()?)?;
    Ok(differ.f_sum(Kind::Int64)?.f_int64_value(&[])? as u64)
}

/// The values in a kind that libtorch compares.
fn comparable(tensor: &tch::Tensor) -> Result<tch::Tensor, Cause> {
    let dtype = Dtype::from(tensor.f_kind()?);
    Ok(match tensor.f_kind()? {
        Kind::ComplexHalf | Kind::ComplexFloat | Kind::ComplexDouble => tensor.f_view_as_real()?,
        _ if dtype.is_real() || dtype.is_whole() => tensor.shallow_clone(),
        _ => real(tensor)?.f_to_kind(Kind::Float)?,
    })
}
