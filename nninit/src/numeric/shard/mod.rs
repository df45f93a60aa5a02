//! Which part of a larger parameter a tensor holds.

mod map;

use std::fmt;
use std::ops::Range;

use self::map::{Map, Span, mistake};
use crate::{Cause, Reason};

/// Which part of a larger parameter a tensor holds: of a layer that is split over machines, say.
///
/// It begins as the whole, and each call divides what the one before it left. Shapes, dimensions and ranges are
/// counted in elements. Parts without elements are legal: a rank beyond the last part has one.
///
/// ```
/// use nninit::Shard;
///
/// // Fully sharded over 4 ranks, inside of a column split over 2: rank 3 of the ones, 1 of the others.
/// let shard = Shard::of(&[4096, 11008]).split(1, 1, 2).split(0, 3, 4);
/// assert_eq!(shard.shape()?, [1024, 5504]);
/// assert_eq!(shard.to_string(), "[3072..4096, 5504..11008] of [4096, 11008]");
/// # Ok::<(), nninit::Reason>(())
/// ```
///
/// # Errors
///
/// A call that cannot be done keeps its mistake, and all that follow keep it too: [`shape`](Self::shape),
/// [`whole`](Self::whole) and [`runs`](Self::runs) return it.
#[derive(Debug, Clone, PartialEq)]
pub struct Shard(Result<Map, Cause>);

/// Elements of a part that follow one another, there and in the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ShardRun {
    /// The place of the first in the whole, counted row by row; `None` for padding.
    pub start: Option<u64>,
    /// How many there are.
    pub len: u64,
}

/// How a dimension is cut into blocks, each of which is divided: so many equal ones, or of these lengths.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum DimBlocks<'a> {
    /// So many equal ones: 2 for a fused gate and up projection.
    Equal(i64),
    /// Of these lengths: queries, keys and values of grouped attention.
    Lengths(&'a [i64]),
}

impl From<i64> for DimBlocks<'_> {
    fn from(count: i64) -> Self {
        Self::Equal(count)
    }
}

impl<'a> From<&'a [i64]> for DimBlocks<'a> {
    fn from(lengths: &'a [i64]) -> Self {
        Self::Lengths(lengths)
    }
}

impl<'a, const N: usize> From<&'a [i64; N]> for DimBlocks<'a> {
    fn from(lengths: &'a [i64; N]) -> Self {
        Self::Lengths(lengths)
    }
}

impl Shard {
    /// All of a parameter of this shape.
    #[must_use]
    pub fn of(shape: &[i64]) -> Self {
        Self(Map::whole(shape))
    }

    /// Part `rank` of `size` along a dimension, divided as `torch.chunk` and `DTensor` do: each part has
    /// ⌈length / size⌉, the last ones less or nothing.
    ///
    /// ```
    /// use nninit::Shard;
    ///
    /// let part = |rank| Shard::of(&[10]).split(0, rank, 4).shape().map(|shape| shape[0]);
    /// assert_eq!([part(0)?, part(1)?, part(2)?, part(3)?], [3, 3, 3, 1]);
    /// # Ok::<(), nninit::Reason>(())
    /// ```
    #[must_use]
    pub fn split(self, dim: usize, rank: usize, size: usize) -> Self {
        self.divided("split", dim, rank, size, |spans, length| {
            Ok(map::cut(spans, chunk(length, rank, size)).collect())
        })
    }

    /// Part `rank` of `size` along a dimension, divided as `torch.tensor_split` does: ⌊length / size⌋ each, and one
    /// more for the first length mod size.
    #[must_use]
    pub fn split_even(self, dim: usize, rank: usize, size: usize) -> Self {
        self.divided("split_even", dim, rank, size, |spans, length| {
            let (rank, size) = (rank as u64, size as u64);
            let (each, more) = (length / size, length % size);
            let start = rank * each + rank.min(more);
            let end = start + each + u64::from(rank < more);
            Ok(map::cut(spans, start..end).collect())
        })
    }

    /// Part `rank` of `size` of each of these blocks along a dimension, one after the other; each is divided as
    /// [`split`](Self::split) does. So a fused projection is split: each rank has its share of every one that is in it.
    ///
    /// ```
    /// use nninit::Shard;
    ///
    /// // Queries, keys and values of grouped attention.
    /// let shard = Shard::of(&[12, 4]).split_each(0, &[8, 2, 2], 1, 2);
    /// assert_eq!(shard.to_string(), "[4..8+9..10+11..12, ..] of [12, 4]");
    /// # Ok::<(), nninit::Reason>(())
    /// ```
    #[must_use]
    pub fn split_each<'a>(
        self,
        dim: usize,
        blocks: impl Into<DimBlocks<'a>>,
        rank: usize,
        size: usize,
    ) -> Self {
        let blocks = blocks.into();
        self.divided("split_each", dim, rank, size, |spans, length| {
            let mut start = 0;
            let mut kept = Vec::new();
            for block in blocks.lengths(length)? {
                let part = chunk(block, rank, size);
                kept.extend(map::cut(spans, start + part.start..start + part.end));
                start += block;
            }
            Ok(kept)
        })
    }

    /// The indices of `range` along a dimension. One call for each dimension makes any box.
    #[must_use]
    pub fn narrow(self, dim: usize, range: Range<i64>) -> Self {
        self.changed(|map| {
            map.with_dim("narrow", dim, |spans, length| {
                Ok(map::cut(spans, within("narrow", &range, length)?).collect())
            })
        })
    }

    /// The elements of `range`, counted row by row, in one dimension: a part of a flat parameter.
    ///
    /// ```
    /// use nninit::Shard;
    ///
    /// // The last of four ranks, whose part ends two elements after the parameter.
    /// let shard = Shard::of(&[3, 6]).flat(15..18).padded(0, 5);
    /// assert_eq!(shard.shape()?, [5]);
    /// assert_eq!(shard.to_string(), "[15..18+2 of padding] of [3, 6], flat");
    /// # Ok::<(), nninit::Reason>(())
    /// ```
    #[must_use]
    pub fn flat(self, range: Range<i64>) -> Self {
        self.changed(|map| {
            let length = map.numel();
            map.flattened().with_dim("flat", 0, |spans, _| {
                Ok(map::cut(spans, within("flat", &range, length)?).collect())
            })
        })
    }

    /// As much more at the end of a dimension that it is `to` long. What is added has no values of its own.
    #[must_use]
    pub fn padded(self, dim: usize, to: i64) -> Self {
        self.changed(|map| {
            map.with_dim("padded", dim, |spans, length| {
                let Some(len) = u64::try_from(to).ok().and_then(|to| to.checked_sub(length)) else {
                    return Err(mistake(format!(
                        "padded({dim}, {to}): the dimension is {length} long already; write how long it is to be, not by \
                         how much"
                    )));
                };
                let padding = Span { start: None, len };
                Ok(spans.iter().copied().chain([padding]).collect())
            })
        })
    }

    /// Parts of one parameter, one after the other along a dimension. They may overlap: keys that two ranks share.
    ///
    /// ```
    /// use nninit::Shard;
    ///
    /// let whole = Shard::of(&[8, 2]);
    /// let shard = Shard::concat(0, [whole.clone().narrow(0, 0..2), whole.narrow(0, 6..8)]);
    /// assert_eq!(shard.shape()?, [4, 2]);
    /// # Ok::<(), nninit::Reason>(())
    /// ```
    #[must_use]
    pub fn concat(dim: usize, parts: impl IntoIterator<Item = Self>) -> Self {
        let parts: Result<Vec<Map>, Cause> = parts.into_iter().map(|part| part.0).collect();
        Self(parts.and_then(|parts| Map::concat(dim, parts)))
    }

    /// The shape of the part.
    ///
    /// # Errors
    ///
    /// The first mistake of the calls that made it, as in all that asks it something.
    pub fn shape(&self) -> Result<&[i64], Reason> {
        self.map().map(Map::shape)
    }

    /// The shape of the whole parameter.
    ///
    /// # Errors
    ///
    /// As [`shape`](Self::shape).
    pub fn whole(&self) -> Result<&[i64], Reason> {
        self.map().map(Map::whole_shape)
    }

    /// The elements of the part, in its own order, as runs that follow one another in the whole. A part of columns has
    /// one for each row.
    ///
    /// ```
    /// use nninit::Shard;
    ///
    /// let runs = Shard::of(&[2, 6]).split(1, 1, 3).runs()?;
    /// let runs: Vec<_> = runs.iter().map(|run| (run.start, run.len)).collect();
    /// assert_eq!(runs, [(Some(2), 2), (Some(8), 2)]);
    /// # Ok::<(), nninit::Reason>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`shape`](Self::shape).
    pub fn runs(&self) -> Result<Vec<ShardRun>, Reason> {
        let map = self.map()?;
        let mut spans = Vec::new();
        map.visit(0..map.numel(), &mut |span| map::append(&mut spans, span));
        let run = |Span { start, len }| ShardRun { start, len };
        Ok(spans.into_iter().map(run).collect())
    }

    fn map(&self) -> Result<&Map, Reason> {
        self.0.as_ref().map_err(|cause| cause.clone().into())
    }

    fn changed(self, change: impl FnOnce(Map) -> Result<Map, Cause>) -> Self {
        Self(self.0.and_then(change))
    }

    fn divided(
        self,
        call: &str,
        dim: usize,
        rank: usize,
        size: usize,
        part: impl FnOnce(&[Span], u64) -> Result<Vec<Span>, Cause>,
    ) -> Self {
        self.changed(|map| {
            if rank >= size {
                return Err(mistake(format!(
                    "{call}: rank {rank} of {size}; write a rank below the number of parts, counted from 0"
                )));
            }
            map.with_dim(call, dim, part)
        })
    }
}

/// The part itself as a table says it: `[0..4, ..] of [8, 6]`.
impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Ok(map) => map.fmt(f),
            Err(cause) => cause.fmt(f),
        }
    }
}

impl DimBlocks<'_> {
    fn lengths(self, length: u64) -> Result<Vec<u64>, Cause> {
        match self {
            Self::Equal(count) => match u64::try_from(count) {
                Ok(blocks @ 1..) if length.is_multiple_of(blocks) => {
                    // Of nothing any number of blocks is nothing.
                    Ok(vec![length / blocks; blocks.min(length.max(1)) as usize])
                }
                _ => Err(mistake(format!(
                    "split_each: {count} equal blocks of a dimension of {length}; write a number that divides it, or the \
                     blocks' lengths"
                ))),
            },
            Self::Lengths(lengths) => {
                let blocks: Result<Vec<u64>, _> =
                    lengths.iter().copied().map(u64::try_from).collect();
                let sum = |blocks: &[u64]| {
                    blocks
                        .iter()
                        .try_fold(0u64, |sum, &block| sum.checked_add(block))
                };
                match blocks {
                    Ok(blocks) if sum(&blocks) == Some(length) => Ok(blocks),
                    _ => Err(mistake(format!(
                        "split_each: blocks of {lengths:?} do not make up a dimension of {length}; write lengths whose sum \
                         it is"
                    ))),
                }
            }
        }
    }
}

/// What `torch.chunk` gives a rank of a dimension.
fn chunk(length: u64, rank: usize, size: usize) -> Range<u64> {
    let each = length.div_ceil(size as u64);
    let start = (rank as u64).saturating_mul(each).min(length);
    start..start.saturating_add(each).min(length)
}

fn within(call: &str, range: &Range<i64>, length: u64) -> Result<Range<u64>, Cause> {
    match (u64::try_from(range.start), u64::try_from(range.end)) {
        (Ok(start), Ok(end)) if start <= end && end <= length => Ok(start..end),
        _ => Err(mistake(format!(
            "{call}: {}..{} does not lie in {length} elements; write a range from 0 to {length}",
            range.start, range.end
        ))),
    }
}

#[cfg(test)]
mod tests;
