//! A dozen mistakes in one struct: a dozen errors in one compile, each on its own token.

use nninit::Initialize;
use tch::{Tensor, nn};

#[derive(Initialize)]
struct Model {
    #[init(kaiming_nromal)]
    scheme: Tensor,
    #[init(normal, sdt = 0.02)]
    parameter: Tensor,
    #[init(kaiming_normal, mode = "fan_ot")]
    mode: Tensor,
    #[init(sparse, sparsity = 1.5)]
    range: Tensor,
    #[init(zeros, zeros)]
    twice: Tensor,
    #[init(constant)]
    required: Tensor,
    #[init()]
    empty: Tensor,
    #[init(normal, std = "wide")]
    value: Tensor,
    #[init(wieght(zeros))]
    part: nn::Linear,
    #[init(ones, at = 0)]
    region: Tensor,
    undeclared: Tensor,
    hidden: nn::LSTM,
}

fn main() {}
