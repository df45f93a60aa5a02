//! What holds for every formula and kind: bits that depend on the place alone.

use half::{bf16, f16};

use super::Tabulated;
use crate::numeric::extent::Extent;
use crate::numeric::law::{Formula, Law, Table};
use crate::sample::dispatch::Level;
use crate::sample::element::Element;
use crate::{Dtype, Region};

const fn positions(prefix: i64, width: Option<i64>, interleaved: bool) -> Formula {
    Formula::SincosPositions {
        prefix,
        base: 1e4,
        width,
        interleaved,
    }
}

const FORMULAS: [(Formula, &[i64]); 12] = [
    (positions(0, None, false), &[40, 600]),
    (positions(2, Some(7), false), &[37, 36]),
    (positions(1, Some(5), true), &[31, 48]),
    (Formula::AlibiSlopes, &[24, 1]),
    (Formula::Bilinear, &[4, 4, 5, 4]),
    (Formula::Bilinear, &[6, 1, 3]),
    (Formula::HippoLegs, &[40, 40]),
    (Formula::HippoLegsB, &[70]),
    (Formula::S4dLin, &[3, 32]),
    (Formula::S4dInv, &[3, 32]),
    (Formula::S4dReal, &[16]),
    (Formula::LnRange, &[5, 16]),
];

fn table(formula: Formula, factor: f64) -> Table {
    let law = Law::table(formula).scaled(factor, Dtype::F64).unwrap();
    let Law::Table(table) = law else {
        unreachable!("a table")
    };
    table
}

fn filled<T: Element>(tabulated: &Tabulated, first: u64, length: usize) -> Vec<T> {
    let mut values = vec![T::from_draw(T::nearest(-99.0)); length];
    tabulated.fill(first, &mut values);
    values
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| value.to_bits()).collect()
}

#[test]
fn every_level_gives_the_same_bits() {
    for (formula, shape) in FORMULAS {
        let of_level = |level| {
            let all = Extent::whole(shape);
            let tabulated = Tabulated::new(&table(formula, 0.3), &all).at_level(level);
            bits(&filled(&tabulated, 0, all.numel() as usize))
        };
        let baseline = of_level(Level::Baseline);
        for level in Level::available() {
            assert_eq!(of_level(level), baseline, "{formula:?} {level:?}");
        }
    }
}

#[test]
fn any_part_is_the_same_alone() {
    for (formula, shape) in FORMULAS {
        let all = Extent::whole(shape);
        let tabulated = Tabulated::new(&table(formula, 1.0), &all);
        let numel = all.numel() as usize;
        let whole = bits(&filled(&tabulated, 0, numel));
        for first in [0, 1, 5, numel / 2, numel - 1] {
            for length in [1, 2, 7, 300, numel] {
                let length = length.min(numel - first);
                let part = bits(&filled(&tabulated, first as u64, length));
                assert_eq!(part, whole[first..first + length], "{formula:?} {first}");
            }
        }
    }
}

/// The block's own places count, wherever in the parameter it lies.
#[test]
fn a_block_of_a_parameter_is_a_table_by_itself() {
    for (formula, shape) in FORMULAS {
        let alone = Extent::whole(shape);
        let due = filled::<f64>(
            &Tabulated::new(&table(formula, 1.0), &alone),
            0,
            alone.numel() as usize,
        );
        let mut whole = shape.to_vec();
        *whole.last_mut().unwrap() += 3;
        whole.insert(0, 4);
        let mut text = "(2".to_owned();
        for _ in 1..shape.len() {
            text.push_str(", ..");
        }
        let region = Region::parse(&format!("{text}, 2..{})", shape.last().unwrap() + 2)).unwrap();
        let block = region.within(&whole).unwrap();
        assert_eq!(block.shape(), shape);
        let tabulated = Tabulated::new(&table(formula, 1.0), &block);
        let runs = block.runs();
        let found: Vec<f64> = (0..runs.count)
            .flat_map(|row| filled::<f64>(&tabulated, runs.start(row), runs.len as usize))
            .collect();
        assert_eq!(bits(&found), bits(&due), "{formula:?}");
    }
}

#[test]
fn other_kinds_are_the_double_rounded_once() {
    for (formula, shape) in FORMULAS {
        let all = Extent::whole(shape);
        let numel = all.numel() as usize;
        let tabulated = Tabulated::new(&table(formula, 0.7), &all);
        let doubles = filled::<f64>(&tabulated, 0, numel);
        let singles = filled::<f32>(&tabulated, 0, numel);
        let halves = filled::<f16>(&tabulated, 0, numel);
        let brains = filled::<bf16>(&tabulated, 0, numel);
        for (n, &double) in doubles.iter().enumerate() {
            assert_eq!(singles[n], double as f32);
            assert_eq!(halves[n], f16::from_f64(double));
            assert_eq!(brains[n], bf16::from_f64(double));
        }
    }
}
