//! Names of parts, which the field's type knows.

use std::collections::HashMap;

use nninit::Initialize;
use tch::{Tensor, nn};

#[derive(Initialize)]
struct Mlp {
    fc1: nn::Linear,
    #[init(weight(zeros))]
    fc2: nn::Linear,
    #[init(skip)]
    counter: std::cell::Cell<i64>,
    width: i64,
}

#[derive(Initialize)]
struct Pair(nn::Linear, #[init(zeros)] Tensor);

#[derive(Initialize)]
struct Model {
    #[init(wieght(zeros))]
    swapped: nn::Linear,
    #[init(gamma(ones), bias(zeros))]
    unknown: nn::BatchNorm,
    #[init(weight(ones), running_mean(zeros))]
    of_another_layer: nn::LayerNorm,
    #[init(bias(zeros))]
    embedding: nn::Embedding,
    #[init(weight(zeros))]
    tensor: Tensor,
    #[init(fc3(weight(zeros)))]
    field: Mlp,
    #[init(width(zeros))]
    holds_no_parameter: Mlp,
    #[init(counter(zeros))]
    skipped: Mlp,
    #[init(zeros)]
    scheme_on_a_struct: Mlp,
    #[init(2(zeros))]
    tuple_struct: Pair,
    #[init(wieght(zeros))]
    in_a_container: Vec<Option<nn::Conv2D>>,
    #[init(fc9(weight(zeros)))]
    in_a_map: HashMap<String, Mlp>,
    #[init(0(weight(zeros)))]
    of_an_item: Vec<nn::Linear>,
    #[init(self(zeros))]
    not_a_name: Mlp,
    #[init(bias(xavier_uniform))]
    without_fans: nn::Linear,
    #[init(fc1(bias(kaiming_normal)))]
    checked_by_the_plan: Mlp,
    #[init(weight(xavier_uniform), bias(kaiming_normal, fan_of = [64, 32]))]
    with_fans: nn::Linear,
}

fn main() {}
