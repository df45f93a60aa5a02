//! How many elements of a column `sparse` sets to 0, and which.

use nninit::init;
use nninit_tests::bits;
use nninit_tests::sources::Seed;
use nninit_tests::statistics::LEVEL;
use statrs::distribution::{ChiSquared, ContinuousCDF};
use tch::{Device, Kind, Tensor};

fn sparse(shape: [i64; 2], sparsity: f64, seed: u64) -> Tensor {
    let mut tensor = Tensor::ones(shape, (Kind::Float, Device::Cpu));
    init::sparse_(&mut tensor, sparsity, 0.5, &mut Seed(seed)).unwrap();
    tensor
}

/// Every column's zeros as a bit set, row 0 lowest.
fn masks(tensor: &Tensor) -> Vec<u64> {
    let rows = tensor.size()[0];
    let weights: Vec<i64> = (0..rows).map(|row| 1 << row).collect();
    let zeros = tensor.eq(0.0).to_kind(Kind::Int64) * Tensor::from_slice(&weights).unsqueeze(1);
    let sets = zeros.sum_dim_intlist([0_i64].as_slice(), false, None::<Kind>);
    let sets: Vec<i64> = sets.try_into().expect("one set a column");
    sets.into_iter().map(|set| set as u64).collect()
}

/// Sparsity is so many tenths; the columns fill more than one word of 64, and not the last.
#[test]
fn every_column_has_its_zeros_to_the_last() {
    for rows in 1..=63_i64 {
        for tenths in [0, 1, 5, 9, 10] {
            let expected = (rows * tenths + 9) / 10;
            let tensor = sparse([rows, 70], tenths as f64 / 10.0, rows as u64);
            for (column, mask) in masks(&tensor).into_iter().enumerate() {
                assert_eq!(
                    i64::from(mask.count_ones()),
                    expected,
                    "{rows} rows, {tenths} tenths, column {column}"
                );
            }
        }
    }
    for (tenths, expected) in [(0, 0), (1, 7), (5, 32), (9, 58), (10, 64)] {
        let nonzero = sparse([64, 70], f64::from(tenths) / 10.0, 1).count_nonzero(0);
        let nonzero: Vec<i64> = nonzero.try_into().expect("one count a column");
        assert_eq!(nonzero, [64 - expected; 70]);
    }
}

#[test]
fn the_others_are_the_normals_of_the_same_elements() {
    let tensor = sparse([50, 130], 0.3, 5);
    let mut normals = Tensor::zeros([50, 130], (Kind::Float, Device::Cpu));
    init::normal_(&mut normals, 0.0, 0.5, &mut Seed(5)).unwrap();
    let kept = tensor.ne(0.0).to_kind(Kind::Float);
    bits::assert_same(&(normals * &kept).abs(), &tensor.abs());
    assert_eq!(kept.sum(Kind::Double).double_value(&[]), 35.0 * 130.0);
}

/// The masks of seed 7, drawn apart from this code by a program in another language.
#[test]
fn masks_are_pinned() {
    let set = |rows: &[u64]| rows.iter().map(|row| 1 << row).sum::<u64>();
    let few = [[3, 5], [3, 5], [2, 5], [1, 3]].map(|rows| set(&rows));
    assert_eq!(masks(&sparse([6, 4], 0.3, 7)), few);
    let many = [
        [0, 1, 2, 3, 5],
        [0, 1, 2, 3, 5],
        [0, 1, 3, 4, 5],
        [0, 1, 2, 3, 5],
    ]
    .map(|rows| set(&rows));
    assert_eq!(masks(&sparse([6, 4], 0.8, 7)), many);
}

const COLUMNS: i64 = 40_000;

/// Two zeros of five rows, as one of the ten pairs.
fn pairs(seed: u64) -> Vec<usize> {
    let all: Vec<u64> = (0..32).filter(|set: &u64| set.count_ones() == 2).collect();
    let number = |set| all.binary_search(&set).expect("two of five");
    masks(&sparse([5, COLUMNS], 0.4, seed))
        .into_iter()
        .map(number)
        .collect()
}

/// χ² of counts that should be equal, against its quantile.
fn equally_often(outcomes: impl Iterator<Item = usize>, kinds: usize) -> bool {
    let mut counts = vec![0_u32; kinds];
    outcomes.for_each(|outcome| counts[outcome] += 1);
    let share = f64::from(counts.iter().sum::<u32>()) / kinds as f64;
    let statistic: f64 = counts
        .iter()
        .map(|&n| (f64::from(n) - share).powi(2) / share)
        .sum();
    let law = ChiSquared::new((kinds - 1) as f64).expect("at least two kinds");
    statistic <= law.inverse_cdf(1.0 - LEVEL)
}

#[test]
fn every_mask_is_as_likely() {
    for seed in 0..3 {
        let pairs = pairs(seed);
        assert!(equally_often(pairs.iter().copied(), 10));
        // A mask that is passed over is missed.
        assert!(!equally_often(
            pairs.into_iter().filter(|&pair| pair != 3),
            10
        ));
    }
}

/// Both masks at once are as likely as any other two.
fn independent<'a>(first: &'a [usize], second: impl Iterator<Item = &'a usize>) -> bool {
    equally_often(first.iter().zip(second).map(|(a, b)| 10 * a + b), 100)
}

/// Neighbours, columns of neighbouring words of 64, and those half the matrix apart.
#[test]
fn columns_are_independent() {
    let pairs = pairs(11);
    for apart in [1, 2, 63, 64, 65, 20_000] {
        assert!(independent(&pairs, pairs[apart..].iter()), "{apart} apart");
    }
    assert!(!independent(&pairs, pairs.iter()));
}

#[test]
fn seeds_are_independent() {
    let first = pairs(20);
    for seed in [21, 20 + (1 << 32)] {
        assert!(independent(&first, pairs(seed).iter()), "{seed}");
    }
}
