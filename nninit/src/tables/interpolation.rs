//! Kernels that interpolate linearly between neighbours.

/// The kernel of an upsampling convolution.
pub(super) struct Interpolation {
    /// Whether each output takes its own input alone.
    diagonal: bool,
    kernel: Vec<u64>,
}

impl Interpolation {
    /// Of a weight of this shape: outputs, inputs, kernel.
    pub(super) fn new(shape: &[u64]) -> Self {
        Self {
            diagonal: shape[0] == shape[1],
            kernel: shape[2..].to_vec(),
        }
    }

    /// The elements along the kernel's last dimension, from `place` on.
    pub(super) fn row(&self, place: impl Fn(usize) -> u64, out: &mut [f64]) {
        if self.diagonal && place(0) != place(1) {
            return out.fill(0.0);
        }
        let (mut above, mut below) = (1.0, 1.0);
        let last = self.kernel.len() - 1;
        for (dim, &length) in self.kernel[..last].iter().enumerate() {
            let (weight, whole) = share(place(dim + 2), length);
            (above, below) = (above * weight, below * whole);
        }
        let first = place(last + 2);
        for (place, out) in (first..).zip(out) {
            let (weight, whole) = share(place, self.kernel[last]);
            *out = above * weight / (below * whole);
        }
    }
}

/// 1 − |i / f − c| as a fraction of whole numbers, with f = ⌈length / 2⌉ and c = (length − 1) / (2·f).
fn share(i: u64, length: u64) -> (f64, f64) {
    let whole = 2 * length.div_ceil(2);
    let off = (2 * i).abs_diff(length - 1);
    ((whole - off) as f64, whole as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(length: u64) -> Vec<f64> {
        let mut out = vec![0.0; length as usize];
        Interpolation::new(&[1, 1, length]).row(|_| 0, &mut out);
        out
    }

    /// Caffe's and FCN's; `f % 2` for `k % 2` in the centre would give 1 0, .25 .75 .75 and 1/3 2/3 1 2/3 1/3 0.
    #[test]
    fn weights_of_each_length() {
        assert_eq!(line(1), [1.0]);
        assert_eq!(line(2), [0.5, 0.5]);
        assert_eq!(line(3), [0.5, 1.0, 0.5]);
        assert_eq!(line(4), [0.25, 0.75, 0.75, 0.25]);
        let sixths = [1.0 / 6.0, 0.5, 5.0 / 6.0, 5.0 / 6.0, 0.5, 1.0 / 6.0];
        assert_eq!(line(6), sixths);
        assert_eq!(line(7), [0.25, 0.5, 0.75, 1.0, 0.75, 0.5, 0.25]);
    }

    #[test]
    fn dimensions_multiply() {
        let kernel = Interpolation::new(&[2, 2, 4, 3]);
        let mut out = [9.0; 3];
        kernel.row(|dim| [1, 1, 1, 0][dim], &mut out);
        assert_eq!(out, [0.375, 0.75, 0.375]);
        kernel.row(|dim| [1, 0, 1, 0][dim], &mut out);
        assert_eq!(out, [0.0; 3]);
        let grouped = Interpolation::new(&[8, 1, 4, 3]);
        grouped.row(|dim| [7, 0, 0, 1][dim], &mut out[..2]);
        assert_eq!(out[..2], [0.25, 0.125]);
    }
}
