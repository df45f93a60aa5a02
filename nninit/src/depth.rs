//! By how much deep networks start their branches smaller: plain numbers, for `scale = …`, `std = …` and `gain = …`.
//!
//! A residual stream adds up what its branches write, so its variance grows with their number. Each function here is
//! one published way to hold it. The recipes use them; a model that declares its layers by itself does so by value:
//!
//! ```
//! # #[cfg(feature = "tch")] {
//! use nninit::{Initialize, depth};
//! use tch::nn;
//!
//! #[derive(Initialize)]
//! struct Mlp {
//!     #[init(weight(normal, std = 0.02), bias(zeros))]
//!     c_fc: nn::Linear,
//!     #[init(weight(normal, std = 0.02, scale = depth::residual(self.layers)), bias(zeros))]
//!     c_proj: nn::Linear,
//!     layers: u32,
//! }
//! # }
//! ```
//!
//! Layers and branches are counted from 1, and 0 counts as 1; the index of a layer counts from 0.

/// `1 / √(2 · layers)`: each layer writes into the residual stream twice, once from its attention and once from its
/// feed-forward part.
///
/// Radford et al., *Language models are unsupervised multitask learners* (2019), as nanoGPT, Hugging Face's GPT-2 and
/// Megatron have it.
///
/// ```
/// assert_eq!(0.02 * nninit::depth::residual(12), 0.004082482904638631);
/// ```
#[must_use]
pub fn residual(layers: u32) -> f64 {
    1.0 / root_of_writes(layers)
}

/// The number of times that all layers together write into the residual stream, its root: to divide by, as the sources
/// do, where a factor would round once more.
pub(crate) fn root_of_writes(layers: u32) -> f64 {
    (2.0 * count(layers)).sqrt()
}

/// `1 / √(2 · (layer + 1))`, of the layer's own index: the first layer writes the most.
///
/// torchtitan's `depth_scaled_std`, OLMo-core's `llama_depth`, lingua's `CURRENT_DEPTH`.
///
/// ```
/// use nninit::depth::per_layer;
///
/// assert_eq!([0, 1, 31].map(|layer| 0.02 * per_layer(layer)), [0.014142135623730949, 0.01, 0.0025]);
/// ```
#[must_use]
pub fn per_layer(layer: u32) -> f64 {
    1.0 / (2.0 * (f64::from(layer) + 1.0)).sqrt()
}

/// `2 / (layers · √width)`, a standard deviation by itself.
///
/// GPT-NeoX's `wang_init`, of Wang & Komatsuzaki's GPT-J; Black et al., *GPT-NeoX-20B* (2022). The width is the
/// model's, also for the projection of a feed-forward part, whose inputs are four times as many. GPT-J's own code
/// truncates it at two standard deviations.
///
/// ```
/// assert_eq!(nninit::depth::wang(24, 1024), 0.0026041666666666665);
/// ```
#[must_use]
pub fn wang(layers: u32, width: u32) -> f64 {
    2.0 / (count(layers) * count(width).sqrt())
}

/// What DeepNorm multiplies: the residual stream by `alpha` before each norm, and the weights of its branches by `beta`
/// once, at the start.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct DeepNorm {
    /// α, of the residual stream: `norm(alpha · x + branch(x))`.
    pub alpha: f64,
    /// β, the gain of feed-forward, value and output projections.
    pub beta: f64,
}

/// α = (2 · layers)^¼ and β = (8 · layers)^−¼: of an encoder alone, or a decoder alone.
///
/// Wang et al., *DeepNet: Scaling transformers to 1,000 layers* (2022).
///
/// ```
/// let of_12 = nninit::depth::deepnorm(12);
/// assert!((of_12.alpha - 2.213363839400643).abs() < 1e-15);
/// assert!((of_12.beta - 0.3194715521231362).abs() < 1e-16);
/// ```
#[must_use]
pub fn deepnorm(layers: u32) -> DeepNorm {
    let layers = count(layers);
    DeepNorm {
        alpha: (2.0 * layers).powf(0.25),
        beta: (8.0 * layers).powf(-0.25),
    }
}

/// Of an encoder and its decoder, in this order, each of so many layers: α = 0.81 · (N⁴ · M)^(1/16) and
/// β = 0.87 · (N⁴ · M)^(−1/16) for the encoder's N beside the decoder's M, and α = (3 · M)^¼ and β = (12 · M)^−¼.
///
/// Wang et al. (2022). torchscale divides by 1.15 where the paper multiplies by 0.87.
///
/// ```
/// let (encoder, decoder) = nninit::depth::deepnorm_pair(6, 6);
/// assert!((encoder.alpha - 1.4179381406855227).abs() < 1e-15);
/// assert!((encoder.beta - 0.4969892407713235).abs() < 1e-15);
/// assert!((decoder.alpha - 2.0597671439071177).abs() < 1e-15);
/// assert!((decoder.beta - 0.34329452398451965).abs() < 1e-15);
/// ```
#[must_use]
pub fn deepnorm_pair(encoder: u32, decoder: u32) -> (DeepNorm, DeepNorm) {
    let (layers, others) = (count(encoder), count(decoder));
    let both = layers.powi(4) * others;
    let of_encoder = DeepNorm {
        alpha: 0.81 * both.powf(1.0 / 16.0),
        beta: 0.87 * both.powf(-1.0 / 16.0),
    };
    let of_decoder = DeepNorm {
        alpha: (3.0 * others).powf(0.25),
        beta: (12.0 * others).powf(-0.25),
    };
    (of_encoder, of_decoder)
}

/// `√(ln(2 · layers))`, the factor of feed-forward, value and output projections: of an encoder alone, or a decoder
/// alone.
///
/// SubLN, of Wang et al., *Foundation transformers* (2022).
///
/// ```
/// assert!((nninit::depth::subln(12) - 1.7827096876238557).abs() < 1e-15);
/// ```
#[must_use]
pub fn subln(layers: u32) -> f64 {
    (2.0 * count(layers)).ln().sqrt()
}

/// SubLN's factors of an encoder and its decoder, in this order: `√(ln(3 · M) · ln(2 · N) / 3)` and `√(ln(3 · M))`.
///
/// Wang et al. (2022). torchscale leaves the decoder's attention over the encoder as it is.
///
/// ```
/// let (encoder, decoder) = nninit::depth::subln_pair(6, 6);
/// assert!((encoder - 1.5472883809593707).abs() < 1e-15);
/// assert!((decoder - 1.70010933704164).abs() < 1e-14);
/// ```
#[must_use]
pub fn subln_pair(encoder: u32, decoder: u32) -> (f64, f64) {
    let of_decoder = (3.0 * count(decoder)).ln();
    let of_encoder = of_decoder * (2.0 * count(encoder)).ln() / 3.0;
    (of_encoder.sqrt(), of_decoder.sqrt())
}

/// `0.67 · layers^−¼`, the factor of value, output and feed-forward weights in an encoder without norms.
///
/// T-Fixup, of Huang et al., *Improving transformer optimization through better initialization* (2020).
///
/// ```
/// assert!((nninit::depth::t_fixup_encoder(6) - 0.4280918798450026).abs() < 1e-15);
/// ```
#[must_use]
pub fn t_fixup_encoder(layers: u32) -> f64 {
    0.67 * count(layers).powf(-0.25)
}

/// `(9 · layers)^−¼`, the factor of value, output and feed-forward weights in a decoder without norms, and of the
/// embeddings of both.
///
/// T-Fixup, of Huang et al. (2020).
///
/// ```
/// assert!((nninit::depth::t_fixup_decoder(6) - 0.36889397323344053).abs() < 1e-16);
/// ```
#[must_use]
pub fn t_fixup_decoder(layers: u32) -> f64 {
    (9.0 * count(layers)).powf(-0.25)
}

/// `branches^(−1 / (2 · weights − 2))`, the factor of a branch's weights but its last, which starts at 0: for a network
/// of so many residual branches with so many weights each. A branch of one weight has the last alone, and 1 here.
///
/// Fixup, of Zhang et al., *Fixup initialization: Residual learning without normalization* (2019).
///
/// ```
/// use nninit::depth::fixup;
///
/// assert_eq!((fixup(16, 2), fixup(16, 3), fixup(16, 1)), (0.25, 0.5, 1.0));
/// ```
#[must_use]
pub fn fixup(branches: u32, weights: u32) -> f64 {
    match weights {
        0 | 1 => 1.0,
        weights => count(branches).powf(-1.0 / (2.0 * f64::from(weights) - 2.0)),
    }
}

pub(crate) fn count(of: u32) -> f64 {
    f64::from(of.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_near(actual: f64, expected: f64) {
        // A power of a power: a few roundings.
        let apart = (actual - expected).abs();
        assert!(
            apart <= 4.0 * f64::EPSILON * expected,
            "{actual:?} {expected:?}"
        );
    }

    #[test]
    fn deep_models_have_the_factors_of_their_papers() {
        assert_near(0.02 * residual(48), 0.002_041_241_452_319_315);
        let deep = deepnorm(1000);
        assert_near(deep.alpha, 6.687_403_049_764_22);
        assert_near(deep.beta, 0.105_737_126_344_056_41);
        let (encoder, _) = deepnorm_pair(12, 6);
        assert_near(encoder.alpha, 1.686_222_125_536_953);
        assert_near(encoder.beta, 0.417_916_470_984_271_15);
    }

    #[test]
    fn no_layers_count_as_one() {
        assert_eq!(residual(0), residual(1));
        assert_eq!(wang(0, 0), 2.0);
        assert_eq!(deepnorm_pair(0, 0), deepnorm_pair(1, 1));
        assert_eq!(fixup(0, 2), 1.0);
        assert!(subln(0).is_finite() && subln_pair(0, 0).0.is_finite());
        assert_eq!(t_fixup_encoder(0), 0.67);
    }
}
