//! Networks that start as the distance to a sphere.

use std::f64::consts::PI;

use super::rows::{Rows, by_rows, inputs, normal_linear, of_part};
use crate::recipe;

/// Implicit surfaces: a network of ReLUs or softplus that starts as the signed distance to a sphere, about
/// `|x| − radius`.
///
/// | layer | `weight` | `bias` |
/// |---|---|---|
/// | Linear, the last | N(√(π / inputs), std²) | −radius |
/// | Linear | N(0, 2 / outputs) | 0 |
///
/// | | std | radius | |
/// |---|---|---|---|
/// | [`igr`](Self::igr) | 1e-5 | 1 | Gropp et al., *Implicit geometric regularization for learning shapes* (2020) |
/// | [`idr`](Self::idr) | 1e-4 | 1 | Yariv et al., *Multiview neural surface reconstruction* (2020) |
/// | [`neus`](Self::neus) | 1e-4 | 0.5 | Wang et al., *NeuS* (2021) |
/// | [`sal`](Self::sal) | 1e-6 | 1 | Atzmon & Lipman, *SAL: Sign agnostic learning of shapes from raw data* (2020); its code has twice the mean, for about 2·\|x\| − 1 |
///
/// Which layer is the last is said by name, the end of its path, and it has to be there. With more outputs than the
/// distance all of its rows are alike. Where positions are encoded, the authors also set the columns of the encoding to
/// 0: `#[init(weight(zeros, at = (.., 3..)))]` on a second attribute.
///
/// ```
/// use nninit::recipes::Sphere;
/// use nninit::{Dtype, Rules};
///
/// let blueprint = Rules::of(Sphere::neus("lin8")).blueprint([
///     ("lin8.weight", vec![1, 256], Dtype::F32),
///     ("lin8.bias", vec![1], Dtype::F32),
/// ])?;
/// assert_eq!(blueprint.entries()[0].steps()[0].law().unwrap().to_string(), "N(0.1108, 0.0001²)");
/// # Ok::<(), nninit::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Sphere(Rows);

impl Sphere {
    /// As IGR starts it.
    #[must_use]
    pub fn igr(last: &str) -> Self {
        Self::of(last, 1.0, 1e-5, 1.0)
    }

    /// As IDR starts it.
    #[must_use]
    pub fn idr(last: &str) -> Self {
        Self::of(last, 1.0, 1e-4, 1.0)
    }

    /// As NeuS starts it, from outside.
    #[must_use]
    pub fn neus(last: &str) -> Self {
        Self::of(last, 1.0, 1e-4, 0.5)
    }

    /// As SAL's code starts it.
    #[must_use]
    pub fn sal(last: &str) -> Self {
        Self::of(last, 2.0, 1e-6, 1.0)
    }

    fn of(last: &str, slope: f64, std: f64, radius: f64) -> Self {
        let last_layer = of_part(move |part| {
            let mean = slope * (PI / inputs(part)).sqrt();
            recipe! {
                Linear(weight(normal, mean = mean, std = std), bias(constant, val = -radius)),
            }
        });
        let rest = of_part(|part| {
            let outputs = part.weight.first().map_or(1.0, |&outputs| outputs as f64);
            normal_linear((2.0 / outputs).sqrt())
        });
        Self(Rows::new().named("last", &[last], last_layer).rest(rest))
    }
}

by_rows!(Sphere);
