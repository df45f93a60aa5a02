//! `ResNet`, `Transformer` and `Gan` against the code that PyTorch publishes for each: torchvision's `ResNet`,
//! `torch.nn.Transformer` itself and the DCGAN tutorial.

use nninit::recipes::{Gan, ResNet, Transformer};
use nninit::{Initialize, Recipe, TorchRng};
use tch::{Device, nn};

use crate::models::{conv, norm};
use crate::reference::{Reference, say};

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
            Transformer,
            TorchRng::manual_seed(999),
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
