//! Files that torchvision, timm and transformers write, taken by models of tch's.

use std::collections::HashMap;
use std::path::Path;

use nninit::{Dtype, Initialize, Plan, StoredTensor, Weights, adapt, blank, rules};
use nninit_tests::bits::assert_same;
use nninit_tests::sources::{Seed, rng};
use nninit_tests::stores::store;
use tch::{Device, Kind, Tensor, nn};

use crate::folder;

const FLOAT: (Kind, Device) = (Kind::Float, Device::Cpu);

fn zeros(shape: &[i64]) -> Tensor {
    Tensor::zeros(shape, FLOAT)
}

fn linear(inputs: i64, outputs: i64) -> nn::Linear {
    nn::linear(store().root(), inputs, outputs, blank::linear())
}

fn norm(width: i64) -> nn::LayerNorm {
    nn::layer_norm(store().root(), vec![width], nn::LayerNormConfig::default())
}

fn stored(file: &Path) -> HashMap<String, Tensor> {
    Tensor::read_safetensors(file)
        .unwrap()
        .into_iter()
        .collect()
}

/// What is taken is what the file has, and all else is what the whole plan gives.
fn assert_taken(
    plan: &Plan,
    taken: &Plan,
    stored: &HashMap<String, Tensor>,
    name: impl Fn(&str) -> String,
) {
    plan.execute(&mut Seed(7)).unwrap();
    let tensors = |plan: &Plan| -> Vec<Tensor> {
        plan.entries()
            .iter()
            .map(|entry| entry.tensor().copy())
            .collect()
    };
    let whole = tensors(plan);
    taken.execute(&mut Seed(7)).unwrap().verify().unwrap();
    for ((entry, ours), whole) in taken.entries().iter().zip(tensors(taken)).zip(whole) {
        let is_taken = entry.steps()[0].scheme().starts_with("from ");
        let due = if is_taken {
            &stored[&name(entry.path())]
        } else {
            &whole
        };
        assert_same(&ours, due);
    }
}

/// Layers that the builder makes, in a store: names are torchvision's, and kinds those of the file.
#[test]
fn a_resnet_of_closures_takes_all_but_the_head() {
    let Some(folder) = folder() else { return };
    let file = folder.join("resnet18.safetensors");
    let vs = store();
    let conv = |p: nn::Path<'_>, inputs, outputs, size, stride| {
        let config = nn::ConvConfig {
            stride,
            padding: size / 2,
            bias: false,
            ..blank::conv()
        };
        nn::conv2d(p, inputs, outputs, size, config)
    };
    let bn = |p: nn::Path<'_>, width| nn::batch_norm2d(p, width, nn::BatchNormConfig::default());
    let root = vs.root();
    let mut net = nn::seq_t()
        .add(conv(&root / "conv1", 3, 64, 7, 2))
        .add(bn(&root / "bn1", 64))
        .add_fn(Tensor::relu);
    for (layer, inputs, outputs) in [(1, 64, 64), (2, 64, 128), (3, 128, 256), (4, 256, 512)] {
        for block in 0..2 {
            let p = &root / format!("layer{layer}") / block;
            let (inputs, stride) = if block == 0 {
                (inputs, 1 + i64::from(layer > 1))
            } else {
                (outputs, 1)
            };
            let first = nn::seq_t()
                .add(conv(&p / "conv1", inputs, outputs, 3, stride))
                .add(bn(&p / "bn1", outputs));
            let second = nn::seq_t()
                .add(conv(&p / "conv2", outputs, outputs, 3, 1))
                .add(bn(&p / "bn2", outputs));
            let down = (stride > 1).then(|| {
                let p = p / "downsample";
                nn::seq_t()
                    .add(conv(&p / 0, inputs, outputs, 1, stride))
                    .add(bn(&p / 1, outputs))
            });
            net = net.add_fn_t(move |xs, train| {
                let around = down
                    .as_ref()
                    .map_or(xs.shallow_clone(), |down| xs.apply_t(down, train));
                (xs.apply_t(&first, train).relu().apply_t(&second, train) + around).relu()
            });
        }
    }
    let net = net
        .add_fn(|xs| xs.adaptive_avg_pool2d([1, 1]).flat_view())
        .add(nn::linear(&root / "fc", 512, 10, blank::linear()));
    let rules = rules! {
        "**.running_var" => ones,
        "**.{bias,running_mean}" => zeros,
        "**" if ndim >= 2 => kaiming_normal(mode = "fan_out", nonlinearity = "relu"),
        "**.weight" => ones,
    };
    let weights = Weights::open(&file).unwrap().without("fc.*").unwrap();
    let plan = rules.plan(&vs).unwrap();
    let taken = plan.take(&weights).unwrap();
    assert_eq!(weights.missing(&taken), ["fc.bias", "fc.weight"]);
    let unused = weights.unused(&taken);
    assert_eq!(unused.len(), 20, "{unused:?}");
    assert!(
        unused
            .iter()
            .all(|of| of.name().ends_with(".num_batches_tracked"))
    );
    assert_taken(&plan, &taken, &stored(&file), str::to_owned);
    let images = Tensor::ones([2, 3, 32, 32], FLOAT);
    let logits = tch::no_grad(|| images.apply_t(&net, false));
    assert!(logits.isfinite().all().int64_value(&[]) == 1);
}

#[derive(Initialize)]
struct Attention {
    #[init(xavier_uniform, chunks = 3)]
    qkv: nn::Linear,
    #[init(xavier_uniform)]
    proj: nn::Linear,
}

#[derive(Initialize)]
struct Mlp {
    fc1: nn::Linear,
    fc2: nn::Linear,
}

#[derive(Initialize)]
struct Block {
    norm1: nn::LayerNorm,
    attn: Attention,
    norm2: nn::LayerNorm,
    mlp: Mlp,
}

#[derive(Initialize)]
struct Patches {
    proj: nn::Conv2D,
}

/// timm's, at 32 pixels where the file is of 16, for 5 classes where that has 7.
#[derive(Initialize)]
struct VisionTransformer {
    #[init(normal, std = 1e-6)]
    cls_token: Tensor,
    #[init(copy = adapt::positions(&self.weights.read("pos_embed")?, 1, [4, 4], [8, 8])?)]
    pos_embed: Tensor,
    patch_embed: Patches,
    blocks: Vec<Block>,
    norm: nn::LayerNorm,
    #[init(weight(zeros), bias(zeros))]
    head: nn::Linear,
    weights: Weights,
}

#[test]
fn a_vision_transformer_starts_at_another_resolution() {
    let Some(folder) = folder() else { return };
    let file = folder.join("vit.safetensors");
    let weights = Weights::open(&file).unwrap();
    let block = |_| Block {
        norm1: norm(24),
        attn: Attention {
            qkv: linear(24, 72),
            proj: linear(24, 24),
        },
        norm2: norm(24),
        mlp: Mlp {
            fc1: linear(24, 96),
            fc2: linear(96, 24),
        },
    };
    let config = nn::ConvConfig {
        stride: 4,
        ..blank::conv()
    };
    let model = VisionTransformer {
        cls_token: zeros(&[1, 1, 24]),
        pos_embed: zeros(&[1, 65, 24]),
        patch_embed: Patches {
            proj: nn::conv2d(store().root(), 3, 24, 4, config),
        },
        blocks: (0..2).map(block).collect(),
        norm: norm(24),
        head: linear(24, 5),
        weights: weights.clone(),
    };
    let plan = model.plan().unwrap();
    let weights = weights.without(["head.*", "pos_embed"]).unwrap();
    let taken = plan.take(&weights).unwrap();
    assert!(weights.unused(&taken).is_empty());
    assert_eq!(
        weights.missing(&taken),
        ["pos_embed", "head.weight", "head.bias"]
    );
    let stored = stored(&file);
    assert_taken(&plan, &taken, &stored, str::to_owned);
    let laid = adapt::positions(&stored["pos_embed"], 1, [4, 4], [8, 8]).unwrap();
    assert_same(&model.pos_embed, &laid);
}

#[derive(Initialize)]
struct Projections {
    #[init(normal, std = 0.02)]
    weight: Tensor,
    #[init(zeros)]
    bias: Tensor,
}

#[derive(Initialize)]
struct CausalAttention {
    c_attn: Projections,
    c_proj: Projections,
}

#[derive(Initialize)]
struct FeedForward {
    c_fc: Projections,
    c_proj: Projections,
}

#[derive(Initialize)]
struct Layer {
    ln_1: nn::LayerNorm,
    attn: CausalAttention,
    ln_2: nn::LayerNorm,
    mlp: FeedForward,
}

/// Hugging Face's, whose projections are `[inputs, outputs]`, with ten tokens more than the file has.
#[derive(Initialize)]
struct Gpt2 {
    #[init(copy = adapt::vocabulary(&self.weights.read("transformer.wte.weight")?, 60, &mut rng(1))?)]
    wte: nn::Embedding,
    #[init(normal, std = 0.02)]
    wpe: nn::Embedding,
    h: Vec<Layer>,
    ln_f: nn::LayerNorm,
    weights: Weights,
}

#[test]
fn gpt2_s_shards_are_taken_and_its_vocabulary_grows() {
    let Some(folder) = folder() else { return };
    let folder = folder.join("gpt2");
    let weights = Weights::open(folder.join("model.safetensors.index.json")).unwrap();
    let files: std::collections::BTreeSet<&Path> =
        weights.tensors().iter().map(StoredTensor::file).collect();
    assert!(files.len() > 2, "{files:?}");
    let projections = |inputs, outputs| Projections {
        weight: zeros(&[inputs, outputs]),
        bias: zeros(&[outputs]),
    };
    let layer = |_| Layer {
        ln_1: norm(24),
        attn: CausalAttention {
            c_attn: projections(24, 72),
            c_proj: projections(24, 24),
        },
        ln_2: norm(24),
        mlp: FeedForward {
            c_fc: projections(24, 96),
            c_proj: projections(96, 24),
        },
    };
    let embedding = |rows| nn::embedding(store().root(), rows, 24, nn::EmbeddingConfig::default());
    let model = Gpt2 {
        wte: embedding(60),
        wpe: embedding(12),
        h: (0..3).map(layer).collect(),
        ln_f: norm(24),
        weights: weights.clone(),
    };
    let plan = model.plan().unwrap();
    let rest = weights
        .without("transformer.wte.weight")
        .unwrap()
        .prefix("transformer.");
    let taken = plan.take(&rest).unwrap();
    assert_eq!(rest.missing(&taken), ["wte.weight"]);
    assert!(rest.unused(&taken).is_empty());
    let stored = files.into_iter().flat_map(stored).collect();
    assert_taken(&plan, &taken, &stored, |path| format!("transformer.{path}"));
    assert_same(
        &model.wte.ws.narrow(0, 0, 50),
        &stored["transformer.wte.weight"],
    );
}

/// Pickles hold the same: an archive, a stream as before PyTorch 1.6, a whole module, a checkpoint with an optimizer,
/// and views of one storage.
#[test]
fn what_torch_saves_is_read_as_the_same() {
    let Some(folder) = folder() else { return };
    let open = |name: &str| Weights::open(folder.join(name)).unwrap();
    let read = |weights: &Weights| -> HashMap<String, Tensor> {
        let tensors = weights.tensors().iter();
        tensors
            .map(|of| (of.name().to_owned(), of.read().unwrap()))
            .collect()
    };
    let assert_equal = |weights: &Weights, file: &str| {
        let (ours, theirs) = (read(weights), stored(&folder.join(file)));
        assert_eq!(ours.len(), theirs.len(), "{file}");
        for (name, tensor) in theirs {
            assert_same(&ours[&name], &tensor);
        }
    };
    for name in [
        "vit.pt",
        "vit_stream.pth",
        "vit_module.bin",
        "vit.safetensors",
    ] {
        assert_equal(&open(name), "vit.safetensors");
    }
    let checkpoint = open("vit_checkpoint.pt");
    assert!(checkpoint.get("optimizer.state.0.exp_avg").is_some());
    let model = checkpoint.key("model").unwrap().key("vit").unwrap();
    assert_equal(&model, "vit_checkpoint.safetensors");
    assert_equal(
        &checkpoint.key("model.vit").unwrap(),
        "vit_checkpoint.safetensors",
    );
    let error = checkpoint.key("state_dict").unwrap_err().to_string();
    assert!(
        error.contains("no tensor is below this key; there are `model` and `optimizer`"),
        "{error}"
    );
    assert_equal(&open("views.pt"), "views.safetensors");
    // In parts, as it is longer than what is read at once.
    let rules = rules! { "large" => zeros };
    let blueprint = rules
        .blueprint([("large", [5_000_001], Dtype::F32)])
        .unwrap();
    let large = zeros(&[5_000_001]);
    let plan = blueprint.bind([("large", large.shallow_clone())]).unwrap();
    let taken = plan.take_all(&open("large.pt")).unwrap();
    taken.execute(&mut Seed(1)).unwrap().verify_bits().unwrap();
    assert_same(&large, &Tensor::arange(5_000_001, FLOAT));
}
