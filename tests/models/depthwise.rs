//! A depthwise-separable network (Howard et al. 2017): the fans of a grouped convolution are those of one group, which
//! PyTorch's number ignores.

use super::*;

#[derive(Initialize)]
struct MobileNet {
    #[init(kaiming_normal, mode = "fan_out", nonlinearity = "relu")]
    stem: nn::Conv2D,
    blocks: [Separable; 2],
    #[init(weight(normal, std = 0.01), bias(zeros))]
    classifier: nn::Linear,
}

#[derive(Initialize)]
struct Separable {
    #[init(kaiming_normal, mode = "fan_out", nonlinearity = "relu", groups = self.channels)]
    depthwise: nn::Conv2D,
    bn1: nn::BatchNorm,
    #[init(kaiming_normal, mode = "fan_out", nonlinearity = "relu")]
    pointwise: nn::Conv2D,
    bn2: nn::BatchNorm,
    channels: i64,
}

impl MobileNet {
    fn new(path: &nn::Path<'_>) -> Self {
        Self {
            stem: nn::conv2d(path / "stem", 3, 8, 3, nn::no_bias()),
            blocks: [(8, 16), (16, 32)].map(|(channels, outputs)| {
                Separable::new(&(path / "blocks" / channels), channels, outputs)
            }),
            classifier: nn::linear(path / "classifier", 32, 10, nn::LinearConfig::default()),
        }
    }
}

impl Separable {
    fn new(path: &nn::Path<'_>, channels: i64, outputs: i64) -> Self {
        let grouped = nn::ConvConfig {
            groups: channels,
            ..nn::no_bias()
        };
        let norm = |name: &str, channels| {
            nn::batch_norm2d(path / name, channels, nn::BatchNormConfig::default())
        };
        Self {
            depthwise: nn::conv2d(path / "depthwise", channels, channels, 3, grouped),
            bn1: norm("bn1", channels),
            pointwise: nn::conv2d(path / "pointwise", channels, outputs, 1, nn::no_bias()),
            bn2: norm("bn2", outputs),
            channels,
        }
    }
}

#[test]
fn depthwise_separable() {
    check(
        MobileNet::new,
        r#"
        stem.weight [8, 3, 3, 3] kaiming_normal(mode = "fan_out", nonlinearity = "relu"): N(0, 0.1667²)
        blocks.0.depthwise.weight [8, 1, 3, 3] kaiming_normal(mode = "fan_out", nonlinearity = "relu"): N(0, 0.4714²)
        blocks.0.bn1.weight [8] ones: constant 1
        blocks.0.bn1.bias [8] zeros: constant 0
        blocks.0.bn1.running_mean [8] zeros: constant 0
        blocks.0.bn1.running_var [8] ones: constant 1
        blocks.0.pointwise.weight [16, 8, 1, 1] kaiming_normal(mode = "fan_out", nonlinearity = "relu"): N(0, 0.3536²)
        blocks.0.bn2.weight [16] ones: constant 1
        blocks.0.bn2.bias [16] zeros: constant 0
        blocks.0.bn2.running_mean [16] zeros: constant 0
        blocks.0.bn2.running_var [16] ones: constant 1
        blocks.1.depthwise.weight [16, 1, 3, 3] kaiming_normal(mode = "fan_out", nonlinearity = "relu"): N(0, 0.4714²)
        blocks.1.bn1.weight [16] ones: constant 1
        blocks.1.bn1.bias [16] zeros: constant 0
        blocks.1.bn1.running_mean [16] zeros: constant 0
        blocks.1.bn1.running_var [16] ones: constant 1
        blocks.1.pointwise.weight [32, 16, 1, 1] kaiming_normal(mode = "fan_out", nonlinearity = "relu"): N(0, 0.25²)
        blocks.1.bn2.weight [32] ones: constant 1
        blocks.1.bn2.bias [32] zeros: constant 0
        blocks.1.bn2.running_mean [32] zeros: constant 0
        blocks.1.bn2.running_var [32] ones: constant 1
        classifier.weight [10, 32] normal(std = 0.01): N(0, 0.01²)
        classifier.bias [10] zeros: constant 0
        "#,
    );
}
