//! Boxes within a shape, and the runs of consecutive elements that they are made of.

use crate::Reason;

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

    pub(crate) fn numel(&self) -> u64 {
        self.spans.iter().map(|span| span.len as u64).product()
    }

    pub(crate) fn is_whole(&self) -> bool {
        self.spans
            .iter()
            .all(|span| span.kept && span.len == span.whole)
    }

    /// Cuts the view into `chunks` equal blocks along its first dimension.
    pub(crate) fn chunks(&self, chunks: i64) -> Result<Vec<Self>, Reason> {
        let dim = self.spans.iter().position(|span| span.kept);
        let dim0 = dim.map_or(1, |dim| self.spans[dim].len);
        let Some(dim) = dim.filter(|_| chunks >= 1 && dim0 % chunks == 0) else {
            return Err(Reason::ChunksDoNotDivide { chunks, dim0 });
        };
        let len = dim0 / chunks;
        let block = |i: i64| {
            let mut block = self.clone();
            block.spans[dim].start += i * len;
            block.spans[dim].len = len;
            block
        };
        Ok((0..chunks).map(block).collect())
    }

    /// The box that the blocks make up which [`Extent::chunks`] has cut it into.
    pub(crate) fn joined(blocks: &[Self]) -> Self {
        let mut joined = blocks[0].clone();
        if let Some(span) = joined.spans.iter_mut().find(|span| span.kept) {
            span.len *= blocks.len() as i64;
        }
        joined
    }

    /// The part of the box at `index` of the view's dimension `dim`, which it loses.
    pub(crate) fn select(&self, dim: usize, index: i64) -> Self {
        let mut selected = self.clone();
        let kept = selected.spans.iter_mut().filter(|span| span.kept).nth(dim);
        if let Some(span) = kept {
            span.start += index;
            span.len = 1;
            span.kept = false;
        }
        selected
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

    /// Cuts the box in two along its longest dimension, which must be longer than 1.
    pub(crate) fn halves(&self) -> (Self, Self) {
        let longest = (0..self.spans.len()).max_by_key(|&d| self.spans[d].len);
        let (mut head, mut tail) = (self.clone(), self.clone());
        if let Some(d) = longest {
            let Span { start, len, .. } = self.spans[d];
            head.spans[d].len = len / 2;
            (tail.spans[d].start, tail.spans[d].len) = (start + len / 2, len - len / 2);
        }
        (head, tail)
    }

    /// The box as the fewest runs of consecutive elements, in row-major order.
    pub(crate) fn runs(&self) -> Runs {
        let spans = &self.spans;
        // Trailing dimensions that are whole, and the one before them, lie in one piece.
        let split = spans
            .iter()
            .rposition(|span| span.len != span.whole)
            .unwrap_or(0);
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
}
