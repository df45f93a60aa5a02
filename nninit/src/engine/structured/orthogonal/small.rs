//! Matrices so small that calling libtorch would take longer than the arithmetic.
//!
//! The same reflections, one at a time and in f64 whatever the kind: what is rounded to `f32` is exact beside it.

use tch::{Kind, Tensor};

use crate::Cause;
use crate::engine::threads;
use crate::engine::values::Ours;
use crate::numeric::extent::Extent;
use crate::numeric::stream::Key;
use crate::sample::element::Draw;

/// The longest side.
const LONGEST: i64 = 32;

/// Elements of one piece of work, so many that the cost of taking the next one does not show.
const BATCH: usize = 4096;

/// Whether matrices of this shape, the last two of its dimensions, are made here.
pub(super) fn fits(shape: [i64; 3]) -> bool {
    shape[1].max(shape[2]) <= LONGEST
}

/// Whether products of a few factors times `gain` neither overflow nor lose digits in any kind.
pub(super) fn is_moderate(gain: f64) -> bool {
    gain == 0.0 || (1e-15..1e15).contains(&gain.abs())
}

/// Stacked matrices of this shape, from the draws of a box's elements in order; f64 if `kind` is, else f32.
pub(super) fn matrices(
    shape: [i64; 3],
    kind: Kind,
    extent: &Extent,
    gain: f64,
    key: Key,
) -> Result<Tensor, Cause> {
    let elements = match kind {
        Kind::Double => Tensor::f_from_slice(&elements::<f64>(shape, extent, gain, key))?,
        _ => Tensor::f_from_slice(&elements::<f32>(shape, extent, gain, key))?,
    };
    Ok(elements.f_view(shape)?)
}

fn elements<T: Draw + Into<f64>>(
    [_, rows, columns]: [i64; 3],
    extent: &Extent,
    gain: f64,
    key: Key,
) -> Vec<T> {
    let mut elements = vec![T::default(); extent.numel() as usize];
    let (values, runs) = (Ours::normal(1.0), extent.runs());
    for (run, out) in (0..).zip(elements.chunks_exact_mut(runs.len as usize)) {
        values.fill(key, runs.start(run), out);
    }
    let (rows, columns) = (rows as usize, columns as usize);
    // Of a wide matrix, the transpose.
    let place = |row, column| {
        if rows < columns {
            column * columns + row
        } else {
            row * columns + column
        }
    };
    let size = rows * columns;
    let (within, beyond) = if is_moderate(gain) {
        (gain, 1.0)
    } else {
        (1.0, gain)
    };
    let turn = |matrices: &mut [T]| {
        let mut tall = Tall::new(rows.max(columns), rows.min(columns));
        for matrix in matrices.chunks_exact_mut(size) {
            tall.set(|row, column| matrix[place(row, column)].into());
            tall.reflect(within);
            tall.get(|row, column, value| {
                matrix[place(row, column)] = T::nearest((value * beyond).clamp(f64::MIN, f64::MAX));
            });
        }
    };
    // Four reflections of an element take about as long as its draw.
    let work = extent.numel() * rows.min(columns).div_ceil(4) as u64;
    let batches = elements.chunks_mut(size * BATCH.div_ceil(size)).collect();
    threads::share(batches, work, turn);
    elements
}

/// A matrix with no more columns than rows.
struct Tall {
    columns: usize,
    /// Row by row.
    elements: Vec<f64>,
    /// The column in hand: its reflection's vector.
    vector: Vec<f64>,
    /// That vector times the columns after it.
    products: Vec<f64>,
}

impl Tall {
    fn new(rows: usize, columns: usize) -> Self {
        Self {
            columns,
            elements: vec![0.0; rows * columns],
            vector: vec![0.0; rows],
            products: vec![0.0; columns],
        }
    }

    fn set(&mut self, of: impl Fn(usize, usize) -> f64) {
        for (row, elements) in self.elements.chunks_exact_mut(self.columns).enumerate() {
            for (column, element) in elements.iter_mut().enumerate() {
                *element = of(row, column);
            }
        }
    }

    fn get(&self, mut to: impl FnMut(usize, usize, f64)) {
        for (row, elements) in self.elements.chunks_exact(self.columns).enumerate() {
            for (column, &element) in elements.iter().enumerate() {
                to(row, column, element);
            }
        }
    }

    /// Turns draws into `gain` times a matrix with orthonormal columns.
    fn reflect(&mut self, gain: f64) {
        for column in (0..self.columns).rev() {
            self.apply(column, gain);
        }
    }

    /// Applies the reflection that takes a unit vector to the direction of one column's draws: to the columns after it,
    /// which are done, and to the unit vector, with the sign that makes the product uniform.
    fn apply(&mut self, column: usize, gain: f64) {
        let Self {
            columns,
            elements,
            vector,
            products,
            ..
        } = self;
        let (columns, below) = (*columns, &mut elements[column * *columns..]);
        let vector = &mut vector[column..];
        for (v, row) in vector.iter_mut().zip(below.chunks_exact_mut(columns)) {
            *v = std::mem::take(&mut row[column]);
        }
        let rest: f64 = vector[1..].iter().map(|v| v * v).sum();
        let sign = -1.0_f64.copysign(vector[0]);
        vector[0] -= sign * (rest + vector[0] * vector[0]).sqrt();
        // Draws that are all 0 have no direction: any reflection will do.
        if vector[0] == 0.0 {
            vector[0] = 1.0;
        }
        let twice = 2.0 / (rest + vector[0] * vector[0]);

        below[column..columns].fill(0.0);
        below[column] = sign * gain;
        let products = &mut products[column..];
        products.fill(0.0);
        for (&v, row) in vector.iter().zip(below.chunks_exact(columns)) {
            for (product, element) in products.iter_mut().zip(&row[column..]) {
                *product += v * element;
            }
        }
        for (&v, row) in vector.iter().zip(below.chunks_exact_mut(columns)) {
            for (element, product) in row[column..].iter_mut().zip(&*products) {
                *element -= twice * v * product;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::reflect;
    use super::*;

    /// The same law from the same draws, so what holds of either's distribution holds of the other's.
    #[test]
    fn reflections_one_at_a_time_and_by_panels_give_one_matrix() {
        for shape in [[1, 32, 32], [2, 30, 7], [2, 7, 30], [3, 1, 5], [1, 1, 1]] {
            let extent = Extent::whole(&shape);
            let key = |seed| Key::new(seed, "weight");
            let small = |seed| matrices(shape, Kind::Double, &extent, 2.0, key(seed)).unwrap();
            let mut draws = vec![0.0_f64; extent.numel() as usize];
            Ours::normal(1.0).fill(key(1), 0, &mut draws);
            let panels = Tensor::from_slice(&draws).view(shape);
            reflect(&panels, 2.0).unwrap();
            let apart = |seed| (small(seed) - &panels).abs().max().double_value(&[]);
            // Of either, N. J. Higham, "Accuracy and Stability of Numerical Algorithms" (2002), lemma 19.3.
            let bound = 2.0 * (shape[1] * shape[2]) as f64 * f64::EPSILON * 2.0;
            assert!(apart(1) <= bound, "{shape:?}: {} > {bound}", apart(1));
            if extent.numel() > 1 {
                assert!(apart(2) > bound, "{shape:?}: a test that cannot fail");
            }
        }
    }

    #[test]
    fn draws_without_a_direction_give_an_orthogonal_matrix_too() {
        let mut tall = Tall::new(3, 2);
        tall.reflect(1.0);
        let mut gram = [0.0; 4];
        for row in tall.elements.chunks(2) {
            for (n, sum) in gram.iter_mut().enumerate() {
                *sum += row[n / 2] * row[n % 2];
            }
        }
        assert_eq!(gram, [1.0, 0.0, 0.0, 1.0]);
    }
}
