//! Whole models: what their scripts make of a seed.

use nninit::{Initialize, TorchRng};
use tch::{Device, nn};

use crate::reference::Reference;
use nninit_tests::python::say;

#[test]
fn resnet18_is_pytorch_s() {
    check("resnet18", ResNet18::new);
}

#[test]
fn gpt2_is_pytorch_s() {
    check("gpt2", Gpt2::new);
}

#[test]
fn dcgan_is_pytorch_s() {
    check("dcgan", Dcgan::new);
}

fn check<M: Initialize>(name: &str, build: impl Fn(&nn::Path<'_>) -> M) {
    let Some(reference) = Reference::of(name) else {
        return;
    };
    let (mut tensors, mut elements) = (0, 0);
    for case in &reference.cases {
        let vs = nn::VarStore::new(Device::Cpu);
        let mut model = build(&vs.root());
        let rng = TorchRng::manual_seed(999);
        let title = case.text("title").unwrap();
        model.init(&mut match title {
            "reseeded" => rng,
            _ => rng.after_construction(),
        });
        let plan = model.plan().unwrap();
        let compared = reference.assert_model(title, plan.entries());
        (tensors, elements) = (tensors + compared.0, elements + compared.1);
    }
    say(&format!(
        "{name}: bit-equal, built and reseeded: {tensors} tensors, {elements} elements"
    ));
}

pub(super) fn conv(
    vs: nn::Path<'_>,
    inputs: i64,
    outputs: i64,
    size: i64,
    stride: i64,
    padding: i64,
) -> nn::Conv2D {
    let config = nn::ConvConfig {
        stride,
        padding,
        bias: false,
        ..Default::default()
    };
    nn::conv2d(vs, inputs, outputs, size, config)
}

pub(super) fn norm(vs: nn::Path<'_>, channels: i64) -> nn::BatchNorm {
    nn::batch_norm2d(vs, channels, nn::BatchNormConfig::default())
}

#[derive(Initialize)]
struct Downsample {
    #[init(kaiming_normal, mode = "fan_out", nonlinearity = "relu")]
    conv: nn::Conv2D,
    bn: nn::BatchNorm,
}

#[derive(Initialize)]
struct BasicBlock {
    #[init(kaiming_normal, mode = "fan_out", nonlinearity = "relu")]
    conv1: nn::Conv2D,
    bn1: nn::BatchNorm,
    #[init(kaiming_normal, mode = "fan_out", nonlinearity = "relu")]
    conv2: nn::Conv2D,
    bn2: nn::BatchNorm,
    downsample: Option<Downsample>,
}

impl BasicBlock {
    fn new(vs: &nn::Path<'_>, inputs: i64, outputs: i64, stride: i64) -> Self {
        Self {
            conv1: conv(vs / "conv1", inputs, outputs, 3, stride, 1),
            bn1: norm(vs / "bn1", outputs),
            conv2: conv(vs / "conv2", outputs, outputs, 3, 1, 1),
            bn2: norm(vs / "bn2", outputs),
            downsample: (stride > 1).then(|| Downsample {
                conv: conv(vs / "downsample" / "conv", inputs, outputs, 1, stride, 0),
                bn: norm(vs / "downsample" / "bn", outputs),
            }),
        }
    }
}

#[derive(Initialize)]
struct ResNet18 {
    #[init(kaiming_normal, mode = "fan_out", nonlinearity = "relu")]
    conv1: nn::Conv2D,
    bn1: nn::BatchNorm,
    blocks: Vec<BasicBlock>,
    fc: nn::Linear,
}

impl ResNet18 {
    fn new(vs: &nn::Path<'_>) -> Self {
        let widths = [(64, 64, 1), (64, 128, 2), (128, 256, 2), (256, 512, 2)];
        let shapes = widths
            .into_iter()
            .flat_map(|(i, o, s)| [(i, o, s), (o, o, 1)]);
        Self {
            conv1: conv(vs / "conv1", 3, 64, 7, 2, 3),
            bn1: norm(vs / "bn1", 64),
            blocks: shapes
                .enumerate()
                .map(|(n, (i, o, s))| BasicBlock::new(&(vs / "blocks" / n), i, o, s))
                .collect(),
            fc: nn::linear(vs / "fc", 512, 10, nn::LinearConfig::default()),
        }
    }
}

const LAYERS: i64 = 12;
const WIDTH: i64 = 192;
const WORDS: i64 = 4096;
const POSITIONS: i64 = 64;

#[derive(Initialize)]
struct Attention {
    #[init(weight(normal, std = 0.02), bias(zeros))]
    c_attn: nn::Linear,
    #[init(weight(normal, std = 0.02), bias(zeros))]
    #[init(normal, std = 0.02 / (2.0 * LAYERS as f64).sqrt())]
    c_proj: nn::Linear,
}

#[derive(Initialize)]
struct Mlp {
    #[init(weight(normal, std = 0.02), bias(zeros))]
    c_fc: nn::Linear,
    #[init(weight(normal, std = 0.02), bias(zeros))]
    #[init(normal, std = 0.02 / (2.0 * LAYERS as f64).sqrt())]
    c_proj: nn::Linear,
}

#[derive(Initialize)]
struct Block {
    ln_1: nn::LayerNorm,
    attn: Attention,
    ln_2: nn::LayerNorm,
    mlp: Mlp,
}

impl Block {
    fn new(vs: &nn::Path<'_>) -> Self {
        let linear = |vs: nn::Path<'_>, inputs, outputs| {
            nn::linear(vs, inputs, outputs, nn::LinearConfig::default())
        };
        let norm =
            |vs: nn::Path<'_>| nn::layer_norm(vs, vec![WIDTH], nn::LayerNormConfig::default());
        Self {
            ln_1: norm(vs / "ln_1"),
            attn: Attention {
                c_attn: linear(vs / "c_attn", WIDTH, 3 * WIDTH),
                c_proj: linear(vs / "attn_proj", WIDTH, WIDTH),
            },
            ln_2: norm(vs / "ln_2"),
            mlp: Mlp {
                c_fc: linear(vs / "c_fc", WIDTH, 4 * WIDTH),
                c_proj: linear(vs / "mlp_proj", 4 * WIDTH, WIDTH),
            },
        }
    }
}

#[derive(Initialize)]
struct Gpt2 {
    #[init(normal, std = 0.02)]
    wte: nn::Embedding,
    #[init(normal, std = 0.02)]
    wpe: nn::Embedding,
    h: Vec<Block>,
    ln_f: nn::LayerNorm,
    #[init(normal, std = 0.02)]
    lm_head: nn::Linear,
}

impl Gpt2 {
    fn new(vs: &nn::Path<'_>) -> Self {
        let wte = nn::embedding(vs / "wte", WORDS, WIDTH, nn::EmbeddingConfig::default());
        let lm_head = nn::Linear {
            ws: wte.ws.shallow_clone(),
            bs: None,
        };
        Self {
            wte,
            wpe: nn::embedding(vs / "wpe", POSITIONS, WIDTH, nn::EmbeddingConfig::default()),
            h: (0..LAYERS).map(|n| Block::new(&(vs / n))).collect(),
            ln_f: nn::layer_norm(vs / "ln_f", vec![WIDTH], nn::LayerNormConfig::default()),
            lm_head,
        }
    }
}

#[derive(Initialize)]
struct Generator {
    #[init(normal, std = 0.02)]
    convs: Vec<nn::ConvTranspose2D>,
    #[init(weight(normal, mean = 1, std = 0.02), bias(zeros))]
    norms: Vec<nn::BatchNorm>,
    #[init(normal, std = 0.02)]
    last: nn::ConvTranspose2D,
}

impl Generator {
    fn new(vs: &nn::Path<'_>) -> Self {
        let conv = |vs: nn::Path<'_>, inputs, outputs, stride, padding| {
            let config = nn::ConvTransposeConfig {
                stride,
                padding,
                bias: false,
                ..Default::default()
            };
            nn::conv_transpose2d(vs, inputs, outputs, 4, config)
        };
        Self {
            convs: vec![
                conv(vs / "convs" / 0, 100, 256, 1, 0),
                conv(vs / "convs" / 1, 256, 128, 2, 1),
                conv(vs / "convs" / 2, 128, 64, 2, 1),
                conv(vs / "convs" / 3, 64, 32, 2, 1),
            ],
            norms: norms(vs, &[256, 128, 64, 32]),
            last: conv(vs / "last", 32, 3, 2, 1),
        }
    }
}

#[derive(Initialize)]
struct Discriminator {
    #[init(normal, std = 0.02)]
    first: nn::Conv2D,
    #[init(normal, std = 0.02)]
    convs: Vec<nn::Conv2D>,
    #[init(weight(normal, mean = 1, std = 0.02), bias(zeros))]
    norms: Vec<nn::BatchNorm>,
    #[init(normal, std = 0.02)]
    last: nn::Conv2D,
}

impl Discriminator {
    fn new(vs: &nn::Path<'_>) -> Self {
        Self {
            first: conv(vs / "first", 3, 32, 4, 2, 1),
            convs: vec![
                conv(vs / "convs" / 0, 32, 64, 4, 2, 1),
                conv(vs / "convs" / 1, 64, 128, 4, 2, 1),
                conv(vs / "convs" / 2, 128, 256, 4, 2, 1),
            ],
            norms: norms(vs, &[64, 128, 256]),
            last: conv(vs / "last", 256, 1, 4, 1, 0),
        }
    }
}

fn norms(vs: &nn::Path<'_>, channels: &[i64]) -> Vec<nn::BatchNorm> {
    let norms = channels.iter().enumerate();
    norms
        .map(|(n, &channels)| norm(vs / "norms" / n, channels))
        .collect()
}

#[derive(Initialize)]
struct Dcgan {
    generator: Generator,
    discriminator: Discriminator,
}

impl Dcgan {
    fn new(vs: &nn::Path<'_>) -> Self {
        Self {
            generator: Generator::new(&(vs / "generator")),
            discriminator: Discriminator::new(&(vs / "discriminator")),
        }
    }
}
