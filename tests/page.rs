//! What a reader of PyTorch's pages on initialisation writes here, who knows `apply` and `isinstance` and nothing else:
//! each pattern as Python has it, and as it stands on a struct. `tests/parity/recipes.rs` holds the same recipes
//! against the Python, bit for bit.

use nninit::init::calculate_gain;
use nninit::{Initialize, Nonlinearity, recipe, recipes};
use nninit_tests::plans::assert_plan;
use tch::nn::{self, VarStore};
use tch::{Device, Tensor};

/// ```python
/// self.fc1 = nn.Linear(784, 256)
/// nn.init.kaiming_normal_(self.fc1.weight, nonlinearity="relu")
/// nn.init.zeros_(self.fc1.bias)
/// self.fc2 = nn.Linear(256, 10)
/// nn.init.xavier_uniform_(self.fc2.weight)
/// nn.init.constant_(self.fc2.bias, 0.01)
/// ```
#[test]
fn per_module() {
    #[derive(Initialize)]
    struct Net {
        #[init(weight(kaiming_normal_, nonlinearity = "relu"), bias(zeros_))]
        fc1: nn::Linear,
        #[init(weight(xavier_uniform_), bias(constant_, val = 0.01))]
        fc2: nn::Linear,
    }

    let vs = VarStore::new(Device::Cpu);
    let net = Net {
        fc1: nn::linear(vs.root() / "fc1", 784, 256, nn::LinearConfig::default()),
        fc2: nn::linear(vs.root() / "fc2", 256, 10, nn::LinearConfig::default()),
    };
    assert_plan(
        &net,
        r#"
        fc1.weight [256, 784] kaiming_normal(nonlinearity = "relu"): N(0, 0.05051²)
        fc1.bias [256] zeros: constant 0
        fc2.weight [10, 256] xavier_uniform: U(-0.1502, 0.1502)
        fc2.bias [10] constant(val = 0.01): constant 0.01
        "#,
    );
}

/// ```python
/// def init_weights(m):
///     if isinstance(m, nn.Linear):
///         nn.init.xavier_uniform_(m.weight)
///         if m.bias is not None:
///             m.bias.data.fill_(0.01)
///     elif isinstance(m, nn.Conv2d):
///         nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")
///
/// model.apply(init_weights)
/// ```
#[test]
fn per_layer_type_with_a_bias_where_there_is_one() {
    #[derive(Initialize)]
    #[init(
        Linear(weight(xavier_uniform), bias(constant, val = 0.01)),
        Conv2D(weight(kaiming_normal, mode = "fan_out", nonlinearity = "relu"))
    )]
    struct Net {
        conv: nn::Conv2D,
        fc: nn::Linear,
        head: nn::Linear,
    }

    let vs = VarStore::new(Device::Cpu);
    let no_bias = nn::LinearConfig {
        bias: false,
        ..Default::default()
    };
    let net = Net {
        conv: nn::conv2d(vs.root() / "conv", 3, 8, 5, nn::ConvConfig::default()),
        fc: nn::linear(vs.root() / "fc", 32, 64, nn::LinearConfig::default()),
        head: nn::linear(vs.root() / "head", 64, 10, no_bias),
    };
    assert_plan(
        &net,
        r#"
        conv.weight [8, 3, 5, 5] kaiming_normal(mode = "fan_out", nonlinearity = "relu"): N(0, 0.1²)
        conv.bias [8] uniform within 1/√fan_in: U(-0.1155, 0.1155)
        fc.weight [64, 32] xavier_uniform: U(-0.25, 0.25)
        fc.bias [64] constant(val = 0.01): constant 0.01
        head.weight [10, 64] xavier_uniform: U(-0.2847, 0.2847)
        "#,
    );
}

/// ```python
/// gain = nn.init.calculate_gain("tanh")
/// nn.init.xavier_normal_(self.fc.weight, gain=gain)
/// ```
#[test]
fn a_gain_that_is_calculated() {
    #[derive(Initialize)]
    struct Net {
        #[init(weight(xavier_normal, gain = calculate_gain(Nonlinearity::Tanh, None)), bias(zeros))]
        fc: nn::Linear,
        #[init(weight(xavier_normal, gain = 5.0 / 3.0), bias(zeros))]
        same: nn::Linear,
    }

    let vs = VarStore::new(Device::Cpu);
    let net = Net {
        fc: nn::linear(vs.root() / "fc", 12, 20, nn::LinearConfig::default()),
        same: nn::linear(vs.root() / "same", 12, 20, nn::LinearConfig::default()),
    };
    // 5 / 3 · √(2 / 32)
    assert_plan(
        &net,
        "
        fc.weight [20, 12] xavier_normal(gain = calculate_gain(Nonlinearity::Tanh, None)): N(0, 0.4167²)
        fc.bias [20] zeros: constant 0
        same.weight [20, 12] xavier_normal(gain = 5.0 / 3.0): N(0, 0.4167²)
        same.bias [20] zeros: constant 0
        ",
    );
}

/// A model of somebody else's, whose structs say nothing.
#[derive(Initialize)]
struct Every {
    emb: nn::Embedding,
    conv: nn::Conv2D,
    up: nn::ConvTranspose2D,
    bn: nn::BatchNorm,
    gn: nn::GroupNorm,
    ln: nn::LayerNorm,
    fc: nn::Linear,
}

impl Every {
    fn new() -> Self {
        let vs = VarStore::new(Device::Cpu);
        let p = vs.root();
        Self {
            emb: nn::embedding(&p / "emb", 7, 4, nn::EmbeddingConfig::default()),
            conv: nn::conv2d(&p / "conv", 3, 8, 3, nn::ConvConfig::default()),
            up: nn::conv_transpose2d(&p / "up", 6, 4, 4, nn::ConvTransposeConfig::default()),
            bn: nn::batch_norm2d(&p / "bn", 8, nn::BatchNormConfig::default()),
            gn: nn::group_norm(&p / "gn", 2, 6, nn::GroupNormConfig::default()),
            ln: nn::layer_norm(&p / "ln", vec![5], nn::LayerNormConfig::default()),
            fc: nn::linear(&p / "fc", 6, 10, nn::LinearConfig::default()),
        }
    }
}

/// The three recipes that such a page ends with, written from it, are those that have a name here.
#[test]
fn the_three_recipes_written_out_are_those_with_a_name() {
    let model = Every::new();
    let resnet = recipe! {
        Conv(weight(kaiming_normal, mode = "fan_out", nonlinearity = "relu")),
        BatchNorm(weight(constant, val = 1), bias(constant, val = 0)),
        GroupNorm(weight(constant, val = 1), bias(constant, val = 0)),
    };
    let transformer = recipe! {
        Linear(weight(xavier_uniform), bias(constant, val = 0)),
        Embedding(weight(normal, mean = 0, std = 0.02)),
    };
    let gan = recipe! {
        Conv(weight(normal, mean = 0, std = 0.02)),
        ConvTranspose(weight(normal, mean = 0, std = 0.02)),
        BatchNorm(weight(normal, mean = 1, std = 0.02), bias(constant, val = 0)),
    };
    let of = |plan: Result<nninit::Plan, nninit::Error>| plan.unwrap().blueprint();
    let pairs = [
        (
            of(model.plan_with(resnet)),
            of(model.plan_with(recipes::ResNet)),
        ),
        (
            of(model.plan_with(transformer)),
            of(model.plan_with(recipes::Transformer)),
        ),
        (of(model.plan_with(gan)), of(model.plan_with(recipes::Gan))),
    ];
    for (written, named) in &pairs {
        assert!(written.same_values(named), "{written}\n{named}");
    }
    assert!(!pairs[0].0.same_values(&pairs[1].0));
}

/// The same on the struct, where the model is one's own.
#[test]
fn a_recipe_stands_on_the_struct() {
    #[derive(Initialize)]
    #[init(recipe = recipes::Gan)]
    struct Generator {
        up: nn::ConvTranspose2D,
        bn: nn::BatchNorm,
        #[init(zeros)]
        scale: Tensor,
    }

    let vs = VarStore::new(Device::Cpu);
    let generator = Generator {
        up: nn::conv_transpose2d(
            vs.root() / "up",
            100,
            64,
            4,
            nn::ConvTransposeConfig::default(),
        ),
        bn: nn::batch_norm2d(vs.root() / "bn", 64, nn::BatchNormConfig::default()),
        scale: vs.root().ones("scale", &[1]),
    };
    assert_plan(
        &generator,
        "
        up.weight [100, 64, 4, 4] normal(std = 0.02): N(0, 0.02²)
        up.bias [64] uniform within 1/√fan_in: U(-0.03125, 0.03125)
        bn.weight [64] normal(mean = 1, std = 0.02): N(1, 0.02²)
        bn.bias [64] zeros: constant 0
        bn.running_mean [64] zeros: constant 0
        bn.running_var [64] ones: constant 1
        scale [1] zeros: constant 0
        ",
    );
}
