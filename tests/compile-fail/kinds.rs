//! Kinds of layers: on a struct, on a field, and in `recipe!`.

use nninit::{Initialize, recipe};
use tch::nn;

#[derive(Initialize)]
#[init(linear(zeros), Conv2d(zeros), BatchNorm2d(ones), LSTM(zeros), Block(zeros), frobnicate(zeros))]
#[init(nn::Linear(zeros), LayerNorm, GroupNorm = zeros, Embedding(), Conv(zeross))]
struct Words {
    fc: nn::Linear,
}

#[derive(Initialize)]
#[init(Linear(gamma(zeros)), BatchNorm(running_mean(zeros), runing_var(ones)), Embedding(bias(zeros)))]
#[init(Conv(weight(weight(zeros))), GroupNorm(weight(zeros), zeros), LayerNorm(ones), LayerNorm(zeros))]
struct Parts {
    fc: nn::Linear,
    bn: nn::BatchNorm,
    emb: nn::Embedding,
    conv: nn::Conv2D,
    gn: nn::GroupNorm,
    ln: nn::LayerNorm,
}

#[derive(Initialize)]
#[init(Linear(normal, std = -1, stream = "fc"), Conv2D(weight(zeros, stream = "c")), others(skip))]
#[init(recipe = nninit::recipes::ResNet, Conv2D(skip))]
struct Settings {
    fc: nn::Linear,
    conv: nn::Conv2D,
}

#[derive(Initialize)]
#[init(Linear(normal, std = "wide"), Conv2D(kaiming_normal, mode = "fan_up"))]
struct Values {
    fc: nn::Linear,
    conv: nn::Conv2D,
}

#[derive(Initialize)]
struct Fields {
    #[init(Linear(zeros))]
    layer: nn::Linear,
    #[init(Linear(zeros), fc(bias(zeros)))]
    nested: Values,
}

fn recipes() {
    let _ = recipe! {
        "**.weight" => zeros,
        Linear(zeros), Linear(ones),
        linear(zeros);
        recipe = nninit::recipes::ResNet,
        weight(zeros),
        Conv2D(kaiming_normal, mod = "fan_out"),
        Conv1D(skip, zeros),
    };
}

fn main() {}
