//! The numbers that a kind of float holds, and where rounding to one of them begins.

use crate::Dtype;

/// The finite numbers of a kind.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lattice {
    /// Binary digits of a number.
    digits: i32,
    /// The exponent of the smallest normal number.
    least: i32,
}

impl Lattice {
    pub(super) fn of(dtype: Dtype) -> Self {
        let (digits, least) = match dtype {
            Dtype::F16 => (11, -14),
            Dtype::BF16 => (8, -126),
            Dtype::F64 => (53, -1022),
            _ => (24, -126),
        };
        Self { digits, least }
    }

    /// The distance between the numbers around `x`.
    pub(super) fn spacing(self, x: f64) -> f64 {
        let exponent = (x.to_bits() >> 52 & 0x7FF) as i32 - 1023;
        let last_place = exponent.max(self.least) - self.digits + 1;
        if last_place < -1022 {
            f64::from_bits(1)
        } else {
            2.0_f64.powi(last_place)
        }
    }

    /// Where numbers begin to round to `edge` or more: half-way between the neighbours around it.
    pub(super) fn boundary(self, edge: f64) -> f64 {
        if self.digits >= 53 || !edge.is_finite() {
            return edge;
        }
        let before = edge.next_down();
        let (up, down) = (self.spacing(edge), self.spacing(before));
        let (above, below) = ((edge / up).ceil() * up, (before / down).floor() * down);
        below + (above - below) / 2.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boundaries_lie_half_way_between_neighbours() {
        let bf16 = Lattice::of(Dtype::BF16);
        // 1 is followed by 1 + 2⁻⁷ and preceded by 1 − 2⁻⁸.
        assert_eq!(bf16.boundary(1.0), 1.0 - 2.0_f64.powi(-9));
        assert_eq!(bf16.boundary(1.0_f64.next_up()), 1.0 + 2.0_f64.powi(-8));
        assert_eq!(bf16.boundary(-1.0), -1.0 - 2.0_f64.powi(-8));
        assert_eq!(Lattice::of(Dtype::F16).boundary(0.0), -(2.0_f64.powi(-25)));
        assert_eq!(Lattice::of(Dtype::F64).boundary(0.3), 0.3);
    }

    #[test]
    fn what_lies_on_either_side_of_a_boundary_rounds_to_either_side_of_the_edge() {
        for dtype in [Dtype::BF16, Dtype::F16, Dtype::F32] {
            let lattice = Lattice::of(dtype);
            for step in -400..400 {
                let edge = f64::from(step) * 0.0137 + 1e-9;
                let boundary = lattice.boundary(edge);
                let unit = lattice.spacing(edge) / 16.0;
                assert!(dtype.nearest(boundary + unit) >= edge, "{dtype} {edge}");
                assert!(dtype.nearest(boundary - unit) < edge, "{dtype} {edge}");
            }
        }
    }
}
