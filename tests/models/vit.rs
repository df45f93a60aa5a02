//! A pre-norm Vision Transformer (Dosovitskiy et al. 2021): truncated normals of 0.02, a class token and positions, the
//! head at zero.

use super::*;

#[derive(Initialize)]
struct VisionTransformer {
    #[init(trunc_normal, std = 0.02)]
    class_token: Tensor,
    #[init(trunc_normal, std = 0.02)]
    positions: Tensor,
    #[init(weight(trunc_normal, std = 0.02, a = -0.04, b = 0.04), bias(zeros))]
    patches: nn::Conv2D,
    blocks: Vec<Block>,
    norm: nn::LayerNorm,
    #[init(weight(zeros), bias(zeros))]
    head: nn::Linear,
}

#[derive(Initialize)]
struct Block {
    norm1: nn::LayerNorm,
    #[init(weight(trunc_normal, std = 0.02), bias(zeros))]
    qkv: nn::Linear,
    #[init(weight(trunc_normal, std = 0.02), bias(zeros))]
    proj: nn::Linear,
    norm2: nn::LayerNorm,
    #[init(
        fc1(weight(trunc_normal, std = 0.02)),
        fc2(weight(trunc_normal, std = 0.02))
    )]
    mlp: Mlp,
}

#[derive(Initialize)]
struct Mlp {
    #[init(bias(normal, std = 1e-6))]
    fc1: nn::Linear,
    #[init(bias(normal, std = 1e-6))]
    fc2: nn::Linear,
}

impl VisionTransformer {
    fn new(path: &nn::Path<'_>, width: i64, depth: i64) -> Self {
        let patch = nn::ConvConfig {
            stride: 4,
            ..Default::default()
        };
        Self {
            class_token: path.zeros("class_token", &[1, 1, width]),
            positions: path.zeros("positions", &[1, 17, width]),
            patches: nn::conv2d(path / "patches", 3, width, 4, patch),
            blocks: (0..depth)
                .map(|block| Block::new(&(path / "blocks" / block), width))
                .collect(),
            norm: norm(&(path / "norm"), width),
            head: linear(&(path / "head"), width, 10),
        }
    }
}

impl Block {
    fn new(path: &nn::Path<'_>, width: i64) -> Self {
        Self {
            norm1: norm(&(path / "norm1"), width),
            qkv: linear(&(path / "qkv"), width, 3 * width),
            proj: linear(&(path / "proj"), width, width),
            norm2: norm(&(path / "norm2"), width),
            mlp: Mlp {
                fc1: linear(&(path / "fc1"), width, 4 * width),
                fc2: linear(&(path / "fc2"), 4 * width, width),
            },
        }
    }
}

fn linear(path: &nn::Path<'_>, inputs: i64, outputs: i64) -> nn::Linear {
    nn::linear(path, inputs, outputs, nn::LinearConfig::default())
}

fn norm(path: &nn::Path<'_>, width: i64) -> nn::LayerNorm {
    nn::layer_norm(path, vec![width], nn::LayerNormConfig::default())
}

#[test]
fn vision_transformer() {
    check(
        |path| VisionTransformer::new(path, 32, 2),
        "
        class_token [1, 1, 32] trunc_normal(std = 0.02): N(0, 0.02²) on [-2, 2]
        positions [1, 17, 32] trunc_normal(std = 0.02): N(0, 0.02²) on [-2, 2]
        patches.weight [32, 3, 4, 4] trunc_normal(std = 0.02, a = -0.04, b = 0.04): N(0, 0.02²) on [-0.04, 0.04]
        patches.bias [32] zeros: constant 0
        blocks.0.norm1.weight [32] ones: constant 1
        blocks.0.norm1.bias [32] zeros: constant 0
        blocks.0.qkv.weight [96, 32] trunc_normal(std = 0.02): N(0, 0.02²) on [-2, 2]
        blocks.0.qkv.bias [96] zeros: constant 0
        blocks.0.proj.weight [32, 32] trunc_normal(std = 0.02): N(0, 0.02²) on [-2, 2]
        blocks.0.proj.bias [32] zeros: constant 0
        blocks.0.norm2.weight [32] ones: constant 1
        blocks.0.norm2.bias [32] zeros: constant 0
        blocks.0.mlp.fc1.weight [128, 32] trunc_normal(std = 0.02): N(0, 0.02²) on [-2, 2]
        blocks.0.mlp.fc1.bias [128] normal(std = 1e-6): N(0, 1e-6²)
        blocks.0.mlp.fc2.weight [32, 128] trunc_normal(std = 0.02): N(0, 0.02²) on [-2, 2]
        blocks.0.mlp.fc2.bias [32] normal(std = 1e-6): N(0, 1e-6²)
        blocks.1.norm1.weight [32] ones: constant 1
        blocks.1.norm1.bias [32] zeros: constant 0
        blocks.1.qkv.weight [96, 32] trunc_normal(std = 0.02): N(0, 0.02²) on [-2, 2]
        blocks.1.qkv.bias [96] zeros: constant 0
        blocks.1.proj.weight [32, 32] trunc_normal(std = 0.02): N(0, 0.02²) on [-2, 2]
        blocks.1.proj.bias [32] zeros: constant 0
        blocks.1.norm2.weight [32] ones: constant 1
        blocks.1.norm2.bias [32] zeros: constant 0
        blocks.1.mlp.fc1.weight [128, 32] trunc_normal(std = 0.02): N(0, 0.02²) on [-2, 2]
        blocks.1.mlp.fc1.bias [128] normal(std = 1e-6): N(0, 1e-6²)
        blocks.1.mlp.fc2.weight [32, 128] trunc_normal(std = 0.02): N(0, 0.02²) on [-2, 2]
        blocks.1.mlp.fc2.bias [32] normal(std = 1e-6): N(0, 1e-6²)
        norm.weight [32] ones: constant 1
        norm.bias [32] zeros: constant 0
        head.weight [10, 32] zeros: constant 0
        head.bias [10] zeros: constant 0
        ",
    );
}
