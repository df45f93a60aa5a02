//! DCGAN (Radford et al. 2016): N(0, 0.02²) for convolutions, N(1, 0.02²) and 0 for norms, in a generator and a
//! discriminator.

use super::*;

#[derive(Initialize)]
struct Dcgan {
    generator: Generator,
    discriminator: Discriminator,
}

#[derive(Initialize)]
struct Generator {
    #[init(normal, std = 0.02)]
    project: nn::ConvTranspose2D,
    #[init(weight(normal, mean = 1, std = 0.02), bias(zeros))]
    norm: nn::BatchNorm,
    #[init(normal, std = 0.02)]
    upsample: nn::ConvTranspose2D,
}

#[derive(Initialize)]
struct Discriminator {
    #[init(normal, std = 0.02)]
    downsample: nn::Conv2D,
    #[init(weight(normal, mean = 1, std = 0.02), bias(zeros))]
    norm: nn::BatchNorm,
    #[init(normal, std = 0.02)]
    judge: nn::Conv2D,
}

impl Dcgan {
    fn new(path: &nn::Path<'_>) -> Self {
        let up = |name: &str, inputs, outputs| {
            let config = nn::ConvTransposeConfig {
                stride: 2,
                bias: false,
                ..Default::default()
            };
            nn::conv_transpose2d(path / "generator" / name, inputs, outputs, 4, config)
        };
        let down = |name: &str, inputs, outputs| {
            let config = nn::ConvConfig {
                stride: 2,
                ..nn::no_bias()
            };
            nn::conv2d(path / "discriminator" / name, inputs, outputs, 4, config)
        };
        let norm =
            |of: &str| nn::batch_norm2d(path / of / "norm", 16, nn::BatchNormConfig::default());
        Self {
            generator: Generator {
                project: up("project", 100, 16),
                norm: norm("generator"),
                upsample: up("upsample", 16, 3),
            },
            discriminator: Discriminator {
                downsample: down("downsample", 3, 16),
                norm: norm("discriminator"),
                judge: down("judge", 16, 1),
            },
        }
    }
}

#[test]
fn dcgan() {
    check(
        Dcgan::new,
        "
        generator.project.weight [100, 16, 4, 4] normal(std = 0.02): N(0, 0.02²)
        generator.norm.weight [16] normal(mean = 1, std = 0.02): N(1, 0.02²)
        generator.norm.bias [16] zeros: constant 0
        generator.norm.running_mean [16] zeros: constant 0
        generator.norm.running_var [16] ones: constant 1
        generator.upsample.weight [16, 3, 4, 4] normal(std = 0.02): N(0, 0.02²)
        discriminator.downsample.weight [16, 3, 4, 4] normal(std = 0.02): N(0, 0.02²)
        discriminator.norm.weight [16] normal(mean = 1, std = 0.02): N(1, 0.02²)
        discriminator.norm.bias [16] zeros: constant 0
        discriminator.norm.running_mean [16] zeros: constant 0
        discriminator.norm.running_var [16] ones: constant 1
        discriminator.judge.weight [1, 16, 4, 4] normal(std = 0.02): N(0, 0.02²)
        ",
    );
}
