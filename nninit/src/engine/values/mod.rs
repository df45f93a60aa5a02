//! How the values of a law are drawn: an element's value, given its place.

mod mapped;
mod sparse;

use self::mapped::MappedDraws;
pub(super) use self::mapped::through;
use self::sparse::SparseNormal;
use crate::blueprint::PlannedStep;
use crate::numeric::extent::Extent;
use crate::numeric::law::{Drawer, OfPlaces, Table};
use crate::numeric::stream::{Key, Tag};
use crate::plan::layout::Layout;
use crate::sample::Sampler;
use crate::sample::element::Element;
use crate::tables::Tabulated;
use crate::{Cause, Dtype, Elementwise, Law, Stream};

/// How the values of a law are drawn whose elements are drawn by themselves.
pub(crate) enum Values {
    Ours(Box<Ours>),
    Users(Users),
}

/// Values that code of a user's makes.
pub(crate) enum Users {
    Draws(Drawer),
    Mapped(MappedDraws),
    Places(OfPlaces),
}

/// Values that this crate makes: no code of a user's runs while they are written.
pub(crate) enum Ours {
    Sampler(Sampler),
    /// Boxed, as are tables: a plan of many small parameters has a sampler for each.
    Sparse(Box<SparseNormal>),
    Table(Box<Tabulated>),
    Zero,
}

/// Elements that share a substream of a user's distribution.
const BLOCK: u64 = 1024;

impl Values {
    /// How `law` is drawn on a parameter of this shape, of real numbers, if its elements are drawn by themselves.
    ///
    /// # Errors
    ///
    /// For a function or distribution of which only the name is known.
    pub(crate) fn of(law: &Law, shape: &[i64]) -> Result<Option<Self>, Cause> {
        Ok(match Users::of(law, shape)? {
            Some(values) => Some(Self::Users(values)),
            None => Ours::of(law, Dtype::F64).map(|values| Self::Ours(Box::new(values))),
        })
    }

    /// How the elements of `block` are made, where what they are follows from their place in it.
    pub(crate) fn of_block(law: &Law, block: &Extent) -> Option<Self> {
        let Law::Table(table) = law else {
            return None;
        };
        Some(Self::Ours(Box::new(Ours::table(table, block))))
    }

    /// The values of the elements from `first` on.
    pub(crate) fn fill<T: Element>(&self, key: Key, first: u64, out: &mut [T]) {
        match self {
            Self::Ours(values) => values.fill(key, first, out),
            Self::Users(values) => _ = values.fill(key, first, out),
        }
    }
}

impl Ours {
    /// How `law` is drawn for elements of `dtype`, if it is a law of ours whose elements are drawn by themselves.
    pub(super) fn of(law: &Law, dtype: Dtype) -> Option<Self> {
        match law {
            Law::Elementwise(law) => Some(Self::Sampler(Sampler::new(&law.of_parts(dtype)))),
            Law::Constant { .. }
            | Law::Structured(_)
            | Law::Table(_)
            | Law::Given(_)
            | Law::ByIndex(_)
            | Law::Mapped(_)
            | Law::Sample(_)
            | Law::Custom(_) => None,
        }
    }

    /// What a step writes together with all else that needs nothing but memory.
    pub(super) fn of_step(step: &PlannedStep, layout: &Layout) -> Option<Self> {
        match step.law().filter(|_| Self::are_of_step(step, layout))? {
            Law::Constant { .. } => Some(Self::Zero),
            law => Self::of(law, layout.dtype()),
        }
    }

    /// Whether there is such: draws, and zeros where they are a `memset`.
    pub(super) fn are_of_step(step: &PlannedStep, layout: &Layout) -> bool {
        let blocks = step.blocks();
        match step.law() {
            Some(Law::Elementwise(_)) => blocks.repeated().is_none(),
            Some(Law::Constant { value }) => *value == 0.0 && layout.is_memset(blocks.joined()),
            _ => false,
        }
    }

    /// Normal with mean 0.
    pub(super) fn normal(std: f64) -> Self {
        Self::Sampler(Sampler::new(&Elementwise::Normal { mean: 0.0, std }))
    }

    /// What follows from the place in `block`.
    pub(super) fn table(table: &Table, block: &Extent) -> Self {
        Self::Table(Box::new(Tabulated::new(table, block)))
    }

    /// Normal with mean 0, and `zeros` elements of each column of the matrix `block` 0.
    pub(super) fn sparse(block: &Extent, zeros: i64, std: f64, key: Key) -> Result<Self, Cause> {
        let values = SparseNormal::draw(block, zeros, std, key)?;
        Ok(Self::Sparse(Box::new(values)))
    }

    /// The values of the elements from `first` on.
    pub(super) fn fill<T: Element>(&self, key: Key, first: u64, out: &mut [T]) {
        match self {
            Self::Sampler(sampler) => sampler.fill(key, first, out),
            Self::Sparse(sparse) => sparse.fill(key, first, out),
            Self::Table(table) => table.fill(first, out),
            Self::Zero => out.fill(T::default()),
        }
    }
}

impl Users {
    /// How `law` is drawn on a parameter of this shape, if code of a user's makes its elements one by one.
    ///
    /// # Errors
    ///
    /// Where only the code's name is known.
    pub(super) fn of(law: &Law, shape: &[i64]) -> Result<Option<Self>, Cause> {
        Ok(match law {
            Law::ByIndex(of) => Some(Self::Places(of.of_places(shape)?)),
            Law::Mapped(mapped) => Some(Self::Mapped(MappedDraws::of(mapped)?)),
            Law::Sample(sample) => Some(Self::Draws(sample.drawer()?)),
            Law::Constant { .. }
            | Law::Elementwise(_)
            | Law::Structured(_)
            | Law::Table(_)
            | Law::Given(_)
            | Law::Custom(_) => None,
        })
    }

    /// The values of the elements from `first` on.
    ///
    /// # Errors
    ///
    /// For what is no number, or not one of the kind where the function has to make one.
    pub(super) fn fill<T: Element>(
        &self,
        key: Key,
        first: u64,
        out: &mut [T],
    ) -> Result<(), Cause> {
        match self {
            Self::Draws(sample) => {
                if fill_in_blocks(sample, key, first, out) {
                    Ok(())
                } else {
                    Err(Cause::DrawsNaN)
                }
            }
            Self::Mapped(draws) => draws.fill(key, first, out),
            Self::Places(places) => {
                let mut no_number = None;
                places.each(first, out.len(), |element, value| {
                    if value.is_nan() && no_number.is_none() {
                        no_number = Some(first + element as u64);
                    }
                    out[element] = T::rounded(value);
                });
                no_number.map_or(Ok(()), |element| {
                    let place = places.place_of(element);
                    Err(Cause::NoNumberAt { place })
                })
            }
        }
    }
}

/// Draws whole blocks, each from its own substream, so that no value depends on how the work was cut.
///
/// Says whether all draws are numbers.
fn fill_in_blocks<T: Element>(sample: &Drawer, key: Key, first: u64, mut out: &mut [T]) -> bool {
    let mut values = [0.0; BLOCK as usize];
    let mut first = first;
    let mut numbers = true;
    while !out.is_empty() {
        let (block, skipped) = (first / BLOCK, (first % BLOCK) as usize);
        let count = out.len().min(values.len() - skipped);
        sample.fill(
            &mut Stream::with_tag(key, Tag::Sample, block),
            &mut values[..skipped + count],
        );
        let (head, tail) = out.split_at_mut(count);
        for (out, &value) in head.iter_mut().zip(&values[skipped..]) {
            numbers &= !value.is_nan();
            *out = T::from_draw(T::nearest(value));
        }
        (out, first) = (tail, first + count as u64);
    }
    numbers
}
