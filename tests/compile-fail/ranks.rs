//! Parts of one dimension, which have neither fans nor rows.

use nninit::{Initialize, recipe};
use tch::nn;

#[derive(Initialize)]
struct Net {
    #[init(bias(xavier_uniform))]
    fans: nn::Linear,
    #[init(bias(eye))]
    rows: nn::Linear,
    #[init(kaiming_normal)]
    norm: nn::BatchNorm,
    #[init(weight(orthogonal))]
    group: nn::GroupNorm,
    #[init(weight(xavier_uniform, fan_of = [64, 32]))]
    right: nn::BatchNorm,
    #[init(xavier_uniform)]
    layer_norm_of_two: nn::LayerNorm,
}

#[derive(Initialize)]
#[init(BatchNorm(kaiming_normal), Linear(weight(eye), bias(sparse, sparsity = 0.1)))]
struct Kinds {
    bn: nn::BatchNorm,
    fc: nn::Linear,
}

fn main() {
    let _ = recipe! { GroupNorm(weight(xavier_normal)), Conv(bias(dirac)) };
}
