//! GPT-2 (Radford et al. 2019): N(0, 0.02²), what is added to the residual stream scaled by 1/√(2 · layers), q, k and v
//! in one weight, and the head tied to the tokens.

use super::*;

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

#[derive(Initialize)]
struct Block {
    ln_1: nn::LayerNorm,
    attn: Attention,
    ln_2: nn::LayerNorm,
    mlp: Mlp,
}

#[derive(Initialize)]
struct Attention {
    #[init(weight(normal, std = 0.02, chunks = 3), bias(zeros))]
    c_attn: nn::Linear,
    #[init(weight(normal, std = 0.02, scale = residual(self.layers)), bias(zeros))]
    c_proj: nn::Linear,
    layers: usize,
}

#[derive(Initialize)]
struct Mlp {
    #[init(weight(normal, std = 0.02), bias(zeros))]
    c_fc: nn::Linear,
    #[init(weight(normal, std = 0.02, scale = residual(self.layers)), bias(zeros))]
    c_proj: nn::Linear,
    layers: usize,
}

/// The share of one of the `2 · layers` terms of a sum, so that the sum's variance is that of one.
fn residual(layers: usize) -> f64 {
    1.0 / (2.0 * layers as f64).sqrt()
}

impl Gpt2 {
    fn new(path: &nn::Path<'_>, width: i64, layers: usize) -> Self {
        let embedding = |name: &str, rows| {
            nn::embedding(path / name, rows, width, nn::EmbeddingConfig::default())
        };
        let block = |layer: usize| Block::new(&(path / "h" / layer), width, layers);
        let wte = embedding("wte", 257);
        let lm_head = nn::Linear {
            ws: wte.ws.shallow_clone(),
            bs: None,
        };
        Self {
            wte,
            wpe: embedding("wpe", 16),
            h: (0..layers).map(block).collect(),
            ln_f: norm(&(path / "ln_f"), width),
            lm_head,
        }
    }
}

impl Block {
    fn new(path: &nn::Path<'_>, width: i64, layers: usize) -> Self {
        let linear = |name: &str, inputs, outputs| {
            nn::linear(path / name, inputs, outputs, nn::LinearConfig::default())
        };
        Self {
            ln_1: norm(&(path / "ln_1"), width),
            attn: Attention {
                c_attn: linear("attn_c_attn", width, 3 * width),
                c_proj: linear("attn_c_proj", width, width),
                layers,
            },
            ln_2: norm(&(path / "ln_2"), width),
            mlp: Mlp {
                c_fc: linear("mlp_c_fc", width, 4 * width),
                c_proj: linear("mlp_c_proj", 4 * width, width),
                layers,
            },
        }
    }
}

fn norm(path: &nn::Path<'_>, width: i64) -> nn::LayerNorm {
    nn::layer_norm(path, vec![width], nn::LayerNormConfig::default())
}

#[test]
fn gpt2() {
    check(
        |path| Gpt2::new(path, 48, 2),
        "
        wte.weight [257, 48] normal(std = 0.02): tied to lm_head.weight
        wpe.weight [16, 48] normal(std = 0.02): N(0, 0.02²)
        h.0.ln_1.weight [48] ones: constant 1
        h.0.ln_1.bias [48] zeros: constant 0
        h.0.attn.c_attn.weight [144, 48] normal(std = 0.02), chunks = 3: N(0, 0.02²)
        h.0.attn.c_attn.bias [144] zeros: constant 0
        h.0.attn.c_proj.weight [48, 48] normal(std = 0.02): N(0, 0.01²)
        h.0.attn.c_proj.bias [48] zeros: constant 0
        h.0.ln_2.weight [48] ones: constant 1
        h.0.ln_2.bias [48] zeros: constant 0
        h.0.mlp.c_fc.weight [192, 48] normal(std = 0.02): N(0, 0.02²)
        h.0.mlp.c_fc.bias [192] zeros: constant 0
        h.0.mlp.c_proj.weight [48, 192] normal(std = 0.02): N(0, 0.01²)
        h.0.mlp.c_proj.bias [48] zeros: constant 0
        h.1.ln_1.weight [48] ones: constant 1
        h.1.ln_1.bias [48] zeros: constant 0
        h.1.attn.c_attn.weight [144, 48] normal(std = 0.02), chunks = 3: N(0, 0.02²)
        h.1.attn.c_attn.bias [144] zeros: constant 0
        h.1.attn.c_proj.weight [48, 48] normal(std = 0.02): N(0, 0.01²)
        h.1.attn.c_proj.bias [48] zeros: constant 0
        h.1.ln_2.weight [48] ones: constant 1
        h.1.ln_2.bias [48] zeros: constant 0
        h.1.mlp.c_fc.weight [192, 48] normal(std = 0.02): N(0, 0.02²)
        h.1.mlp.c_fc.bias [192] zeros: constant 0
        h.1.mlp.c_proj.weight [48, 192] normal(std = 0.02): N(0, 0.01²)
        h.1.mlp.c_proj.bias [48] zeros: constant 0
        ln_f.weight [48] ones: constant 1
        ln_f.bias [48] zeros: constant 0
        lm_head.weight [257, 48] normal(std = 0.02): N(0, 0.02²)
        ",
    );
}

/// The scale follows the field: 12 layers give 0.02/√24.
#[test]
fn the_residual_scale_is_read_from_the_model() {
    let vs = nn::VarStore::new(Device::Cpu);
    let model = Gpt2::new(&vs.root(), 8, 12);
    let plan = model.plan().unwrap();
    let laws: Vec<String> = plan
        .entries()
        .iter()
        .filter(|entry| entry.path().ends_with("c_proj.weight"))
        .map(|entry| entry.steps()[0].law().unwrap().to_string())
        .collect();
    assert_eq!(laws, vec!["N(0, 0.004082²)"; 24]);
}
