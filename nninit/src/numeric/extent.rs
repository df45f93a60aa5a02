//! Boxes within a shape, and the runs of consecutive elements that they are made of.

use std::ops::Range;

/// A box within a shape: where a step writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Extent {
    pub(super) spans: Vec<Span>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: i64,
    pub(crate) len: i64,
    /// The length of the whole dimension.
    pub(crate) whole: i64,
    /// Whether the dimension is still there in the view: a single index removes it.
    pub(crate) kept: bool,
}

impl Extent {
    /// All of a tensor.
    pub(crate) fn whole(shape: &[i64]) -> Self {
        let spans = shape
            .iter()
            .map(|&len| Span {
                start: 0,
                len,
                whole: len,
                kept: true,
            })
            .collect();
        Self { spans }
    }

    pub(crate) fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// The shape of the view that `.i(…)` would give.
    pub(crate) fn shape(&self) -> Vec<i64> {
        self.spans
            .iter()
            .filter(|span| span.kept)
            .map(|span| span.len)
            .collect()
    }

    /// The same box of a tensor of complex numbers, in the tensor of their real and imaginary parts.
    pub(crate) fn of_parts(&self) -> Self {
        let mut parts = self.clone();
        parts.spans.push(Span {
            start: 0,
            len: 2,
            whole: 2,
            kept: true,
        });
        parts
    }

    /// The shape of the tensor that it is a box of.
    pub(crate) fn whole_shape(&self) -> Vec<i64> {
        self.spans.iter().map(|span| span.whole).collect()
    }

    pub(crate) fn numel(&self) -> u64 {
        self.spans.iter().map(|span| span.len as u64).product()
    }

    pub(crate) fn is_whole(&self) -> bool {
        self.spans
            .iter()
            .all(|span| span.kept && span.len == span.whole)
    }

    /// Block `index` of `chunks` equal ones along the view's dimension `dim`.
    pub(crate) fn chunk(&self, dim: usize, chunks: i64, index: i64) -> Self {
        self.with(dim, |span| {
            span.len /= chunks;
            span.start += index * span.len;
        })
    }

    /// Where the box lies once each `count` neighbours along the view's dimension `dim` have become one.
    pub(crate) fn every(&self, dim: usize, count: i64) -> Self {
        self.with(dim, |span| {
            span.start /= count;
            span.len /= count;
            span.whole /= count;
        })
    }

    fn with(&self, dim: usize, change: impl FnOnce(&mut Span)) -> Self {
        let mut changed = self.clone();
        let kept = changed.spans.iter_mut().filter(|span| span.kept).nth(dim);
        if let Some(span) = kept {
            change(span);
        }
        changed
    }

    /// The part of the box at `index` of the view's dimension `dim`, which it loses.
    pub(crate) fn select(&self, dim: usize, index: i64) -> Self {
        self.with(dim, |span| {
            span.start += index;
            span.len = 1;
            span.kept = false;
        })
    }

    /// The view's dimensions, each as it lies in the tensor.
    pub(crate) fn axes(&self) -> Vec<Axis> {
        let mut stride = 1;
        let mut axes = Vec::with_capacity(self.spans.len());
        for span in self.spans.iter().rev() {
            if span.kept {
                axes.push(Axis {
                    start: span.start as u64,
                    len: span.len as u64,
                    whole: span.whole as u64,
                    stride,
                });
            }
            stride *= span.whole as u64;
        }
        axes.reverse();
        axes
    }

    /// Cuts the box in two along its first dimension that is longer than 1: each half has the longest runs that it can.
    pub(crate) fn halves(&self) -> (Self, Self) {
        let (mut head, mut tail) = (self.clone(), self.clone());
        if let Some(d) = self.spans.iter().position(|span| span.len > 1) {
            let Span { start, len, .. } = self.spans[d];
            head.spans[d].len = len / 2;
            (tail.spans[d].start, tail.spans[d].len) = (start + len / 2, len - len / 2);
        }
        (head, tail)
    }

    /// The box in parts of at most so many elements (at least 1), in row-major order.
    pub(crate) fn parts(self, most: u64) -> Vec<Self> {
        if self.numel() <= most {
            return vec![self];
        }
        let (head, tail) = self.halves();
        let mut parts = head.parts(most);
        parts.append(&mut tail.parts(most));
        parts
    }

    /// Whether its elements follow one another without a gap, and there are any.
    pub(crate) fn is_one_run(&self) -> bool {
        let (outer, inner) = self.spans.split_at(self.outer());
        outer.iter().all(|span| span.len == 1) && inner.iter().all(|span| span.len > 0)
    }

    /// How many of the dimensions are not part of a run: trailing ones that are whole, and the one before them, lie in
    /// one piece.
    fn outer(&self) -> usize {
        let cut = self.spans.iter().rposition(|span| span.len != span.whole);
        cut.unwrap_or(0)
    }

    /// The box as the fewest runs of consecutive elements, in row-major order.
    pub(crate) fn runs(&self) -> Runs {
        let spans = &self.spans;
        let split = self.outer();
        let mut stride = 1;
        let mut start = 0;
        let mut outer = Vec::with_capacity(split);
        for (d, span) in spans.iter().enumerate().rev() {
            start += span.start as u64 * stride;
            if d < split {
                outer.push((span.len as u64, stride));
            }
            stride *= span.whole as u64;
        }
        let len = spans[split..].iter().map(|span| span.len as u64).product();
        let count = if len == 0 {
            0
        } else {
            outer.iter().map(|&(n, _)| n).product()
        };
        Runs {
            start,
            len,
            count,
            outer,
        }
    }
}

/// Where element number `index` of a tensor stands.
pub(crate) fn place_of(index: u64, shape: &[i64]) -> Vec<i64> {
    let mut rest = index as i64;
    let mut place = vec![0; shape.len()];
    for (index, &length) in place.iter_mut().zip(shape).rev() {
        (*index, rest) = (rest % length.max(1), rest / length.max(1));
    }
    place
}

/// A dimension of a box, within a row-major tensor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Axis {
    /// Where the box begins.
    pub(crate) start: u64,
    /// The box's length.
    pub(crate) len: u64,
    /// The tensor's length.
    pub(crate) whole: u64,
    /// Elements of the tensor from one index to the next.
    pub(crate) stride: u64,
}

impl Axis {
    /// Where in the box the tensor's element `index` lies.
    pub(crate) fn place_of(self, index: u64) -> u64 {
        index / self.stride % self.whole - self.start
    }
}

/// Runs of equal length: what a box of a row-major tensor consists of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Runs {
    /// Where the first begins.
    start: u64,
    /// Elements of each.
    pub(crate) len: u64,
    /// How many there are.
    pub(crate) count: u64,
    /// Length and stride of the dimensions that separate them, innermost first.
    outer: Vec<(u64, u64)>,
}

impl Runs {
    /// The first `len` elements.
    pub(crate) fn one(len: u64) -> Self {
        Self {
            start: 0,
            len,
            count: 1,
            outer: Vec::new(),
        }
    }

    /// The first element of run number `row`.
    pub(crate) fn start(&self, mut row: u64) -> u64 {
        let mut start = self.start;
        for &(n, stride) in &self.outer {
            start += row % n * stride;
            row /= n;
        }
        start
    }

    /// All elements, in order, cut into ranges of about so many elements.
    pub(crate) fn cuts(&self, elements: u64) -> impl Iterator<Item = Cut> + use<> {
        let (len, count) = (self.len, self.count);
        let rows = (elements / len.max(1)).max(1);
        let part = if len > elements { elements } else { len.max(1) };
        (0..count).step_by(rows as usize).flat_map(move |row| {
            (0..len).step_by(part as usize).map(move |start| Cut {
                rows: row..(row + rows).min(count),
                within: start..(start + part).min(len),
            })
        })
    }
}

/// Some of the runs, and of each of them the same range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cut {
    pub(crate) rows: Range<u64>,
    pub(crate) within: Range<u64>,
}

impl Cut {
    pub(crate) fn numel(&self) -> u64 {
        (self.rows.end - self.rows.start) * (self.within.end - self.within.start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Region;

    fn box_of(region: impl Into<Region>, shape: &[i64]) -> Extent {
        region.into().within(shape).unwrap()
    }

    /// The elements of a box, in order.
    fn elements(extent: &Extent) -> Vec<u64> {
        let runs = extent.runs();
        let run = |row| runs.start(row)..runs.start(row) + runs.len;
        (0..runs.count).flat_map(run).collect()
    }

    #[test]
    fn cuts_cover_every_element_once_and_in_order() {
        for extent in [
            Extent::whole(&[7, 5]),
            box_of((1..6, 2..4), &[7, 5]),
            box_of((.., 3), &[7, 5]),
            Extent::whole(&[]),
        ] {
            let runs = extent.runs();
            for elements_each in [1, 2, 3, 10, 1000] {
                let mut covered = Vec::new();
                for cut in runs.cuts(elements_each) {
                    let before = covered.len();
                    for row in cut.rows.clone() {
                        let start = runs.start(row);
                        covered.extend(cut.within.clone().map(|place| start + place));
                    }
                    assert_eq!((covered.len() - before) as u64, cut.numel());
                    assert!(cut.numel() <= elements_each.max(1));
                }
                assert_eq!(covered, elements(&extent));
            }
        }
        assert_eq!(Extent::whole(&[3, 0]).runs().cuts(4).count(), 0);
    }

    #[test]
    fn parts_are_a_box_s_elements_in_order() {
        let extent = box_of((1..6, .., 2..4), &[7, 3, 5]);
        for most in [1, 4, 7, 29, 30] {
            let parts = extent.clone().parts(most);
            assert!(parts.iter().all(|part| part.numel() <= most));
            let joined: Vec<u64> = parts.iter().flat_map(elements).collect();
            assert_eq!(joined, elements(&extent));
        }
        assert_eq!(extent.clone().parts(30), [extent]);
    }
}
