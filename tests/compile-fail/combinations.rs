//! Duplicates, and combinations that mean nothing.

use nninit::Initialize;
use tch::{Tensor, nn};

#[derive(Initialize)]
struct Model {
    #[init(normal, std = 1, std = 2)]
    parameter: Tensor,
    #[init(normal, at = 0, at = 1)]
    modifier: Tensor,
    #[init(weight(zeros), weight(ones))]
    part: nn::Linear,
    #[init(zeros, stream = "a")]
    #[init(ones, at = 0, stream = "b")]
    stream: Tensor,
    #[init(zeros, ones)]
    two_schemes: Tensor,
    #[init(skip, zeros)]
    skip_and_scheme: Tensor,
    #[init(zeros)]
    #[init(skip)]
    scheme_then_skip: Tensor,
    #[init(skip)]
    #[init(zeros)]
    skip_then_scheme: Tensor,
    #[init(skip)]
    #[init(skip)]
    skip_twice: Tensor,
    #[init(skip, at = 0..2)]
    skip_with_a_modifier: Tensor,
    #[init(skip, stream = "old")]
    skip_with_a_stream: Tensor,
    #[init(skip)]
    #[init(ones, at = 0, stream = "old")]
    skip_and_a_region_with_a_stream: Tensor,
    #[init(skip())]
    skip_called: Tensor,
    #[init(kaiming_normal, a = 0.1, nonlinearity = "relu")]
    slope: Tensor,
    #[init(kaiming_uniform, nonlinearity = "tanh", a = self.slope)]
    slope_by_expression: Tensor,
    #[init(kaiming_uniform, gain = 1.5, a = 0.1)]
    gain_and_slope: Tensor,
    #[init(kaiming_normal, nonlinearity = "relu", gain = self.gain)]
    gain_and_nonlinearity: Tensor,
    #[init(trunc_normal, cut = 2, a = -1, b = 1)]
    cut_and_bounds: Tensor,
    #[init(trunc_normal, std = 0.02, a = -0.04, b = 0.04, keep_std)]
    std_without_a_cut: Tensor,
    #[init(weight(trunc_normal(keep_std)))]
    flag_alone: nn::Linear,
    #[init(zeros, fan_of = self.slope)]
    no_fans: Tensor,
    #[init(orthogonal, transposed)]
    no_fans_either: Tensor,
    #[init(kaiming_normal, bias(zeros))]
    scheme_and_part: nn::Linear,
    #[init(bias(zeros), std = 0.1)]
    part_and_parameter: nn::Linear,
    #[init(ones, at = 0)]
    region_first: Tensor,
    #[init(ones, at = 0..2)]
    regions_first: Option<Tensor>,
}

fn main() {}
