//! Which of many tensors have an element in common: one sweep over their memory, however many there are.
//!
//! A tensor is seen as runs of adjacent bytes that repeat at strides. Tensors that repeat at the same stride (the
//! columns of one buffer, the heads of one weight) are compared within one period; only what has no period in common is
//! compared run by run.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};
use std::ops::Range;

use tch::Device;

use super::layout::Layout;

/// Pairs of places in `sites` whose tensors have an element in common and are not of one class.
///
/// Not all such pairs: no more than two for each tensor or run, and one at least where there is any.
pub(super) fn shared(sites: &[(&Layout, usize)]) -> BTreeSet<(usize, usize)> {
    let mut devices: Vec<Device> = Vec::new();
    for (layout, _) in sites {
        if !devices.contains(&layout.device()) {
            devices.push(layout.device());
        }
    }
    let mut pairs = BTreeSet::new();
    for device in devices {
        // Most tensors overlap with no other, and need no view.
        let mut spans: Vec<(Range<usize>, usize)> = sites
            .iter()
            .enumerate()
            .filter(|(_, (layout, _))| layout.device() == device && layout.numel() > 0)
            .map(|(site, (layout, _))| (layout.span(), site))
            .collect();
        spans.sort_unstable_by_key(|(span, site)| (span.start, *site));
        let span = |(span, _): &(Range<usize>, usize)| span.clone();
        for_each_overlap(&spans, span, |group| {
            let sites = group.iter().map(|&(_, site)| (site, sites[site]));
            let views = sites.map(|(site, (layout, class))| View::new(layout, site, class));
            compare(&views.collect::<Vec<View>>(), &mut pairs);
        });
    }
    pairs
}

/// Whether every element of a tensor is also one of `others`, all on one device.
pub(super) fn is_covered(layout: &Layout, others: &[&Layout]) -> bool {
    if layout.numel() == 0 {
        return true;
    }
    let wanted = others.len();
    let layouts = others.iter().copied().chain([layout]);
    let views: Vec<View> = layouts
        .enumerate()
        .filter(|(_, layout)| layout.numel() > 0)
        .map(|(site, layout)| View::new(layout, site, 0))
        .collect();
    let mut reached = 0;
    let mut missing = None;
    for run in runs(&views) {
        missing = missing.filter(|&(from, to)| from < to);
        if missing.is_some_and(|(from, _)| from < run.start) {
            return false;
        }
        if views[run.view].site == wanted {
            missing = Some((run.start.max(reached), run.end));
        } else {
            reached = reached.max(run.end);
            missing = missing.map(|(from, to)| (from.max(run.end), to));
        }
    }
    missing.is_none_or(|(from, to)| from >= to)
}

/// A tensor, in bytes.
#[derive(Clone)]
struct View {
    site: usize,
    class: usize,
    start: usize,
    /// How many bytes are adjacent.
    run: usize,
    /// How often what is inside repeats, and at which stride; the largest stride first.
    repeats: Vec<(usize, usize)>,
}

impl View {
    fn new(layout: &Layout, site: usize, class: usize) -> Self {
        let element = layout.element_size();
        let mut dims: Vec<(usize, usize)> = layout
            .shape()
            .iter()
            .zip(layout.strides().iter())
            .filter(|&(&n, _)| n > 1)
            .map(|(&n, &stride)| (stride.unsigned_abs() as usize * element, n as usize))
            .collect();
        dims.sort_unstable();
        let mut run = element;
        let mut repeats: Vec<(usize, usize)> = Vec::new();
        for (stride, n) in dims {
            match repeats.last_mut() {
                None if stride == run => run *= n,
                Some((times, inner)) if stride == *times * *inner => *times *= n,
                _ => repeats.push((n, stride)),
            }
        }
        repeats.reverse();
        Self {
            site,
            class,
            start: layout.span().start,
            run,
            repeats,
        }
    }

    fn end(&self) -> usize {
        let reach = self.repeats.iter().map(|(n, stride)| (n - 1) * stride);
        self.start + reach.sum::<usize>() + self.run
    }

    /// Whether each repetition ends before the next one begins.
    fn is_nested(&self) -> bool {
        let mut reach = self.run;
        self.repeats.iter().rev().all(|&(n, stride)| {
            let fits = reach <= stride;
            reach += (n - 1) * stride;
            fits
        })
    }

    /// Where its runs start, in ascending order.
    fn starts(&self) -> Box<dyn Iterator<Item = usize> + '_> {
        let count = self.repeats.iter().map(|(n, _)| n).product::<usize>();
        let starts = (0..count).map(|mut index| {
            let mut start = self.start;
            for &(n, stride) in self.repeats.iter().rev() {
                start += index % n * stride;
                index /= n;
            }
            start
        });
        if self.is_nested() {
            return Box::new(starts);
        }
        let mut starts: Vec<usize> = starts.collect();
        starts.sort_unstable();
        Box::new(starts.into_iter())
    }
}

/// Looks at each group of views with overlapping spans by itself.
fn sweep(mut views: Vec<View>, pairs: &mut BTreeSet<(usize, usize)>) {
    views.sort_by_key(|view| (view.start, view.site));
    let span = |view: &View| view.start..view.end();
    for_each_overlap(&views, span, |group| compare(group, pairs));
}

/// Hands on those whose spans overlap, group by group. They come in the order of their starts.
fn for_each_overlap<T>(
    sorted: &[T],
    span: impl Fn(&T) -> Range<usize>,
    mut each: impl FnMut(&[T]),
) {
    let (mut first, mut end) = (0, 0);
    for (next, Range { start, end: own }) in sorted.iter().map(span).enumerate() {
        if start >= end {
            if next - first > 1 {
                each(&sorted[first..next]);
            }
            first = next;
        }
        end = end.max(own);
    }
    if sorted.len() - first > 1 {
        each(&sorted[first..]);
    }
}

fn compare(group: &[View], pairs: &mut BTreeSet<(usize, usize)>) {
    if group.iter().all(|view| view.class == group[0].class) {
        return;
    }
    match fold(group) {
        Some(periods) => {
            for period in periods {
                match period {
                    Period::Same(views) => sweep(views, pairs),
                    Period::Different(places) => {
                        let views: Vec<View> =
                            places.into_iter().map(|i| group[i].clone()).collect();
                        compare_runs(&views, pairs);
                    }
                }
            }
        }
        None => compare_runs(group, pairs),
    }
}

/// Overlapping views, by the periods that they cover.
enum Period {
    /// The same periods: what they are within one.
    Same(Vec<View>),
    /// Others each: their places in the group.
    Different(Vec<usize>),
}

/// Cuts a group at its largest stride, if it has one that all of its views keep to.
fn fold(group: &[View]) -> Option<Vec<Period>> {
    let outermost = |view: &View| view.repeats.first().map_or(0, |&(_, stride)| stride);
    let period = group
        .iter()
        .map(outermost)
        .max()
        .filter(|&period| period > 0)?;
    let base = group[0].start;
    let mut inner = Vec::with_capacity(group.len());
    for view in group {
        let mut view = view.clone();
        let mut times = 1;
        if outermost(&view) == period {
            (times, _) = view.repeats.remove(0);
        }
        if view.end() - view.start > period {
            return None;
        }
        view.start -= base;
        inner.push((view, times));
    }
    let cut = cut(
        inner
            .iter()
            .map(|(view, _)| (view.start % period, view.end() - view.start)),
        period,
    )?;
    let mut rows: Vec<(usize, usize, usize)> = Vec::with_capacity(group.len());
    for (index, (view, times)) in inner.iter_mut().enumerate() {
        let shifted = view.start + period - cut;
        rows.push((shifted / period, *times, index));
        view.start = shifted % period;
    }
    rows.sort_unstable();
    let mut periods = Vec::new();
    let mut end = 0;
    let mut joined: Vec<Vec<(usize, usize, usize)>> = Vec::new();
    for row in rows {
        match joined.last_mut() {
            Some(last) if row.0 < end => last.push(row),
            _ => joined.push(vec![row]),
        }
        end = end.max(row.0 + row.1);
    }
    for rows in joined {
        let (first, times, _) = rows[0];
        let places = rows.iter().map(|&(.., index)| index);
        periods.push(if rows.iter().all(|row| (row.0, row.1) == (first, times)) {
            Period::Same(places.map(|index| inner[index].0.clone()).collect())
        } else {
            Period::Different(places.collect())
        });
    }
    Some(periods)
}

/// A place within the period that no piece of (start, length) reaches over.
fn cut(pieces: impl Iterator<Item = (usize, usize)>, period: usize) -> Option<usize> {
    let mut pieces: Vec<(usize, usize)> = pieces.collect();
    pieces.sort_unstable();
    let past = |&(start, length): &(usize, usize)| (start + length).saturating_sub(period);
    let mut reached = pieces.iter().map(past).max().unwrap_or(0);
    for (start, length) in pieces {
        if start >= reached {
            return Some(start);
        }
        reached = reached.max(start + length);
    }
    None
}

fn compare_runs(views: &[View], pairs: &mut BTreeSet<(usize, usize)>) {
    let mut furthest = Furthest::default();
    for run in runs(views) {
        let view = &views[run.view];
        if let Some(other) = furthest.beyond(run.start, view.class) {
            pairs.insert((view.site.min(other), view.site.max(other)));
        }
        furthest.add(Reached {
            end: run.end,
            class: view.class,
            site: view.site,
        });
    }
}

struct Run {
    start: usize,
    end: usize,
    view: usize,
}

/// The runs of all views by where they start, earlier views first.
fn runs(views: &[View]) -> impl Iterator<Item = Run> + '_ {
    let mut starts: Vec<_> = views.iter().map(View::starts).collect();
    let mut next = BinaryHeap::with_capacity(views.len());
    for (view, starts) in starts.iter_mut().enumerate() {
        next.extend(starts.next().map(|start| Reverse((start, view))));
    }
    std::iter::from_fn(move || {
        let mut first = next.peek_mut()?;
        let Reverse((start, view)) = *first;
        match starts[view].next() {
            Some(following) => *first = Reverse((following, view)),
            None => _ = std::collections::binary_heap::PeekMut::pop(first),
        }
        Some(Run {
            start,
            end: start + views[view].run,
            view,
        })
    })
}

/// How far what has begun reaches: the furthest of all, and the furthest of another class.
#[derive(Default)]
struct Furthest {
    first: Option<Reached>,
    other: Option<Reached>,
}

#[derive(Clone, Copy)]
struct Reached {
    end: usize,
    class: usize,
    site: usize,
}

impl Furthest {
    /// One of another class that reaches beyond `start`.
    fn beyond(&self, start: usize, class: usize) -> Option<usize> {
        let mut reached = [self.first, self.other].into_iter().flatten();
        let found = reached.find(|reached| reached.class != class && reached.end > start);
        found.map(|reached| reached.site)
    }

    fn add(&mut self, new: Reached) {
        let further = |known: Option<Reached>| known.is_none_or(|known| new.end > known.end);
        match self.first {
            Some(first) if first.class != new.class && !further(self.first) => {
                if further(self.other) {
                    self.other = Some(new);
                }
            }
            Some(first) => {
                if further(self.first) {
                    if first.class != new.class {
                        self.other = Some(first);
                    }
                    self.first = Some(new);
                }
            }
            None => self.first = Some(new),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::super::layout::tests::layout;
    use super::*;

    fn pairs(layouts: &[&Layout]) -> Vec<(usize, usize)> {
        let sites: Vec<_> = layouts.iter().enumerate().map(|(i, &l)| (l, i)).collect();
        shared(&sites).into_iter().collect()
    }

    #[test]
    fn interleaved_views_share_nothing() {
        let (even, odd) = (layout(1000, &[4], &[2]), layout(1004, &[4], &[2]));
        assert_eq!(pairs(&[&even, &odd]), []);
        assert_eq!(pairs(&[&even, &layout(1000, &[8], &[1])]), [(0, 1)]);
        assert_eq!(pairs(&[&even, &layout(2000, &[4], &[2])]), []);
        assert_eq!(
            pairs(&[
                &layout(1000, &[2, 3], &[3, 1]),
                &layout(1000, &[3, 2], &[1, 3])
            ]),
            [(0, 1)]
        );
    }

    #[test]
    fn columns_of_one_buffer_share_nothing_however_many_they_are() {
        let column =
            |first: usize, width: i64| layout(4096 + 4 * first, &[4096, width], &[4096, 1]);
        let columns: Vec<Layout> = (0..32).map(|i| column(128 * i, 128)).collect();
        assert_eq!(pairs(&columns.iter().collect::<Vec<_>>()), []);
        // As well where the first is not the buffer's.
        assert_eq!(pairs(&columns[3..].iter().rev().collect::<Vec<_>>()), []);
        let wider = column(0, 129);
        assert_eq!(pairs(&[&wider, &columns[1], &columns[2]]), [(0, 1)]);
        let singles: Vec<Layout> = (0..4096).map(|i| column(i, 1)).collect();
        assert_eq!(pairs(&singles.iter().collect::<Vec<_>>()), []);
        // Rows in front of and beside one another.
        let block = |row: usize, rows: i64, first: usize| {
            layout(4096 + 4 * (4096 * row + first), &[rows, 8], &[4096, 1])
        };
        assert_eq!(
            pairs(&[&block(0, 10, 0), &block(5, 10, 8), &block(10, 10, 0)]),
            []
        );
        assert_eq!(
            pairs(&[&block(0, 10, 0), &block(5, 10, 8), &block(9, 10, 0)]),
            [(0, 2)]
        );
    }

    #[test]
    fn what_is_found_is_what_counting_bytes_finds() {
        let bytes = |layout: &Layout| -> HashSet<usize> {
            let view = View::new(layout, 0, 0);
            let starts: Vec<usize> = view.starts().collect();
            assert!(starts.is_sorted());
            starts
                .into_iter()
                .flat_map(|start| start..start + view.run)
                .collect()
        };
        let mut state = 1_u64;
        let mut below = |n: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 33) % n
        };
        for _ in 0..2000 {
            let layouts: Vec<Layout> = (0..2 + below(4))
                .map(|_| {
                    let shape = [1 + below(3) as i64, 1 + below(3) as i64];
                    let strides = [[3, 1], [6, 1], [6, 2], [1, 3], [12, 1], [3, 2]];
                    let strides = strides[below(6) as usize];
                    layout(1000 + 4 * below(24) as usize, &shape, &strides)
                })
                .collect();
            let layouts: Vec<&Layout> = layouts.iter().collect();
            let all: Vec<HashSet<usize>> = layouts.iter().map(|layout| bytes(layout)).collect();
            let found = pairs(&layouts);
            assert!(
                found.iter().all(|&(a, b)| !all[a].is_disjoint(&all[b])),
                "{layouts:?}"
            );
            let any = (0..all.len()).any(|b| (0..b).any(|a| !all[a].is_disjoint(&all[b])));
            assert_eq!(any, !found.is_empty(), "{layouts:?}");
            let (first, others) = layouts.split_first().unwrap();
            let union: HashSet<usize> = all[1..].iter().flatten().copied().collect();
            assert_eq!(
                is_covered(first, others),
                all[0].is_subset(&union),
                "{layouts:?}"
            );
        }
    }
}
