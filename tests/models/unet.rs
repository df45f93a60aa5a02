//! A U-Net (Ronneberger et al. 2015) with transposed convolutions, whose fans are the other way round, which PyTorch's
//! numbers ignore.

use super::*;

#[derive(Initialize)]
struct UNet {
    down: Vec<DoubleConv>,
    bottom: DoubleConv,
    up: Vec<Up>,
    #[init(weight(xavier_uniform), bias(zeros))]
    out: nn::Conv2D,
}

#[derive(Initialize)]
struct DoubleConv {
    #[init(weight(kaiming_normal, nonlinearity = "relu"), bias(zeros))]
    first: nn::Conv2D,
    #[init(weight(kaiming_normal, nonlinearity = "relu"), bias(zeros))]
    second: nn::Conv2D,
}

#[derive(Initialize)]
struct Up {
    #[init(
        weight(kaiming_normal, nonlinearity = "linear", transposed),
        bias(zeros)
    )]
    upsample: nn::ConvTranspose2D,
    conv: DoubleConv,
}

impl UNet {
    fn new(path: &nn::Path<'_>) -> Self {
        Self {
            down: vec![
                DoubleConv::new(&(path / "down" / 0), 1, 8),
                DoubleConv::new(&(path / "down" / 1), 8, 16),
            ],
            bottom: DoubleConv::new(&(path / "bottom"), 16, 32),
            up: vec![
                Up::new(&(path / "up" / 0), 32, 16),
                Up::new(&(path / "up" / 1), 16, 8),
            ],
            out: nn::conv2d(path / "out", 8, 2, 1, nn::ConvConfig::default()),
        }
    }
}

impl DoubleConv {
    fn new(path: &nn::Path<'_>, inputs: i64, outputs: i64) -> Self {
        let conv = |name: &str, inputs| {
            nn::conv2d(path / name, inputs, outputs, 3, nn::ConvConfig::default())
        };
        Self {
            first: conv("first", inputs),
            second: conv("second", outputs),
        }
    }
}

impl Up {
    fn new(path: &nn::Path<'_>, inputs: i64, outputs: i64) -> Self {
        let config = nn::ConvTransposeConfig {
            stride: 2,
            ..Default::default()
        };
        Self {
            upsample: nn::conv_transpose2d(path / "upsample", inputs, outputs, 2, config),
            conv: DoubleConv::new(&(path / "conv"), inputs, outputs),
        }
    }
}

#[test]
fn u_net() {
    check(
        UNet::new,
        r#"
        down.0.first.weight [8, 1, 3, 3] kaiming_normal(nonlinearity = "relu"): N(0, 0.4714²)
        down.0.first.bias [8] zeros: constant 0
        down.0.second.weight [8, 8, 3, 3] kaiming_normal(nonlinearity = "relu"): N(0, 0.1667²)
        down.0.second.bias [8] zeros: constant 0
        down.1.first.weight [16, 8, 3, 3] kaiming_normal(nonlinearity = "relu"): N(0, 0.1667²)
        down.1.first.bias [16] zeros: constant 0
        down.1.second.weight [16, 16, 3, 3] kaiming_normal(nonlinearity = "relu"): N(0, 0.1179²)
        down.1.second.bias [16] zeros: constant 0
        bottom.first.weight [32, 16, 3, 3] kaiming_normal(nonlinearity = "relu"): N(0, 0.1179²)
        bottom.first.bias [32] zeros: constant 0
        bottom.second.weight [32, 32, 3, 3] kaiming_normal(nonlinearity = "relu"): N(0, 0.08333²)
        bottom.second.bias [32] zeros: constant 0
        up.0.upsample.weight [32, 16, 2, 2] kaiming_normal(nonlinearity = "linear"): N(0, 0.08839²)
        up.0.upsample.bias [16] zeros: constant 0
        up.0.conv.first.weight [16, 32, 3, 3] kaiming_normal(nonlinearity = "relu"): N(0, 0.08333²)
        up.0.conv.first.bias [16] zeros: constant 0
        up.0.conv.second.weight [16, 16, 3, 3] kaiming_normal(nonlinearity = "relu"): N(0, 0.1179²)
        up.0.conv.second.bias [16] zeros: constant 0
        up.1.upsample.weight [16, 8, 2, 2] kaiming_normal(nonlinearity = "linear"): N(0, 0.125²)
        up.1.upsample.bias [8] zeros: constant 0
        up.1.conv.first.weight [8, 16, 3, 3] kaiming_normal(nonlinearity = "relu"): N(0, 0.1179²)
        up.1.conv.first.bias [8] zeros: constant 0
        up.1.conv.second.weight [8, 8, 3, 3] kaiming_normal(nonlinearity = "relu"): N(0, 0.1667²)
        up.1.conv.second.bias [8] zeros: constant 0
        out.weight [2, 8, 1, 1] xavier_uniform: U(-0.7746, 0.7746)
        out.bias [2] zeros: constant 0
        "#,
    );
}
