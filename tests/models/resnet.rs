//! ResNet-18 (He et al. 2016), by Goyal et al. (2017): He's scheme by fan_out, and γ = 0 in the last norm of each
//! block, so that a block begins as the identity.

use super::*;

#[derive(Initialize)]
struct ResNet18 {
    #[init(kaiming_normal, mode = "fan_out", nonlinearity = "relu")]
    conv1: nn::Conv2D,
    bn1: nn::BatchNorm,
    layer1: Vec<BasicBlock>,
    layer2: Vec<BasicBlock>,
    layer3: Vec<BasicBlock>,
    layer4: Vec<BasicBlock>,
    fc: nn::Linear,
}

#[derive(Initialize)]
struct BasicBlock {
    #[init(kaiming_normal, mode = "fan_out", nonlinearity = "relu")]
    conv1: nn::Conv2D,
    bn1: nn::BatchNorm,
    #[init(kaiming_normal, mode = "fan_out", nonlinearity = "relu")]
    conv2: nn::Conv2D,
    #[init(weight(zeros))]
    bn2: nn::BatchNorm,
    downsample: Option<Downsample>,
}

#[derive(Initialize)]
struct Downsample(
    #[init(kaiming_normal, mode = "fan_out", nonlinearity = "relu")] nn::Conv2D,
    nn::BatchNorm,
);

impl ResNet18 {
    fn new(path: &nn::Path<'_>) -> Self {
        let layer = |name: &str, inputs, outputs| {
            let path = path / name;
            vec![
                BasicBlock::new(&(&path / 0), inputs, outputs),
                BasicBlock::new(&(&path / 1), outputs, outputs),
            ]
        };
        Self {
            conv1: conv(&(path / "conv1"), 3, 64, 7),
            bn1: norm(&(path / "bn1"), 64),
            layer1: layer("layer1", 64, 64),
            layer2: layer("layer2", 64, 128),
            layer3: layer("layer3", 128, 256),
            layer4: layer("layer4", 256, 512),
            fc: nn::linear(path / "fc", 512, 10, nn::LinearConfig::default()),
        }
    }
}

impl BasicBlock {
    fn new(path: &nn::Path<'_>, inputs: i64, outputs: i64) -> Self {
        let downsample = || {
            let path = path / "downsample";
            Downsample(
                conv(&(&path / 0), inputs, outputs, 1),
                norm(&(&path / 1), outputs),
            )
        };
        Self {
            conv1: conv(&(path / "conv1"), inputs, outputs, 3),
            bn1: norm(&(path / "bn1"), outputs),
            conv2: conv(&(path / "conv2"), outputs, outputs, 3),
            bn2: norm(&(path / "bn2"), outputs),
            downsample: (inputs != outputs).then(downsample),
        }
    }
}

fn conv(path: &nn::Path<'_>, inputs: i64, outputs: i64, kernel: i64) -> nn::Conv2D {
    nn::conv2d(path, inputs, outputs, kernel, nn::no_bias())
}

fn norm(path: &nn::Path<'_>, channels: i64) -> nn::BatchNorm {
    nn::batch_norm2d(path, channels, nn::BatchNormConfig::default())
}

#[test]
fn resnet18() {
    check(ResNet18::new, include_str!("resnet18.txt"));
}
