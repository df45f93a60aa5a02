//! Schemes by kind of layer, and that they are what a derive and rules say of the same model.

#[path = "recipes/field.rs"]
mod field;
#[path = "recipes/kinds.rs"]
mod kinds;
#[path = "recipes/lsuv.rs"]
mod lsuv;
#[path = "recipes/store.rs"]
mod over_a_store;
#[path = "recipes/page.rs"]
mod page;
#[path = "recipes/samples.rs"]
mod samples;
#[path = "recipes/width.rs"]
mod width;

use nninit::recipes::{
    Gan, Gpt2, ResNet, TorchDefault, TorchTransformer, Transformer, VisionTransformer,
};
use nninit::{Initialize, Plan, Recipe, rules};
use nninit_tests::sources::rng;
use nninit_tests::stores::{assert_lines, store};
use tch::nn;

/// One layer of each kind.
#[derive(Initialize)]
struct Layers {
    linear: nn::Linear,
    conv: nn::Conv2D,
    up: nn::ConvTranspose2D,
    bn: nn::BatchNorm,
    ln: nn::LayerNorm,
    gn: nn::GroupNorm,
    emb: nn::Embedding,
    mlp: Mlp,
}

#[derive(Initialize)]
struct Mlp {
    c_fc: nn::Linear,
    c_proj: nn::Linear,
}

fn layers(vs: &nn::VarStore) -> Layers {
    let p = vs.root();
    let linear =
        |p: nn::Path, inputs, outputs| nn::linear(p, inputs, outputs, nn::LinearConfig::default());
    Layers {
        linear: linear(&p / "linear", 16, 4),
        conv: nn::conv2d(&p / "conv", 4, 8, 2, nn::ConvConfig::default()),
        up: nn::conv_transpose2d(&p / "up", 4, 8, 2, nn::ConvTransposeConfig::default()),
        bn: nn::batch_norm2d(&p / "bn", 4, nn::BatchNormConfig::default()),
        ln: nn::layer_norm(&p / "ln", vec![4], nn::LayerNormConfig::default()),
        gn: nn::group_norm(&p / "gn", 2, 4, nn::GroupNormConfig::default()),
        emb: nn::embedding(&p / "emb", 10, 4, nn::EmbeddingConfig::default()),
        mlp: Mlp {
            c_fc: linear(&p / "mlp" / "c_fc", 4, 16),
            c_proj: linear(&p / "mlp" / "c_proj", 16, 4),
        },
    }
}

fn lines(plan: &Plan) -> Vec<String> {
    let line = |entry: &nninit::Entry| {
        let step = &entry.steps()[0];
        format!(
            "{} {}: {}",
            entry.path(),
            step.scheme(),
            step.law().unwrap()
        )
    };
    plan.entries().iter().map(line).collect()
}

/// What a recipe says otherwise than [`TorchDefault`] does.
fn changed(recipe: impl Recipe + 'static) -> Vec<String> {
    let vs = store();
    let layers = layers(&vs);
    let default = lines(&layers.plan_with(TorchDefault).unwrap());
    let mut lines = lines(&layers.plan_with(recipe).unwrap());
    assert_eq!(lines.len(), default.len());
    lines.retain(|line| !default.contains(line));
    lines
}

#[test]
fn torch_default_is_reset_parameters_of_each_layer() {
    let plan = layers(&store()).plan().unwrap();
    assert_lines(
        &lines(&plan),
        &[
            "linear.weight kaiming_uniform(a = 2.23606797749979): U(-0.25, 0.25)",
            "linear.bias uniform within 1/√fan_in: U(-0.25, 0.25)",
            "conv.weight kaiming_uniform(a = 2.23606797749979): U(-0.25, 0.25)",
            "conv.bias uniform within 1/√fan_in: U(-0.25, 0.25)",
            "up.weight kaiming_uniform(a = 2.23606797749979): U(-0.1768, 0.1768)",
            "up.bias uniform within 1/√fan_in: U(-0.1768, 0.1768)",
            "bn.weight ones: constant 1",
            "bn.bias zeros: constant 0",
            "bn.running_mean zeros: constant 0",
            "bn.running_var ones: constant 1",
            "ln.weight ones: constant 1",
            "ln.bias zeros: constant 0",
            "gn.weight ones: constant 1",
            "gn.bias zeros: constant 0",
            "emb.weight normal: N(0, 1²)",
            "mlp.c_fc.weight kaiming_uniform(a = 2.23606797749979): U(-0.5, 0.5)",
            "mlp.c_fc.bias uniform within 1/√fan_in: U(-0.5, 0.5)",
            "mlp.c_proj.weight kaiming_uniform(a = 2.23606797749979): U(-0.25, 0.25)",
            "mlp.c_proj.bias uniform within 1/√fan_in: U(-0.25, 0.25)",
        ],
    );
}

#[test]
fn resnet_changes_convolutions() {
    assert_lines(
        &changed(ResNet),
        &["conv.weight kaiming_normal(mode = \"fan_out\", nonlinearity = \"relu\"): N(0, 0.25²)"],
    );
}

#[test]
fn transformer_changes_linear_layers_and_embeddings() {
    assert_lines(
        &changed(Transformer),
        &[
            "linear.weight xavier_uniform: U(-0.5477, 0.5477)",
            "linear.bias zeros: constant 0",
            "emb.weight normal(std = 0.02): N(0, 0.02²)",
            "mlp.c_fc.weight xavier_uniform: U(-0.5477, 0.5477)",
            "mlp.c_fc.bias zeros: constant 0",
            "mlp.c_proj.weight xavier_uniform: U(-0.5477, 0.5477)",
            "mlp.c_proj.bias zeros: constant 0",
        ],
    );
}

#[test]
fn torch_transformer_changes_weights_of_two_dimensions_and_more() {
    assert_lines(
        &changed(TorchTransformer),
        &[
            "linear.weight xavier_uniform: U(-0.5477, 0.5477)",
            "conv.weight xavier_uniform: U(-0.3536, 0.3536)",
            "up.weight xavier_uniform: U(-0.3536, 0.3536)",
            "emb.weight xavier_uniform: U(-0.6547, 0.6547)",
            "mlp.c_fc.weight xavier_uniform: U(-0.5477, 0.5477)",
            "mlp.c_proj.weight xavier_uniform: U(-0.5477, 0.5477)",
        ],
    );
}

#[test]
fn gan_changes_convolutions_and_batch_norms() {
    assert_lines(
        &changed(Gan),
        &[
            "conv.weight normal(std = 0.02): N(0, 0.02²)",
            "up.weight normal(std = 0.02): N(0, 0.02²)",
            "bn.weight normal(mean = 1, std = 0.02): N(1, 0.02²)",
        ],
    );
}

#[test]
fn gpt2_narrows_what_writes_into_the_residual_stream() {
    assert_lines(
        &changed(Gpt2::new(8)),
        &[
            "linear.weight normal(std = 0.02): N(0, 0.02²)",
            "linear.bias zeros: constant 0",
            "emb.weight normal(std = 0.02): N(0, 0.02²)",
            "mlp.c_fc.weight normal(std = 0.02): N(0, 0.02²)",
            "mlp.c_fc.bias zeros: constant 0",
            "mlp.c_proj.weight normal(std = 0.005): N(0, 0.005²)",
            "mlp.c_proj.bias zeros: constant 0",
        ],
    );
}

#[test]
fn vision_transformer_changes_linear_layers() {
    assert_lines(
        &changed(VisionTransformer),
        &[
            "linear.weight trunc_normal(std = 0.02): N(0, 0.02²) on [-2, 2]",
            "linear.bias zeros: constant 0",
            "mlp.c_fc.weight trunc_normal(std = 0.02): N(0, 0.02²) on [-2, 2]",
            "mlp.c_fc.bias zeros: constant 0",
            "mlp.c_proj.weight trunc_normal(std = 0.02): N(0, 0.02²) on [-2, 2]",
            "mlp.c_proj.bias zeros: constant 0",
        ],
    );
}

#[test]
fn gpt2_fails_where_no_projection_has_its_name() {
    #[derive(Initialize)]
    struct Renamed {
        fc: nn::Linear,
        proj: nn::Linear,
    }

    #[derive(Initialize)]
    #[init(recipe = Gpt2::new(1))]
    struct Model {
        wte: nn::Embedding,
        block: Renamed,
    }
    let vs = store();
    let linear = |name: &str| nn::linear(vs.root() / name, 4, 4, nn::LinearConfig::default());
    let wte = nn::embedding(vs.root() / "wte", 4, 4, nn::EmbeddingConfig::default());
    let (fc, proj) = (linear("fc"), linear("proj"));
    let model = Model {
        wte,
        block: Renamed { fc, proj },
    };
    assert_eq!(
        model.plan().unwrap_err().to_string(),
        "cannot initialise the model: the recipe goes by names, and no layer here matches `**.c_proj`; the nearest is \
         `block.proj`; rename the field, or declare what it would get and use another recipe"
    );
    // A model without layers has nothing that could be called otherwise.
    assert!(Vec::<Mlp>::new().plan_with(Gpt2::new(1)).is_ok());
}

#[derive(Initialize)]
struct Plain {
    conv: nn::Conv2D,
    bn: nn::BatchNorm,
    blocks: Vec<Block>,
}

#[derive(Initialize)]
struct Block {
    up: nn::ConvTranspose2D,
}

#[derive(Initialize)]
#[init(recipe = Gan)]
struct WithRecipe {
    conv: nn::Conv2D,
    bn: nn::BatchNorm,
    blocks: Vec<Block>,
}

#[derive(Initialize)]
struct Declared {
    #[init(weight(normal, std = 0.02))]
    conv: nn::Conv2D,
    #[init(weight(normal, mean = 1, std = 0.02), bias(zeros))]
    bn: nn::BatchNorm,
    #[init(up(weight(normal, std = 0.02)))]
    blocks: Vec<Block>,
}

#[test]
fn derive_rules_and_recipe_give_one_plan_and_the_same_bits() {
    let no_bias = nn::ConvConfig {
        bias: false,
        ..nn::ConvConfig::default()
    };
    let no_bias_up = nn::ConvTransposeConfig {
        bias: false,
        ..nn::ConvTransposeConfig::default()
    };
    macro_rules! build {
        ($model:ident, $vs:ident) => {{
            let p = $vs.root();
            $model {
                conv: nn::conv2d(&p / "conv", 3, 5, 3, no_bias),
                bn: nn::batch_norm2d(&p / "bn", 5, nn::BatchNormConfig::default()),
                blocks: vec![Block {
                    up: nn::conv_transpose2d(&p / "blocks" / 0 / "up", 5, 4, 2, no_bias_up),
                }],
            }
        }};
    }
    let (vs_plain, vs_recipe, vs_declared) = (store(), store(), store());
    let (mut plain, mut recipe, mut declared) = (
        build!(Plain, vs_plain),
        build!(WithRecipe, vs_recipe),
        build!(Declared, vs_declared),
    );
    let vs_rules = store();
    let _ = build!(Plain, vs_rules);
    let rules = rules! {
        "bn.weight" => normal(mean = 1, std = 0.02),
        "**.weight" => normal(std = 0.02),
        "bn.running_var" => ones,
        "bn.*" => zeros,
    };
    let sorted = |plan: &Plan| {
        let mut lines = lines(plan);
        lines.sort();
        lines
    };
    let due = sorted(&rules.plan(&vs_rules).unwrap());
    assert_eq!(sorted(&plain.plan_with(Gan).unwrap()), due);
    assert_eq!(sorted(&recipe.plan().unwrap()), due);
    assert_eq!(sorted(&declared.plan().unwrap()), due);
    plain.init_with(Gan, &mut rng(5));
    recipe.init(&mut rng(5));
    declared.init(&mut rng(5));
    let _ = rules.try_init(&vs_rules, &mut rng(5)).unwrap();
    let due = vs_rules.variables();
    assert_eq!(due.len(), 6);
    for vs in [&vs_plain, &vs_recipe, &vs_declared] {
        for (name, tensor) in vs.variables() {
            assert!(tensor.equal(&due[&name]), "{name}");
        }
    }
}

#[test]
fn what_a_field_declares_beats_the_recipe_and_recipes_go_down() {
    #[derive(Initialize)]
    #[init(recipe = Gpt2::new(2))]
    struct Model {
        #[init(weight(orthogonal))]
        head: nn::Linear,
        blocks: Vec<Mlp>,
    }
    let vs = store();
    let linear = |name: &str| nn::linear(vs.root() / name, 4, 4, nn::LinearConfig::default());
    let model = Model {
        head: linear("head"),
        blocks: vec![Mlp {
            c_fc: linear("fc"),
            c_proj: linear("proj"),
        }],
    };
    assert_lines(
        &lines(&model.plan().unwrap()),
        &[
            "head.weight orthogonal: orthogonal(gain 1)",
            "head.bias zeros: constant 0",
            "blocks.0.c_fc.weight normal(std = 0.02): N(0, 0.02²)",
            "blocks.0.c_fc.bias zeros: constant 0",
            "blocks.0.c_proj.weight normal(std = 0.01): N(0, 0.01²)",
            "blocks.0.c_proj.bias zeros: constant 0",
        ],
    );
}
