//! `ResNet`, `Transformer` and `Gan` against the code that PyTorch publishes for each: torchvision's `ResNet`,
//! `torch.nn.Transformer` itself and the DCGAN tutorial.

use nninit::init::calculate_gain;
use nninit::recipes::{Gan, ResNet, TorchTransformer, Transformer};
use nninit::{Initialize, Nonlinearity, Recipe, TorchRng, recipe};
use tch::{Device, nn};

use crate::models::{conv, norm};
use crate::reference::Reference;
use nninit_tests::python::say;

#[test]
fn recipes_start_layers_as_pytorch_s_own_code_does() {
    let Some(reference) = Reference::of("recipes") else {
        return;
    };
    let built = || TorchRng::manual_seed(999).after_construction();
    let compared = [
        check(&reference, "resnet", Residual::new, ResNet, built()),
        check(&reference, "gan", Adversarial::new, Gan, built()),
        check(
            &reference,
            "transformer",
            EncoderDecoder::new,
            TorchTransformer,
            TorchRng::manual_seed(999),
        ),
        check(&reference, "resnet_style", Every::new, ResNet, built()),
        check(
            &reference,
            "transformer_style",
            Every::new,
            Transformer,
            built(),
        ),
        check(&reference, "gan_style", Every::new, Gan, built()),
        check(
            &reference,
            "conditional",
            Every::new,
            recipe! {
                Linear(
                    weight(xavier_normal, gain = calculate_gain(Nonlinearity::Tanh, None)),
                    bias(constant, val = 0.01)
                )
            },
            built(),
        ),
    ];
    say(&format!(
        "recipes: bit-equal: {} tensors",
        compared.iter().sum::<usize>()
    ));
}

fn check<M: Initialize>(
    reference: &Reference,
    title: &str,
    build: impl Fn(&nn::Path<'_>) -> M,
    recipe: impl Recipe + 'static,
    mut rng: TorchRng,
) -> usize {
    let vs = nn::VarStore::new(Device::Cpu);
    let mut model = build(&vs.root());
    let report = model.try_init_with(recipe, &mut rng).unwrap();
    reference.assert_model(title, report.entries()).0
}

#[derive(Initialize)]
struct Residual {
    conv: nn::Conv2D,
    bn: nn::BatchNorm,
    biased: nn::Conv2D,
    gn: nn::GroupNorm,
    fc: nn::Linear,
}

impl Residual {
    fn new(vs: &nn::Path<'_>) -> Self {
        let grouped = nn::ConvConfig {
            groups: 2,
            ..Default::default()
        };
        Self {
            conv: conv(vs / "conv", 3, 8, 3, 1, 0),
            bn: norm(vs / "bn", 8),
            biased: nn::conv2d(vs / "biased", 8, 6, 3, grouped),
            gn: nn::group_norm(vs / "gn", 2, 6, nn::GroupNormConfig::default()),
            fc: nn::linear(vs / "fc", 6, 10, nn::LinearConfig::default()),
        }
    }
}

/// A layer of every kind.
#[derive(Initialize)]
struct Every {
    emb: nn::Embedding,
    line: nn::Conv1D,
    conv: nn::Conv2D,
    volume: nn::Conv3D,
    up: nn::ConvTranspose2D,
    bn: nn::BatchNorm,
    gn: nn::GroupNorm,
    ln: nn::LayerNorm,
    fc: nn::Linear,
    tail: nn::Linear,
}

impl Every {
    fn new(vs: &nn::Path<'_>) -> Self {
        let no_bias = nn::LinearConfig {
            bias: false,
            ..Default::default()
        };
        Self {
            emb: nn::embedding(vs / "emb", 7, 4, nn::EmbeddingConfig::default()),
            line: nn::conv1d(vs / "line", 3, 4, 3, nn::ConvConfig::default()),
            conv: conv(vs / "conv", 3, 8, 3, 1, 0),
            volume: nn::conv3d(vs / "volume", 2, 3, 2, nn::ConvConfig::default()),
            up: nn::conv_transpose2d(vs / "up", 6, 4, 4, nn::ConvTransposeConfig::default()),
            bn: norm(vs / "bn", 8),
            gn: nn::group_norm(vs / "gn", 2, 6, nn::GroupNormConfig::default()),
            ln: nn::layer_norm(vs / "ln", vec![5], nn::LayerNormConfig::default()),
            fc: nn::linear(vs / "fc", 6, 10, nn::LinearConfig::default()),
            tail: nn::linear(vs / "tail", 4, 3, no_bias),
        }
    }
}

#[derive(Initialize)]
struct Adversarial {
    project: nn::Linear,
    up: nn::ConvTranspose2D,
    bn: nn::BatchNorm,
    down: nn::Conv2D,
}

impl Adversarial {
    fn new(vs: &nn::Path<'_>) -> Self {
        Self {
            project: nn::linear(vs / "project", 4, 6, nn::LinearConfig::default()),
            up: nn::conv_transpose2d(vs / "up", 6, 4, 4, nn::ConvTransposeConfig::default()),
            bn: norm(vs / "bn", 4),
            down: conv(vs / "down", 4, 2, 4, 1, 0),
        }
    }
}

const WIDTH: i64 = 8;
const INNER: i64 = 12;

/// `nn.MultiheadAttention`, whose biases start at 0 before any recipe.
#[derive(Initialize)]
struct Attention {
    #[init(bias(zeros))]
    in_proj: nn::Linear,
    #[init(bias(zeros))]
    out_proj: nn::Linear,
}

impl Attention {
    fn new(vs: &nn::Path<'_>) -> Self {
        Self {
            in_proj: nn::linear(
                vs / "in_proj",
                WIDTH,
                3 * WIDTH,
                nn::LinearConfig::default(),
            ),
            out_proj: nn::linear(vs / "out_proj", WIDTH, WIDTH, nn::LinearConfig::default()),
        }
    }
}

#[derive(Initialize)]
struct EncoderLayer {
    self_attn: Attention,
    linear1: nn::Linear,
    linear2: nn::Linear,
    norm1: nn::LayerNorm,
    norm2: nn::LayerNorm,
}

#[derive(Initialize)]
struct DecoderLayer {
    self_attn: Attention,
    multihead_attn: Attention,
    linear1: nn::Linear,
    linear2: nn::Linear,
    norm1: nn::LayerNorm,
    norm2: nn::LayerNorm,
    norm3: nn::LayerNorm,
}

#[derive(Initialize)]
struct Encoder {
    layers: Vec<EncoderLayer>,
    norm: nn::LayerNorm,
}

#[derive(Initialize)]
struct Decoder {
    layers: Vec<DecoderLayer>,
    norm: nn::LayerNorm,
}

/// `nn.Transformer` with a layer on each side, but for the biases that its reset leaves as they were built.
#[derive(Initialize)]
struct EncoderDecoder {
    encoder: Encoder,
    decoder: Decoder,
}

impl EncoderDecoder {
    fn new(vs: &nn::Path<'_>) -> Self {
        let norm =
            |vs: nn::Path<'_>| nn::layer_norm(vs, vec![WIDTH], nn::LayerNormConfig::default());
        let linear = |vs: nn::Path<'_>, inputs, outputs| {
            let config = nn::LinearConfig {
                bias: false,
                ..Default::default()
            };
            nn::linear(vs, inputs, outputs, config)
        };
        let (e, d) = (vs / "encoder" / "layers" / 0, vs / "decoder" / "layers" / 0);
        Self {
            encoder: Encoder {
                layers: vec![EncoderLayer {
                    self_attn: Attention::new(&(&e / "self_attn")),
                    linear1: linear(&e / "linear1", WIDTH, INNER),
                    linear2: linear(&e / "linear2", INNER, WIDTH),
                    norm1: norm(&e / "norm1"),
                    norm2: norm(&e / "norm2"),
                }],
                norm: norm(vs / "encoder" / "norm"),
            },
            decoder: Decoder {
                layers: vec![DecoderLayer {
                    self_attn: Attention::new(&(&d / "self_attn")),
                    multihead_attn: Attention::new(&(&d / "multihead_attn")),
                    linear1: linear(&d / "linear1", WIDTH, INNER),
                    linear2: linear(&d / "linear2", INNER, WIDTH),
                    norm1: norm(&d / "norm1"),
                    norm2: norm(&d / "norm2"),
                    norm3: norm(&d / "norm3"),
                }],
                norm: norm(vs / "decoder" / "norm"),
            },
        }
    }
}
