//! Values: strings from a list, literals out of range, and types, which rustc checks where they are written.

use nninit::Initialize;
use tch::Tensor;

#[derive(Initialize)]
struct Strings {
    #[init(kaiming_normal, mode = "fan_ou")]
    mode: Tensor,
    #[init(kaiming_normal, mode = "both")]
    no_mode: Tensor,
    #[init(kaiming_normal, nonlinearity = "leaky_rleu")]
    nonlinearity: Tensor,
    #[init(kaiming_normal, nonlinearity = "Relu")]
    capital: Tensor,
    #[init(kaiming_normal, nonlinearity = "swi_glu")]
    gated: Tensor,
    #[init(variance_scaling, distribution = "normal")]
    of_keras_or_jax: Tensor,
    #[init(variance_scaling, distribution = "truncated")]
    distribution: Tensor,
    #[init(kaiming_normal, mode = fan_out)]
    unquoted: Tensor,
}

#[derive(Initialize)]
enum Variants {
    Named {
        #[init(normal, std = self.std)]
        w: Tensor,
        #[init(normal, std = self.deviation())]
        method: Tensor,
        std: f64,
    },
    Unnamed(#[init(normal, std = self.1)] Tensor, f64),
}

impl Variants {
    fn deviation(&self) -> f64 {
        0.02
    }
}

fn another_signature(w: &Tensor) {
    drop(w.shallow_clone());
}

#[derive(Initialize)]
struct Ranges {
    #[init(normal, std = -1)]
    std: Tensor,
    #[init(trunc_normal, std = -0.5, a = 1, b = 0)]
    two: Tensor,
    #[init(sparse, sparsity = 1.5)]
    sparsity: Tensor,
    #[init(uniform, a = 2)]
    default_b: Tensor,
    #[init(uniform, b = (-1e3))]
    default_a: Tensor,
    #[init(a_log, low = 0)]
    dead: Tensor,
    #[init(log_uniform, low = 2, high = 1)]
    reversed: Tensor,
    #[init(dt_bias, dt_min = 0.5)]
    default_max: Tensor,
    #[init(orthogonal, chunks = 0)]
    chunks: Tensor,
    #[init(xavier_normal, groups = -1)]
    groups: Tensor,
    #[init(dirac, groups = 0)]
    parameter: Tensor,
    #[init(kaiming_normal, gain = -1.5)]
    gain: Tensor,
    #[init(trunc_normal, cut = 0)]
    cut: Tensor,
    #[init(variance_scaling, scale = -1)]
    scale: Tensor,
    #[init(small_init, dim = 0)]
    dim: Tensor,
    #[init(spectral, gain = -1)]
    spectral: Tensor,
    #[init(siren, omega = 0)]
    omega: Tensor,
    #[init(bias_prob, p = 1)]
    certain: Tensor,
    #[init(sincos_positions, prefix = -1, base = 0, width = 0)]
    positions: Tensor,
    #[init(normal, scale = -1)]
    factor: Tensor,
    #[init(normal, stream = "")]
    stream: Tensor,
}

#[derive(Initialize)]
struct Types {
    #[init(normal, std = "0.02")]
    text: Tensor,
    #[init(normal, std = 1i32)]
    suffixed: Tensor,
    #[init(normal, std = self.sdt)]
    field: Tensor,
    #[init(kaiming_normal, mode = 1)]
    mode: Tensor,
    #[init(variance_scaling, distribution = nninit::FanMode::FanIn)]
    distribution: Tensor,
    #[init(kaiming_normal, gain = nninit::gain(|x| x.max(0.0)))]
    without_question_mark: Tensor,
    #[init(kaiming_normal, gain = "relu")]
    name_for_a_gain: Tensor,
    #[init(small_init, dim = 64.0)]
    dim: Tensor,
    #[init(sincos_positions, prefix = 1.0, base = "10000", width = self.std)]
    positions: Tensor,
    #[init(orthogonal, chunks = 1.5)]
    chunks: Tensor,
    #[init(zeros)]
    #[init(ones, at = [0, 1])]
    index_list: Tensor,
    #[init(kaiming_normal, fan_of = self.std)]
    fan_of: Tensor,
    #[init(with = 3)]
    with: Tensor,
    #[init(with = another_signature)]
    with_another: Tensor,
    #[init(with = |w, s| 3)]
    closure: Tensor,
    #[init(sample = 3)]
    sample: Tensor,
    std: f64,
}

fn main() {}
