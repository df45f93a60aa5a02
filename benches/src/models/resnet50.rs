//! ResNet-50, initialised as torchvision does: He by fan_out for convolutions, PyTorch's defaults for the rest.

use nninit::Initialize;
use tch::nn;

use super::layers::Layers;

#[derive(Debug, Initialize)]
pub(super) struct ResNet50 {
    stem: Unit,
    stages: Vec<Vec<Bottleneck>>,
    classes: nn::Linear,
}

#[derive(Debug, Initialize)]
struct Bottleneck {
    narrow: Unit,
    spatial: Unit,
    wide: Unit,
    shortcut: Option<Unit>,
}

/// A convolution and its norm.
#[derive(Debug, Initialize)]
struct Unit {
    #[init(kaiming_normal, mode = "fan_out", nonlinearity = "relu")]
    conv: nn::Conv2D,
    norm: nn::BatchNorm,
}

impl ResNet50 {
    pub(super) fn new(path: &nn::Path<'_>, layers: Layers) -> Self {
        let mut inputs = 64;
        let stages = [(64, 3), (128, 4), (256, 6), (512, 3)];
        let stage = |(stage, (width, blocks)): (usize, (i64, usize))| {
            let path = path / "stages" / stage;
            (0..blocks)
                .map(|block| {
                    let made = Bottleneck::new(&(&path / block), inputs, width, layers);
                    inputs = 4 * width;
                    made
                })
                .collect()
        };
        Self {
            stem: Unit::new(&(path / "stem"), 3, 64, 7, layers),
            stages: stages.into_iter().enumerate().map(stage).collect(),
            classes: nn::linear(path / "classes", 2048, 1000, layers.linear()),
        }
    }
}

impl Bottleneck {
    fn new(path: &nn::Path<'_>, inputs: i64, width: i64, layers: Layers) -> Self {
        let outputs = 4 * width;
        Self {
            narrow: Unit::new(&(path / "narrow"), inputs, width, 1, layers),
            spatial: Unit::new(&(path / "spatial"), width, width, 3, layers),
            wide: Unit::new(&(path / "wide"), width, outputs, 1, layers),
            shortcut: (inputs != outputs)
                .then(|| Unit::new(&(path / "shortcut"), inputs, outputs, 1, layers)),
        }
    }
}

impl Unit {
    fn new(path: &nn::Path<'_>, inputs: i64, outputs: i64, kernel: i64, layers: Layers) -> Self {
        let without_bias = nn::ConvConfig {
            bias: false,
            ..layers.conv()
        };
        Self {
            conv: nn::conv2d(path / "conv", inputs, outputs, kernel, without_bias),
            norm: nn::batch_norm2d(path / "norm", outputs, layers.batch_norm()),
        }
    }
}
