//! Parts beside the same parts of a tensor of places, cut one element at a time.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::*;

/// A tensor whose elements are their places in the whole.
#[derive(Clone)]
struct Places {
    shape: Vec<usize>,
    places: Vec<Option<u64>>,
}

impl Places {
    fn whole(shape: &[i64]) -> Self {
        let count = shape.iter().product::<i64>() as u64;
        Self {
            shape: shape.iter().map(|&len| len as usize).collect(),
            places: (0..count).map(Some).collect(),
        }
    }

    /// The indices `kept` along a dimension, `None` for padding.
    fn take(&self, dim: usize, kept: &[Option<usize>]) -> Self {
        let inner: usize = self.shape[dim + 1..].iter().product();
        let outer: usize = self.shape[..dim].iter().product();
        let mut places = Vec::new();
        for row in 0..outer {
            for index in kept {
                let first = index.map(|index| (row * self.shape[dim] + index) * inner);
                places.extend((0..inner).map(|at| first.and_then(|first| self.places[first + at])));
            }
        }
        let mut shape = self.shape.clone();
        shape[dim] = kept.len();
        Self { shape, places }
    }

    fn range(&self, dim: usize, range: Range<usize>) -> Self {
        self.take(dim, &range.map(Some).collect::<Vec<_>>())
    }

    fn flat(&self, range: Range<usize>) -> Self {
        Self {
            shape: vec![range.len()],
            places: self.places[range].to_vec(),
        }
    }

    fn concat(dim: usize, parts: &[Self]) -> Self {
        let outer: usize = parts[0].shape[..dim].iter().product();
        let mut places = Vec::new();
        for row in 0..outer {
            for part in parts {
                let slice: usize = part.shape[dim..].iter().product();
                places.extend_from_slice(&part.places[row * slice..][..slice]);
            }
        }
        let mut shape = parts[0].shape.clone();
        shape[dim] = parts.iter().map(|part| part.shape[dim]).sum();
        Self { shape, places }
    }
}

fn assert_same(shard: &Shard, places: &Places) {
    let shape: Vec<usize> = shard
        .shape()
        .unwrap()
        .iter()
        .map(|&len| len as usize)
        .collect();
    assert_eq!(shape, places.shape, "{shard}");
    let runs = shard.runs().unwrap();
    let run = |run: &ShardRun| {
        let start = run.start;
        (0..run.len).map(move |at| start.map(|start| start + at))
    };
    let elements: Vec<_> = runs.iter().flat_map(run).collect();
    assert_eq!(elements, places.places, "{shard}");
    for pair in runs.windows(2) {
        let end = pair[0].start.map(|start| start + pair[0].len);
        assert!(pair[0].len > 0 && end != pair[1].start, "{shard}: {pair:?}");
    }
}

/// Ranges that `torch.chunk`, called in PyTorch 2.13 on `torch.arange(n)`, gives; empty beyond its last part.
#[test]
fn splits_are_those_of_torch() {
    let parts = |shard: fn(Shard, usize, usize) -> Shard, length, size| -> Vec<(u64, u64)> {
        let part = |rank| {
            let runs = shard(Shard::of(&[length]), rank, size).runs().unwrap();
            runs.first()
                .map_or((0, 0), |run| (run.start.unwrap(), run.len))
        };
        (0..size).map(part).collect()
    };
    let chunk = |shard: Shard, rank, size| shard.split(0, rank, size);
    let tensor_split = |shard: Shard, rank, size| shard.split_even(0, rank, size);
    assert_eq!(parts(chunk, 10, 4), [(0, 3), (3, 3), (6, 3), (9, 1)]);
    assert_eq!(parts(chunk, 9, 4), [(0, 3), (3, 3), (6, 3), (0, 0)]);
    assert_eq!(parts(chunk, 2, 4), [(0, 1), (1, 1), (0, 0), (0, 0)]);
    assert_eq!(parts(tensor_split, 10, 4), [(0, 3), (3, 3), (6, 2), (8, 2)]);
    assert_eq!(parts(tensor_split, 2, 4), [(0, 1), (1, 1), (0, 0), (0, 0)]);
}

/// Any chain of calls is what the same calls do to a tensor of places.
#[test]
fn calls_compose() {
    let mut rng = StdRng::seed_from_u64(16);
    for _ in 0..4000 {
        let ndim = rng.random_range(1..=3);
        let shape: Vec<i64> = (0..ndim).map(|_| rng.random_range(0..=7)).collect();
        let (mut shard, mut places) = (Shard::of(&shape), Places::whole(&shape));
        for _ in 0..rng.random_range(0..=4) {
            let dim = rng.random_range(0..places.shape.len());
            let length = places.shape[dim];
            let size = rng.random_range(1..=5);
            let rank = rng.random_range(0..size);
            (shard, places) = match rng.random_range(0..7) {
                0 => {
                    let range = chunk(length as u64, rank, size);
                    let range = range.start as usize..range.end as usize;
                    (shard.split(dim, rank, size), places.range(dim, range))
                }
                1 => {
                    let start = (0..rank).map(|at| length / size + usize::from(at < length % size));
                    let start: usize = start.sum();
                    let len = length / size + usize::from(rank < length % size);
                    (
                        shard.split_even(dim, rank, size),
                        places.range(dim, start..start + len),
                    )
                }
                2 => {
                    let first = rng.random_range(0..=length);
                    let blocks = [first as i64, (length - first) as i64];
                    let kept = [(0, first), (first, length - first)].map(|(start, len)| {
                        let range = chunk(len as u64, rank, size);
                        start + range.start as usize..start + range.end as usize
                    });
                    let kept: Vec<_> = kept.into_iter().flatten().map(Some).collect();
                    (
                        shard.split_each(dim, &blocks, rank, size),
                        places.take(dim, &kept),
                    )
                }
                3 => {
                    let start = rng.random_range(0..=length);
                    let end = rng.random_range(start..=length);
                    let range = start as i64..end as i64;
                    (shard.narrow(dim, range), places.range(dim, start..end))
                }
                4 => {
                    let start = rng.random_range(0..=places.places.len());
                    let end = rng.random_range(start..=places.places.len());
                    (
                        shard.flat(start as i64..end as i64),
                        places.flat(start..end),
                    )
                }
                5 => {
                    let to = length + rng.random_range(0..3);
                    let kept: Vec<_> = (0..to).map(|at| (at < length).then_some(at)).collect();
                    (shard.padded(dim, to as i64), places.take(dim, &kept))
                }
                _ => {
                    let cut = rng.random_range(0..=length);
                    let parts = [cut..length, 0..length];
                    let shards = parts.clone().map(|range| {
                        let range = range.start as i64..range.end as i64;
                        shard.clone().narrow(dim, range)
                    });
                    let places = parts.map(|range| places.range(dim, range));
                    (Shard::concat(dim, shards), Places::concat(dim, &places))
                }
            };
        }
        assert_same(&shard, &places);
    }
}

#[test]
fn a_part_says_what_it_is() {
    let whole = || Shard::of(&[8, 6]);
    let texts = [
        (whole(), "all of [8, 6]"),
        (whole().split(0, 1, 2), "[4..8, ..] of [8, 6]"),
        (whole().split(0, 5, 7), "[nothing, ..] of [8, 6]"),
        (whole().split_each(0, 2, 0, 2), "[0..2+4..6, ..] of [8, 6]"),
        (whole().split_each(0, 2, 0, 1), "all of [8, 6]"),
        (
            whole().split(1, 1, 2).flat(4..9),
            "[4..9] of ([.., 3..6] of [8, 6]), flat",
        ),
        (
            Shard::concat(0, [whole().narrow(0, 6..8), whole().narrow(0, 0..1)]),
            "([6..8, ..] of [8, 6]) + ([0..1, ..] of [8, 6]) along 0",
        ),
        (Shard::of(&[]), "all of []"),
    ];
    for (shard, text) in texts {
        assert_eq!(shard.to_string(), text);
    }
    assert_eq!(Shard::of(&[]).runs().unwrap().len(), 1);
    let nothing = Shard::of(&[0, 6]).split_each(0, i64::MAX, 0, 2);
    assert_eq!(nothing.runs().unwrap(), []);
}

/// A mistake stays, whatever follows it.
#[test]
fn mistakes_say_what_to_write() {
    let whole = || Shard::of(&[8, 6]);
    let mistakes = [
        (
            whole().split(2, 0, 2),
            "split: dimension 2 of [8, 6]; write one below 2",
        ),
        (
            whole().split_even(0, 2, 2).padded(0, 9),
            "split_even: rank 2 of 2; write a rank below the number of parts, counted from 0",
        ),
        (
            whole().split_each(0, 3, 0, 2),
            "split_each: 3 equal blocks of a dimension of 8; write a number that divides it, or the blocks' lengths",
        ),
        (
            whole().split_each(0, &[4, 3], 0, 2),
            "split_each: blocks of [4, 3] do not make up a dimension of 8; write lengths whose sum it is",
        ),
        (
            whole().split_each(0, &[i64::MAX, i64::MAX, 10], 0, 2),
            "split_each: blocks of [9223372036854775807, 9223372036854775807, 10] do not make up a dimension of 8; write \
             lengths whose sum it is",
        ),
        (
            whole().narrow(1, 4..7),
            "narrow: 4..7 does not lie in 6 elements; write a range from 0 to 6",
        ),
        (
            whole().flat(-1..7),
            "flat: -1..7 does not lie in 48 elements; write a range from 0 to 48",
        ),
        (
            whole().padded(0, 7),
            "padded(0, 7): the dimension is 8 long already; write how long it is to be, not by how much",
        ),
        (
            whole().padded(0, i64::MAX),
            "padded: no tensor has so many elements",
        ),
        (Shard::concat(0, []), "concat: no parts; write at least one"),
        (
            Shard::concat(0, [whole(), Shard::of(&[8, 5])]),
            "concat: parts of [[8, 6], [8, 5]] along dimension 0; write parts of one parameter that differ along that \
             dimension alone",
        ),
        (Shard::of(&[2, -1]), "no tensor has the shape [2, -1]"),
        (
            Shard::of(&[i64::MAX, 2]),
            "no tensor has the shape [9223372036854775807, 2]",
        ),
    ];
    for (shard, text) in mistakes {
        let shard = shard.narrow(0, 0..1);
        for reason in [
            shard.shape().map(<[i64]>::to_vec).unwrap_err(),
            shard.runs().unwrap_err(),
        ] {
            assert_eq!(reason.to_string(), text);
        }
        assert_eq!(shard.to_string(), text);
    }
}
