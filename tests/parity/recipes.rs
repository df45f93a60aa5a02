//! `ResNet`, `Transformer` and `Gan` against the code that PyTorch publishes for each: torchvision's `ResNet`,
//! `torch.nn.Transformer` itself and the DCGAN tutorial.

use nninit::{Gan, Initialize, Recipe, ResNet, TorchRng, Transformer};
use tch::{Device, nn};

use crate::bits::{differing, next_draws};
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
    let report = model.init_with(recipe, &mut rng).unwrap();
    let after = reference.tensor(&format!("{title}/after"));
    assert_eq!(
        differing(&next_draws(), after),
        0,
        "{title}: generator elsewhere"
    );
    let mut compared = 0;
    for entry in report.entries() {
        // PyTorch's attention has one tensor where ours has a layer.
        let path = entry.path().replace(".in_proj.", ".in_proj_");
        if left_as_built(title, &path) {
            continue;
        }
        let theirs = reference.tensor(&format!("{title}.{path}"));
        assert_eq!(differing(entry.tensor(), theirs), 0, "{title}.{path}");
        compared += 1;
    }
    let theirs = |name: &&String| {
        let path = name.strip_prefix(&format!("{title}."));
        path.is_some_and(|path| !left_as_built(title, path))
    };
    assert_eq!(
        compared,
        reference.tensors().keys().filter(theirs).count(),
        "{title}"
    );
    compared
}

/// Whether `nn.Transformer`'s reset leaves this as it was built, before the seed.
fn left_as_built(title: &str, path: &str) -> bool {
    title == "transformer" && path.contains(".linear") && path.ends_with("bias")
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
        let bare = nn::ConvConfig {
            bias: false,
            ..Default::default()
        };
        let grouped = nn::ConvConfig {
            groups: 2,
            ..Default::default()
        };
        Self {
            conv: nn::conv2d(vs / "conv", 3, 8, 3, bare),
            bn: nn::batch_norm2d(vs / "bn", 8, nn::BatchNormConfig::default()),
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
        let bare = nn::ConvConfig {
            bias: false,
            ..Default::default()
        };
        Self {
            project: nn::linear(vs / "project", 4, 6, nn::LinearConfig::default()),
            up: nn::conv_transpose2d(vs / "up", 6, 4, 4, nn::ConvTransposeConfig::default()),
            bn: nn::batch_norm2d(vs / "bn", 4, nn::BatchNormConfig::default()),
            down: nn::conv2d(vs / "down", 4, 2, 4, bare),
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
    #[init(bias(zeros))]
    linear1: nn::Linear,
    #[init(bias(zeros))]
    linear2: nn::Linear,
    norm1: nn::LayerNorm,
    norm2: nn::LayerNorm,
}

#[derive(Initialize)]
struct DecoderLayer {
    self_attn: Attention,
    multihead_attn: Attention,
    #[init(bias(zeros))]
    linear1: nn::Linear,
    #[init(bias(zeros))]
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

/// `nn.Transformer` with a layer on each side.
#[derive(Initialize)]
struct EncoderDecoder {
    encoder: Encoder,
    decoder: Decoder,
}

impl EncoderDecoder {
    fn new(vs: &nn::Path<'_>) -> Self {
        let norm =
            |vs: nn::Path<'_>| nn::layer_norm(vs, vec![WIDTH], nn::LayerNormConfig::default());
        let linear1 = |vs: &nn::Path<'_>| {
            nn::linear(vs / "linear1", WIDTH, INNER, nn::LinearConfig::default())
        };
        let linear2 = |vs: &nn::Path<'_>| {
            nn::linear(vs / "linear2", INNER, WIDTH, nn::LinearConfig::default())
        };
        let (e, d) = (vs / "encoder" / "layers" / 0, vs / "decoder" / "layers" / 0);
        Self {
            encoder: Encoder {
                layers: vec![EncoderLayer {
                    self_attn: Attention::new(&(&e / "self_attn")),
                    linear1: linear1(&e),
                    linear2: linear2(&e),
                    norm1: norm(&e / "norm1"),
                    norm2: norm(&e / "norm2"),
                }],
                norm: norm(vs / "encoder" / "norm"),
            },
            decoder: Decoder {
                layers: vec![DecoderLayer {
                    self_attn: Attention::new(&(&d / "self_attn")),
                    multihead_attn: Attention::new(&(&d / "multihead_attn")),
                    linear1: linear1(&d),
                    linear2: linear2(&d),
                    norm1: norm(&d / "norm1"),
                    norm2: norm(&d / "norm2"),
                    norm3: norm(&d / "norm3"),
                }],
                norm: norm(vs / "decoder" / "norm"),
            },
        }
    }
}
