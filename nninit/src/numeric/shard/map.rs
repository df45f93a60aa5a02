//! From places in a part to places in the whole.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use crate::Cause;

/// A part, as the indices that it has along each dimension of what it is taken from.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Map {
    whole: Arc<[i64]>,
    from: Origin,
    /// The shape of what it is taken from.
    from_shape: Vec<u64>,
    dims: Vec<Vec<Span>>,
    shape: Vec<i64>,
}

/// What a part is taken from.
#[derive(Debug, Clone, PartialEq)]
enum Origin {
    Whole,
    /// Another part, row by row in one dimension.
    Flat(Arc<Map>),
    /// Other parts, one after the other along a dimension.
    Concat {
        dim: usize,
        parts: Arc<[Map]>,
    },
}

/// Indices or places that follow one another; `None` for padding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) start: Option<u64>,
    pub(super) len: u64,
}

impl Span {
    /// All indices of a dimension.
    fn all(len: u64) -> Vec<Self> {
        let mut all = Vec::new();
        let start = Some(0);
        append(&mut all, Self { start, len });
        all
    }

    /// Where the indices after these begin.
    fn end(self) -> Option<u64> {
        self.start.map(|start| start + self.len)
    }
}

impl Map {
    pub(super) fn whole(shape: &[i64]) -> Result<Self, Cause> {
        let lengths: Option<Vec<u64>> = shape.iter().map(|&len| u64::try_from(len).ok()).collect();
        let elements = |lengths: &[u64]| {
            lengths
                .iter()
                .try_fold(1u64, |all, &len| all.checked_mul(len))
        };
        match lengths {
            Some(lengths) if elements(&lengths).is_some_and(|all| i64::try_from(all).is_ok()) => {
                Ok(Self::all_of(shape.into(), Origin::Whole, lengths))
            }
            _ => Err(mistake(format!("no tensor has the shape {shape:?}"))),
        }
    }

    pub(super) fn concat(dim: usize, parts: Vec<Self>) -> Result<Self, Cause> {
        let Some(first) = parts.first() else {
            return Err(mistake("concat: no parts; write at least one".to_owned()));
        };
        let others = |map: &Self| {
            let mut shape = map.shape.clone();
            (dim < shape.len()).then(|| shape.remove(dim))?;
            Some((map.whole.clone(), shape))
        };
        let wanted = others(first);
        if wanted.is_none() || parts.iter().any(|part| others(part) != wanted) {
            let shapes: Vec<_> = parts.iter().map(|part| &part.shape).collect();
            return Err(mistake(format!(
                "concat: parts of {shapes:?} along dimension {dim}; write parts of one parameter that differ along that \
                 dimension alone"
            )));
        }
        let mut shape: Vec<u64> = first.lengths().collect();
        shape[dim] = parts.iter().map(|part| part.shape[dim] as u64).sum();
        let whole = first.whole.clone();
        let from = Origin::Concat {
            dim,
            parts: parts.into(),
        };
        Ok(Self::all_of(whole, from, shape))
    }

    fn all_of(whole: Arc<[i64]>, from: Origin, from_shape: Vec<u64>) -> Self {
        Self {
            whole,
            from,
            dims: from_shape.iter().map(|&len| Span::all(len)).collect(),
            shape: from_shape.iter().map(|&len| len as i64).collect(),
            from_shape,
        }
    }

    pub(super) fn flattened(self) -> Self {
        let (whole, length) = (self.whole.clone(), self.numel());
        Self::all_of(whole, Origin::Flat(Arc::new(self)), vec![length])
    }

    /// The part in which a dimension has those of its indices that `change` makes of them and of its length.
    pub(super) fn with_dim(
        mut self,
        call: &str,
        dim: usize,
        change: impl FnOnce(&[Span], u64) -> Result<Vec<Span>, Cause>,
    ) -> Result<Self, Cause> {
        let Some(spans) = self.dims.get(dim) else {
            return Err(mistake(format!(
                "{call}: dimension {dim} of {:?}; write one below {}",
                self.shape,
                self.shape.len()
            )));
        };
        let mut changed = Vec::new();
        for span in change(spans, self.shape[dim] as u64)? {
            append(&mut changed, span);
        }
        let spans = changed;
        let length: u64 = spans.iter().map(|span| span.len).sum();
        let others = self
            .lengths()
            .enumerate()
            .filter(|&(other, _)| other != dim);
        let elements = others
            .map(|(_, len)| len)
            .try_fold(length, u64::checked_mul);
        if elements.is_none_or(|elements| i64::try_from(elements).is_err()) {
            return Err(mistake(format!("{call}: no tensor has so many elements")));
        }
        self.dims[dim] = spans;
        self.shape[dim] = length as i64;
        Ok(self)
    }

    fn is_whole(&self) -> bool {
        self.from == Origin::Whole && self.is_all()
    }

    /// Whether it is all of what it is taken from.
    fn is_all(&self) -> bool {
        let mut dims = self.dims.iter().zip(&self.from_shape);
        dims.all(|(spans, &len)| *spans == Span::all(len))
    }

    pub(super) fn shape(&self) -> &[i64] {
        &self.shape
    }

    pub(super) fn whole_shape(&self) -> &[i64] {
        &self.whole
    }

    pub(super) fn numel(&self) -> u64 {
        self.lengths().product()
    }

    fn lengths(&self) -> impl Iterator<Item = u64> {
        self.shape.iter().map(|&len| len as u64)
    }

    /// Tells of the elements of `range`, counted row by row in the part: where in the whole they begin, and how many
    /// follow one another there.
    pub(super) fn visit(&self, range: Range<u64>, tell: &mut dyn FnMut(Span)) {
        let Some((last, outer)) = self.dims.split_last() else {
            return self.visit_source(0, range.end - range.start, tell);
        };
        let row_length = self.shape[outer.len()] as u64;
        let mut at = range.start;
        while at < range.end {
            let (row, within) = (at / row_length, at % row_length);
            let end = row_length.min(within + (range.end - at));
            match self.row_in_source(row, outer) {
                None => tell(Span {
                    start: None,
                    len: end - within,
                }),
                Some(row) => {
                    for span in cut(last, within..end) {
                        match span.start {
                            None => tell(span),
                            Some(start) => {
                                let first = row * self.from_shape[outer.len()] + start;
                                self.visit_source(first, span.len, tell);
                            }
                        }
                    }
                }
            }
            at += end - within;
        }
    }

    /// Which row of what the part is taken from its row is; `None` for one of padding.
    fn row_in_source(&self, mut row: u64, outer: &[Vec<Span>]) -> Option<u64> {
        let (mut in_source, mut stride) = (0, 1);
        for (dim, spans) in outer.iter().enumerate().rev() {
            let length = self.shape[dim] as u64;
            let index = row % length;
            in_source += stride * cut(spans, index..index + 1).next()?.start?;
            stride *= self.from_shape[dim];
            row /= length;
        }
        Some(in_source)
    }

    /// Tells of elements of what the part is taken from.
    fn visit_source(&self, first: u64, len: u64, tell: &mut dyn FnMut(Span)) {
        match &self.from {
            Origin::Whole => tell(Span {
                start: Some(first),
                len,
            }),
            Origin::Flat(map) => map.visit(first..first + len, tell),
            Origin::Concat { dim, parts } => {
                let inner: u64 = self.from_shape[dim + 1..].iter().product();
                let slice = self.from_shape[*dim] * inner;
                let (mut at, end) = (first, first + len);
                while at < end {
                    let (outer, mut within) = (at / slice, at % slice);
                    let part = parts.iter().find_map(|part| {
                        let own = part.shape[*dim] as u64 * inner;
                        let here = within < own;
                        if !here {
                            within -= own;
                        }
                        here.then_some((part, own))
                    });
                    let Some((part, own)) = part else {
                        return;
                    };
                    let count = (own - within).min(end - at);
                    let first = outer * own + within;
                    part.visit(first..first + count, tell);
                    at += count;
                }
            }
        }
    }
}

/// The spans' indices number `range`.
pub(super) fn cut(spans: &[Span], range: Range<u64>) -> impl Iterator<Item = Span> {
    let mut end = 0;
    spans.iter().filter_map(move |span| {
        let first = end;
        end += span.len;
        let (from, to) = (range.start.max(first), range.end.min(end));
        (from < to).then(|| Span {
            start: span.start.map(|start| start + (from - first)),
            len: to - from,
        })
    })
}

/// Adds a span to others, to the last of them where it follows it.
pub(super) fn append(spans: &mut Vec<Span>, span: Span) {
    match spans.last_mut() {
        Some(last) if last.end() == span.start => last.len += span.len,
        _ if span.len > 0 => spans.push(span),
        _ => {}
    }
}

pub(super) fn mistake(text: String) -> Cause {
    Cause::Misplaced(text)
}

impl fmt::Display for Map {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_whole() {
            return write!(f, "all of {:?}", self.whole);
        }
        if !(self.is_all() && matches!(self.from, Origin::Concat { .. })) {
            let dims = self.dims.iter().zip(&self.from_shape);
            let dims: Vec<_> = dims.map(|(spans, &len)| indices(spans, len)).collect();
            write!(f, "[{}] of ", dims.join(", "))?;
        }
        match &self.from {
            Origin::Whole => write!(f, "{:?}", self.whole),
            Origin::Flat(map) if map.is_whole() => write!(f, "{:?}, flat", self.whole),
            Origin::Flat(map) => write!(f, "({map}), flat"),
            Origin::Concat { dim, parts } => {
                let parts: Vec<_> = parts.iter().map(|part| format!("({part})")).collect();
                write!(f, "{} along {dim}", parts.join(" + "))
            }
        }
    }
}

/// Those of a dimension of `len` that a part has.
fn indices(spans: &[Span], len: u64) -> String {
    if spans == Span::all(len) {
        return "..".to_owned();
    }
    if spans.is_empty() {
        return "nothing".to_owned();
    }
    let texts = spans.iter().map(|span| match span.start {
        Some(start) => format!("{start}..{}", start + span.len),
        None => format!("{} of padding", span.len),
    });
    texts.collect::<Vec<_>>().join("+")
}
