//! Parts of a tensor, as `at = INDEX` names them: boxes of whole rows, ranges and single indices.

use std::fmt;
use std::ops::{
    Bound, Range, RangeBounds, RangeFrom, RangeFull, RangeInclusive, RangeTo, RangeToInclusive,
};

use super::extent::Extent;
use crate::Cause;

/// A box of a tensor, written as tch's `.i(…)` takes it: an index, a range, or a tuple of up to seven of them.
///
/// A negative single index counts from the end. Lists and tensors of indices are no region: for them `.i(…)` gives a
/// copy, and what is written to a copy would be lost.
///
/// ```
/// use nninit::Region;
///
/// assert_eq!(Region::from(3).to_string(), "3");
/// assert_eq!(Region::from((.., 4..8)).to_string(), "(.., 4..8)");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    indices: Vec<Index>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Index {
    Select(i64),
    Range(Bound<i64>, Bound<i64>),
}

impl Index {
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let Some((start, end)) = text.split_once("..") else {
            return text.parse().ok().map(Self::Select);
        };
        let bound = |text: &str, bound: fn(i64) -> Bound<i64>| match text.trim() {
            "" => Some(Bound::Unbounded),
            number => number.parse().ok().map(bound),
        };
        let end = match end.strip_prefix('=') {
            Some(last) => Bound::Included(last.trim().parse().ok()?),
            None => bound(end, Bound::Excluded)?,
        };
        Some(Self::Range(bound(start, Bound::Included)?, end))
    }
}

impl fmt::Display for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (start, end) = match self {
            Self::Select(index) => return write!(f, "{index}"),
            Self::Range(start, end) => (start, end),
        };
        if let Bound::Included(start) | Bound::Excluded(start) = start {
            write!(f, "{start}")?;
        }
        match end {
            Bound::Included(end) => write!(f, "..={end}"),
            Bound::Excluded(end) => write!(f, "..{end}"),
            Bound::Unbounded => f.write_str(".."),
        }
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [index] = self.indices[..] {
            return index.fmt(f);
        }
        let indices: Vec<_> = self.indices.iter().map(Index::to_string).collect();
        write!(f, "({})", indices.join(", "))
    }
}

impl Region {
    /// Reads what [`Display`](fmt::Display) writes: `3`, `4..8`, `(.., 0)`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let inside = text
            .strip_prefix('(')
            .and_then(|text| text.strip_suffix(')'));
        let indices: Option<Vec<Index>> = match inside {
            Some(inside) => inside
                .strip_suffix(',')
                .unwrap_or(inside)
                .split(',')
                .map(Index::parse)
                .collect(),
            None => Index::parse(text).map(|index| vec![index]),
        };
        indices.map(|indices| Self { indices })
    }

    /// The box that the region covers in a tensor of `shape`.
    pub(crate) fn within(&self, shape: &[i64]) -> Result<Extent, Cause> {
        if self.indices.len() > shape.len() {
            return Err(Cause::TooManyIndices {
                indices: self.indices.len(),
                ndim: shape.len(),
            });
        }
        let mut extent = Extent::whole(shape);
        for (dim, index) in self.indices.iter().enumerate() {
            let span = &mut extent.spans[dim];
            let length = shape[dim];
            let (start, end, kept) = match *index {
                Index::Select(i) if i < 0 => (length + i, length + i + 1, false),
                Index::Select(i) => (i, i.saturating_add(1), false),
                Index::Range(start, end) => (lower(start), upper(end, length), true),
            };
            if start < 0 || end > length || start > end {
                return Err(Cause::OutOfRange {
                    index: index.to_string(),
                    dim,
                    length,
                });
            }
            (span.start, span.len, span.kept) = (start, end - start, kept);
        }
        Ok(extent)
    }
}

fn lower(bound: Bound<i64>) -> i64 {
    match bound {
        Bound::Included(start) => start,
        Bound::Excluded(start) => start.saturating_add(1),
        Bound::Unbounded => 0,
    }
}

fn upper(bound: Bound<i64>, length: i64) -> i64 {
    match bound {
        Bound::Included(end) => end.saturating_add(1),
        Bound::Excluded(end) => end,
        Bound::Unbounded => length,
    }
}

impl From<i64> for Index {
    fn from(index: i64) -> Self {
        Self::Select(index)
    }
}

impl From<i64> for Region {
    fn from(index: i64) -> Self {
        Self {
            indices: vec![index.into()],
        }
    }
}

macro_rules! ranges {
    ($($range:ty),*) => {$(
        impl From<$range> for Index {
            fn from(range: $range) -> Self {
                Self::Range(
                    RangeBounds::<i64>::start_bound(&range).cloned(),
                    RangeBounds::<i64>::end_bound(&range).cloned(),
                )
            }
        }

        impl From<$range> for Region {
            fn from(range: $range) -> Self {
                Self { indices: vec![range.into()] }
            }
        }
    )*};
}

ranges!(
    Range<i64>,
    RangeFrom<i64>,
    RangeFull,
    RangeInclusive<i64>,
    RangeTo<i64>,
    RangeToInclusive<i64>
);

macro_rules! tuples {
    ($($($index:ident)+),*) => {$(
        #[allow(private_bounds, reason = "an index is only ever one of the types above")]
        impl<$($index: Into<Index>),+> From<($($index,)+)> for Region {
            #[allow(non_snake_case, reason = "the macro names the values as the types")]
            fn from(($($index,)+): ($($index,)+)) -> Self {
                Self { indices: vec![$($index.into()),+] }
            }
        }
    )*};
}

tuples!(A, A B, A B C, A B C D, A B C D E, A B C D E F, A B C D E F G);

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(region: impl Into<Region>, shape: &[i64]) -> Vec<(u64, u64)> {
        let extent = region.into().within(shape).unwrap();
        let runs = extent.runs();
        assert_eq!(runs.count * runs.len, extent.numel());
        (0..runs.count)
            .map(|row| (runs.start(row), runs.len))
            .collect()
    }

    #[test]
    fn a_box_is_cut_into_as_few_runs_as_possible() {
        assert_eq!(runs(.., &[2, 3, 4]), [(0, 24)]);
        assert_eq!(runs(1, &[2, 3, 4]), [(12, 12)]);
        assert_eq!(runs(-1, &[2, 3, 4]), [(12, 12)]);
        assert_eq!(runs((.., 1..3), &[2, 3, 4]), [(4, 8), (16, 8)]);
        assert_eq!(runs((0, .., 2), &[2, 3, 4]), [(2, 1), (6, 1), (10, 1)]);
        assert_eq!(runs((.., 1..=1, ..2), &[2, 3, 4]), [(4, 2), (16, 2)]);
        assert_eq!(runs(1..1, &[2, 3]), []);
    }

    #[test]
    fn a_scalar_is_one_run() {
        let runs = Extent::whole(&[]).runs();
        assert_eq!((runs.count, runs.len, runs.start(0)), (1, 1, 0));
    }

    #[test]
    fn the_view_loses_single_indices() {
        let extent = Region::from((1, .., 2..4)).within(&[2, 3, 4]).unwrap();
        assert_eq!(extent.shape(), [3, 2]);
        let row = Region::from(0).within(&[1, 3]).unwrap();
        assert!(!row.is_whole() && row.shape() == [3]);
    }

    #[test]
    fn selecting_counts_the_dimensions_of_the_view() {
        let extent = Region::from((1, 2..8, 1..)).within(&[2, 9, 4]).unwrap();
        let selected = extent.select(1, 1);
        assert_eq!(selected.shape(), [6]);
        assert_eq!(selected.runs().start(0), 36 + 2 * 4 + 2);
    }

    #[test]
    fn axes_find_an_element_in_the_box() {
        let extent = Region::from((1.., 0, 2..4)).within(&[3, 5, 7]).unwrap();
        let axes = extent.axes();
        let index = 2 * 35 + 3;
        let place: Vec<_> = axes.iter().map(|axis| axis.place_of(index)).collect();
        assert_eq!(place, [1, 1]);
    }

    #[test]
    #[expect(clippy::reversed_empty_ranges, reason = "it is refused")]
    fn what_tch_refuses_is_refused() {
        let within = |region: Region| region.within(&[2, 3]);
        assert!(matches!(
            within(2.into()),
            Err(Cause::OutOfRange {
                dim: 0,
                length: 2,
                ..
            })
        ));
        assert!(matches!(within((-3).into()), Err(Cause::OutOfRange { .. })));
        assert!(matches!(
            within((.., 2..4).into()),
            Err(Cause::OutOfRange { dim: 1, .. })
        ));
        assert!(matches!(
            within((2..1).into()),
            Err(Cause::OutOfRange { .. })
        ));
        assert!(matches!(
            within((..=i64::MAX).into()),
            Err(Cause::OutOfRange { .. })
        ));
        assert!(matches!(
            within((.., .., 0).into()),
            Err(Cause::TooManyIndices {
                indices: 3,
                ndim: 2
            })
        ));
    }
}
