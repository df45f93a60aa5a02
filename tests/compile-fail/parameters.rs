//! Names of parameters and modifiers.

use nninit::Initialize;
use tch::{Tensor, nn};

#[derive(Initialize)]
struct Model {
    #[init(normal, sdt = 0.02)]
    swapped: Tensor,
    #[init(xavier_uniform, gian = 2.0, chunk = 3)]
    two_of_them: Tensor,
    #[init(kaiming_normal, std = 0.1)]
    of_another_scheme: Tensor,
    #[init(zeros, val = 0)]
    takes_none: Tensor,
    #[init(constant)]
    required: Tensor,
    #[init(sparse, std = 0.1)]
    required_too: Tensor,
    #[init(weight(normal(stdd = 0.1)))]
    inside_a_part: nn::Linear,
    #[init(normal, std)]
    without_a_value: Tensor,
    #[init(normal, std(0.02))]
    called: Tensor,
    #[init(normal, std = )]
    missing: Tensor,
    #[init(normal(0.0, 0.02))]
    positional: Tensor,
    #[init(normal, std: 0.02)]
    colon: Tensor,
    #[init(normal, std 0.02)]
    nothing_between: Tensor,
    #[init(normal, std = 0.02 mean = 1.0)]
    no_comma: Tensor,
    #[init(kaiming_normal, transposed = true)]
    flag: Tensor,
    #[init(trunc_normal, cut = 2, keep_std = true)]
    flag_of_a_scheme: Tensor,
    #[init(keep_std)]
    flag_without_a_scheme: Tensor,
    #[init(bias_prob)]
    probability: Tensor,
    #[init(siren_first, omega = 30)]
    first: Tensor,
    #[init(small_init, dims = 64)]
    width: Tensor,
    #[init(sincos_positions, prefx = 1, grid = 14)]
    positions: Tensor,
    #[init(sincos_positions, interleaved = true)]
    flag_of_positions: Tensor,
    #[init(alibi_slopes, heads = 12)]
    slopes: Tensor,
    #[init(bilinear, groups = 4)]
    kernel: Tensor,
    #[init(hippo_legs, n = 64)]
    state: Tensor,
    #[init(hippo_legs_b, gain = 2)]
    input: Tensor,
    #[init(s4d_lin, n = 64)]
    linear: Tensor,
    #[init(s4d_inv, state = 64)]
    inverse: Tensor,
    #[init(s4d_real, dim = 64)]
    real: Tensor,
    #[init(a_log_range, low = 1, high = 16)]
    logarithms: Tensor,
    #[init(with = nninit::schemes::zeros(), gain = 1.0)]
    with_has_none: Tensor,
}

fn main() {}
