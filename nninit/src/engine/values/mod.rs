//! How the values of a law are drawn: an element's value, given its place.

mod sparse;

use self::sparse::SparseNormal;
use crate::numeric::extent::Extent;
use crate::numeric::law::{Drawer, OfPlaces, Table};
use crate::numeric::stream::{Key, Tag};
use crate::sample::Sampler;
use crate::sample::element::Element;
use crate::tables::Tabulated;
use crate::{Cause, Elementwise, Law, Stream};

/// How the values of a law are drawn whose elements are drawn by themselves.
pub(crate) enum Values {
    Ours(Box<Ours>),
    Users(Users),
}

/// Values that code of a user's makes.
pub(crate) enum Users {
    Draws(Drawer),
    Places(OfPlaces),
}

/// Values that this crate makes: no code of a user's runs while they are written.
pub(crate) enum Ours {
    Sampler(Sampler),
    Sparse(SparseNormal),
    Table(Tabulated),
    Zero,
}

/// Elements that share a substream of a user's distribution.
const BLOCK: u64 = 1024;

impl Values {
    /// How `law` is drawn on a parameter of this shape, if its elements are drawn by themselves.
    ///
    /// # Errors
    ///
    /// For a distribution of which only the name is known.
    pub(crate) fn of(law: &Law, shape: &[i64]) -> Result<Option<Self>, Cause> {
        Ok(match law {
            Law::Sample(sample) => Some(Self::Users(Users::Draws(sample.drawer()?))),
            Law::ByIndex(of) => Some(Self::Users(Users::Places(of.of_places(shape)?))),
            law => Ours::of(law).map(|values| Self::Ours(Box::new(values))),
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
    /// How `law` is drawn, if it is a law of ours whose elements are drawn by themselves.
    pub(super) fn of(law: &Law) -> Option<Self> {
        match law {
            Law::Elementwise(law) => Some(Self::Sampler(Sampler::new(law))),
            Law::Constant { .. }
            | Law::Structured(_)
            | Law::Table(_)
            | Law::ByIndex(_)
            | Law::Sample(_)
            | Law::Custom(_) => None,
        }
    }

    /// Normal with mean 0.
    pub(super) fn normal(std: f64) -> Self {
        Self::Sampler(Sampler::new(&Elementwise::Normal { mean: 0.0, std }))
    }

    /// What follows from the place in `block`.
    pub(super) fn table(table: &Table, block: &Extent) -> Self {
        Self::Table(Tabulated::new(table, block))
    }

    /// Normal with mean 0, and `zeros` elements of each column of the matrix `block` 0.
    pub(super) fn sparse(block: &Extent, zeros: i64, std: f64, key: Key) -> Result<Self, Cause> {
        SparseNormal::draw(block, zeros, std, key).map(Self::Sparse)
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
    /// The values of the elements from `first` on. Says whether all are numbers.
    pub(super) fn fill<T: Element>(&self, key: Key, first: u64, out: &mut [T]) -> bool {
        match self {
            Self::Draws(sample) => fill_in_blocks(sample, key, first, out),
            Self::Places(places) => {
                let mut numbers = true;
                places.each(first, out.len(), |element, value| {
                    numbers &= !value.is_nan();
                    out[element] = T::from_draw(T::nearest(value));
                });
                numbers
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
