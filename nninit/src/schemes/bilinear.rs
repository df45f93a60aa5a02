//! `bilinear`: an upsampling convolution that starts as linear interpolation.

use super::Label;
use crate::laws::Formula;
use crate::{BoxError, Initializer, Law, Target};

/// Linear interpolation. Started by [`bilinear`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Bilinear;

/// The weight of a transposed convolution that interpolates linearly: in each dimension of the kernel, of length `k`,
/// `1 − |i / f − c|` with `f = ⌈k / 2⌉` and `c = (k − 1) / (2·f)`, multiplied.
///
/// No parameters. Three to five dimensions, so that it is linear, bilinear or trilinear. Where there are as many inputs
/// as outputs, each channel goes to its own: the kernel stands on the diagonal, and 0 elsewhere, as in FCN. Where the
/// second dimension is 1, the weight of a convolution of as many groups as channels, the kernel stands everywhere, as
/// in Caffe. Any other weight is an error. With stride `s` the kernel that upsamples `s` times has the length `2·s − s
/// % 2`, and padding ⌈(s − 1) / 2⌉.
///
/// A length of 4 has the weights .25 .75 .75 .25, 3 has .5 1 .5, 2 has .5 .5. `MXNet` and `CenterNet` take `f % 2`
/// where `k % 2` is meant and are lopsided for lengths of 2, 3, 6 and 7. Nothing is drawn. Long, Shelhamer & Darrell,
/// *Fully convolutional networks* (2015), and Caffe's `BilinearFiller`.
///
/// ```
/// use nninit::{BoxError, Dtype, Initializer, Target, schemes};
///
/// let law = schemes::bilinear().law(&Target::of_shape(&[21, 21, 4, 4]))?;
/// assert_eq!(law.to_string(), "bilinear");
/// assert!(law.check(&[64, 1, 4, 4], Dtype::F32).is_ok());
/// assert!(law.check(&[64, 21, 4, 4], Dtype::F32).is_err());
/// # Ok::<(), BoxError>(())
/// ```
#[must_use]
pub const fn bilinear() -> Bilinear {
    Bilinear
}

impl Initializer for Bilinear {
    fn label(&self) -> String {
        Label::new("bilinear").finish()
    }

    fn law(&self, _: &Target<'_>) -> Result<Law, BoxError> {
        Ok(Law::table(Formula::Bilinear))
    }
}
