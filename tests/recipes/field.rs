//! The recipes of the field: every number of theirs, and names that match nothing.

use nninit::laws::Elementwise;
use nninit::recipes::Llama;
use nninit::{Dtype, Law, Layer, Rules};

use super::samples::{self, Sample};

fn sample(recipe: &str) -> Sample {
    let mut all = samples::all().into_iter();
    let found = all.find(|sample| sample.recipe == recipe);
    found.unwrap_or_else(|| panic!("no sample of `{recipe}`"))
}

/// The law of a tensor.
fn law(sample: &Sample, path: &str) -> Law {
    let blueprint = sample
        .blueprint()
        .unwrap_or_else(|error| panic!("{}: {error}", sample.recipe));
    let mut entries = blueprint.entries().iter();
    let entry = entries.find(|entry| entry.path() == path);
    let entry = entry.unwrap_or_else(|| panic!("{}: no `{path}`", sample.recipe));
    entry.steps()[0].law().unwrap().clone()
}

/// Both numbers come from the same formula; a few operations more or less make a few last places.
pub(super) fn assert_near(actual: f64, expected: f64, what: &str) {
    let apart = (actual - expected).abs();
    assert!(
        apart <= 4.0 * f64::EPSILON * expected.abs(),
        "{what}: {actual:?} instead of {expected:?}"
    );
}

fn assert_normal(recipe: &str, path: &str, expected: f64) {
    match law(&sample(recipe), path) {
        Law::Elementwise(Elementwise::Normal { mean: 0.0, std }) => {
            assert_near(std, expected, path);
        }
        other => panic!("{recipe}: {path}: {other}"),
    }
}

/// N(0, std²) cut off at `cut` of its own standard deviations, or at ±2 where nothing is said.
fn assert_truncated(recipe: &str, path: &str, expected: f64, cut: Option<f64>) {
    match law(&sample(recipe), path) {
        Law::Elementwise(Elementwise::TruncNormal {
            mean: 0.0,
            std,
            low,
            high,
        }) => {
            assert_near(std, expected, path);
            assert_near(high, cut.map_or(2.0, |cut| cut * expected), path);
            assert_eq!(low, -high, "{path}");
        }
        other => panic!("{recipe}: {path}: {other}"),
    }
}

fn assert_uniform(recipe: &str, path: &str, expected: f64) {
    match law(&sample(recipe), path) {
        Law::Elementwise(Elementwise::Uniform { low, high }) => {
            assert_near(high, expected, path);
            assert_eq!(low, -high, "{path}");
        }
        other => panic!("{recipe}: {path}: {other}"),
    }
}

fn assert_constant(recipe: &str, path: &str, expected: f64) {
    assert_eq!(
        law(&sample(recipe), path),
        Law::constant(expected),
        "{recipe}: {path}"
    );
}

#[test]
fn gpt2_is_smaller_where_it_writes_into_the_residual_stream() {
    let new = "Gpt2::new(12)";
    assert_normal(new, "h.0.attn.c_proj.weight", 0.004_082_482_904_638_63);
    assert_normal(new, "h.0.mlp.c_proj.weight", 0.004_082_482_904_638_63);
    for path in [
        "wte.weight",
        "wpe.weight",
        "h.0.attn.c_attn.weight",
        "h.0.mlp.c_fc.weight",
    ] {
        assert_normal(new, path, 0.02);
    }
    assert_constant(new, "h.0.mlp.c_proj.bias", 0.0);
    assert_constant(new, "ln_f.weight", 1.0);
    let original = "Gpt2::original()";
    assert_normal(original, "wpe.weight", 0.01);
    assert_normal(original, "wte.weight", 0.02);
    assert_normal(original, "h.0.attn.c_proj.weight", 0.02);
}

#[test]
fn gpt_neox_has_one_width_for_every_matrix() {
    let recipe = "GptNeoX::new(24, 1024)";
    assert_normal(
        recipe,
        "layers.0.attention.dense.weight",
        0.002_604_166_666_666_666_5,
    );
    assert_normal(
        recipe,
        "layers.0.mlp.dense_4h_to_h.weight",
        0.002_604_166_666_666_666_5,
    );
    assert_normal(
        recipe,
        "layers.0.mlp.dense_h_to_4h.weight",
        0.019_764_235_376_052_37,
    );
    assert_normal(recipe, "embed_in.weight", 0.019_764_235_376_052_37);
}

#[test]
fn megatron_counts_writes() {
    let recipe = "Megatron::new(24, 0.02)";
    assert_normal(
        recipe,
        "layers.0.self_attention.linear_proj.weight",
        0.02 / 48.0_f64.sqrt(),
    );
    assert_normal(
        recipe,
        "layers.0.mlp.linear_fc2.weight",
        0.02 / 48.0_f64.sqrt(),
    );
    assert_normal(recipe, "layers.0.mlp.linear_fc1.weight", 0.02);
    assert_normal(recipe, "embedding.word_embeddings.weight", 0.02);
}

#[test]
fn llama_of_torchtitan_goes_by_the_index_of_the_layer() {
    let recipe = "Llama::torchtitan()";
    assert_truncated(
        recipe,
        "layers.0.attention.wo.weight",
        0.014_142_135_623_730_95,
        None,
    );
    assert_truncated(
        recipe,
        "layers.0.feed_forward.w2.weight",
        0.014_142_135_623_730_95,
        None,
    );
    assert_truncated(recipe, "layers.1.feed_forward.w3.weight", 0.01, None);
    assert_truncated(recipe, "layers.31.attention.wo.weight", 0.0025, None);
    assert_truncated(recipe, "layers.0.feed_forward.w1.weight", 0.02, None);
    assert_truncated(recipe, "layers.0.attention.wq.weight", 0.02, None);
    assert_truncated(recipe, "output.weight", 0.0625, Some(3.0));
    assert_normal(recipe, "tok_embeddings.weight", 1.0);
    assert_truncated(
        "Llama::torchtitan().tied()",
        "tok_embeddings.weight",
        0.0625,
        Some(3.0),
    );
    assert_normal(
        "Llama::hugging_face()",
        "layers.0.self_attn.o_proj.weight",
        0.02,
    );
    assert_normal("Llama::hugging_face()", "embed_tokens.weight", 0.02);
}

#[test]
fn a_layer_without_the_index_that_the_recipe_goes_by_is_an_error() {
    let layers = [
        ("blocks.0.attention.wo", Layer::Linear, vec![4, 4]),
        ("blocks.0.feed_forward.w2", Layer::Linear, vec![4, 4]),
        ("blocks.0.feed_forward.w3", Layer::Linear, vec![4, 4]),
        ("output", Layer::Linear, vec![4, 4]),
    ];
    let error = sample("Llama::torchtitan()")
        .blueprint_of(&layers)
        .unwrap_err();
    assert_eq!(
        error.to_string().lines().nth(1).unwrap().trim(),
        "`blocks.0.attention.wo.weight` [4, 4]: the recipe: the recipe goes by the index of the layer's \
         block, and no number follows `layers` in its path; say in which field the blocks are: `.blocks(\"…\")`"
    );
    assert_eq!(
        error
            .to_string()
            .matches("no number follows `layers`")
            .count(),
        3
    );
}

#[test]
fn olmo_cuts_at_three_of_its_own_deviations() {
    assert_truncated("Olmo::normal()", "embeddings.weight", 0.02, Some(3.0));
    assert_truncated(
        "Olmo::normal()",
        "blocks.0.attention.w_out.weight",
        0.02,
        Some(3.0),
    );
    let llama = "Olmo::llama(48)";
    for path in [
        "blocks.0.attention.w_out.weight",
        "blocks.0.feed_forward.w2.weight",
        "blocks.0.feed_forward.w3.weight",
    ] {
        assert_truncated(llama, path, 0.002_041_241_452_319_315, Some(3.0));
    }
    assert_truncated(llama, "blocks.0.attention.w_q.weight", 0.02, Some(3.0));
    assert_truncated(llama, "lm_head.w_out.weight", 0.125, Some(3.0));
    assert_normal(llama, "embeddings.weight", 1.0);
    let depth = "Olmo::llama_depth()";
    assert_truncated(
        depth,
        "blocks.0.attention.w_out.weight",
        0.014_142_135_623_730_95,
        Some(3.0),
    );
    assert_truncated(depth, "blocks.1.feed_forward.w2.weight", 0.01, Some(3.0));
    let normalized = "Olmo::normalized(256, 32)";
    assert_normal(normalized, "embeddings.weight", 0.0625);
    assert_truncated(
        normalized,
        "blocks.0.feed_forward.w3.weight",
        0.0625,
        Some(3.0),
    );
    for path in [
        "blocks.0.attention.w_out.weight",
        "blocks.0.feed_forward.w2.weight",
    ] {
        assert_truncated(normalized, path, 0.007_812_5, Some(3.0));
    }
    assert_truncated(
        "Olmo::fan_in()",
        "blocks.0.feed_forward.w2.weight",
        0.03125,
        Some(3.0),
    );
    assert_normal("Olmo::fan_in()", "embeddings.weight", 1.0);
}

#[test]
fn t5_has_the_scale_of_attention_in_its_queries() {
    let recipe = "T5::new(512, 64).untied()";
    assert_normal(
        recipe,
        "encoder.block.0.q.weight",
        0.005_524_271_728_019_903,
    );
    assert_normal(recipe, "encoder.block.0.k.weight", 0.044_194_173_824_159_22);
    assert_normal(recipe, "encoder.block.0.o.weight", 0.044_194_173_824_159_22);
    assert_normal(
        recipe,
        "encoder.block.0.wi.weight",
        0.044_194_173_824_159_22,
    );
    assert_normal(
        recipe,
        "encoder.block.0.wo.weight",
        0.022_097_086_912_079_61,
    );
    assert_normal(
        recipe,
        "encoder.block.0.relative_attention_bias.weight",
        0.044_194_173_824_159_22,
    );
    assert_normal(recipe, "shared.weight", 1.0);
    assert_normal(recipe, "lm_head.weight", 1.0);
}

#[test]
fn bert_pads_with_zeros_only_in_hugging_face_s_code() {
    let recipe = "Bert::hugging_face().padding(\"word_embeddings\", 0)";
    assert_normal(recipe, "word_embeddings.weight", 0.02);
    let blueprint = sample(recipe).blueprint().unwrap();
    let [_, padding] = blueprint.entries()[0].steps() else {
        panic!()
    };
    assert_eq!(padding.law(), Some(&Law::constant(0.0)));
    assert_eq!(padding.region().unwrap().to_string(), "0");
    assert_normal(recipe, "query.weight", 0.02);
    assert_truncated("Bert::original()", "query.weight", 0.02, Some(2.0));
    assert_truncated(
        "Bert::original()",
        "word_embeddings.weight",
        0.02,
        Some(2.0),
    );
}

#[test]
fn patches_are_a_matrix_to_mae_and_dit() {
    assert_uniform(
        "Mae::new()",
        "patch_embed.proj.weight",
        (6.0_f64 / 1536.0).sqrt(),
    );
    assert_uniform(
        "Mae::new()",
        "patch_embed.proj.bias",
        1.0 / 768.0_f64.sqrt(),
    );
    assert_uniform(
        "Mae::new()",
        "blocks.0.attn.qkv.weight",
        (6.0_f64 / 3072.0).sqrt(),
    );
    assert_uniform(
        "DiT::new()",
        "x_embedder.proj.weight",
        (6.0_f64 / 400.0).sqrt(),
    );
    assert_constant("DiT::new()", "x_embedder.proj.bias", 0.0);
    assert_normal("DiT::new()", "y_embedder.embedding_table.weight", 0.02);
    assert_normal("DiT::new()", "t_embedder.mlp.0.weight", 0.02);
    assert_uniform(
        "DiT::new()",
        "blocks.0.attn.qkv.weight",
        (6.0_f64 / 1536.0).sqrt(),
    );
    for path in [
        "blocks.0.adaLN_modulation.1.weight",
        "blocks.0.adaLN_modulation.1.bias",
        "final_layer.adaLN_modulation.1.weight",
        "final_layer.linear.weight",
        "final_layer.linear.bias",
    ] {
        assert_constant("DiT::new()", path, 0.0);
    }
}

#[test]
fn deepnorm_s_branches_have_the_gain_beta() {
    let xavier = |fans: f64| (2.0 / fans).sqrt();
    let alone = "DeepNorm::new(12)";
    assert_normal(
        alone,
        "layers.0.v_proj.weight",
        0.319_471_552_123_136_2 * xavier(128.0),
    );
    assert_normal(
        alone,
        "layers.0.fc1.weight",
        0.319_471_552_123_136_2 * xavier(320.0),
    );
    assert_normal(alone, "layers.0.q_proj.weight", xavier(128.0));
    assert_uniform(alone, "layers.0.q_proj.bias", 0.125);
    let pair = "DeepNorm::pair(6, 6)";
    assert_normal(
        pair,
        "encoder.0.out_proj.weight",
        0.496_989_240_771_323_5 * xavier(128.0),
    );
    assert_normal(
        pair,
        "decoder.0.out_proj.weight",
        0.343_294_523_984_519_65 * xavier(128.0),
    );
    assert_normal(
        pair,
        "decoder.0.fc2.weight",
        0.343_294_523_984_519_65 * xavier(320.0),
    );
}

#[test]
fn t_fixup_scales_by_the_side_that_a_layer_is_on() {
    let recipe = "TFixup::new(6, 6)";
    let xavier = |fans: f64| (6.0 / fans).sqrt();
    assert_uniform(
        recipe,
        "encoder.0.fc1.weight",
        0.428_091_879_845_002_6 * xavier(320.0),
    );
    assert_uniform(
        recipe,
        "encoder.0.v_proj.weight",
        0.428_091_879_845_002_6 * xavier(128.0),
    );
    assert_uniform(
        recipe,
        "decoder.0.out_proj.weight",
        0.368_893_973_233_440_53 * xavier(128.0),
    );
    assert_uniform(
        recipe,
        "encoder.0.q_proj.weight",
        0.5_f64.sqrt() * xavier(128.0),
    );
    assert_uniform(recipe, "output.weight", xavier(1064.0));
    assert_normal(
        recipe,
        "encoder.embed.weight",
        0.368_893_973_233_440_53 / 8.0,
    );
    assert_normal(
        recipe,
        "decoder.embed.weight",
        0.368_893_973_233_440_53 / 8.0,
    );
}

#[test]
fn fixup_scales_all_of_a_branch_but_its_last() {
    let recipe = "Fixup::new(8, [\"conv1\"], \"conv2\").shortcut(\"downsample\").stem(\"conv1\")";
    let he = |fan: f64| (2.0 / fan).sqrt();
    assert_normal(recipe, "layer1.0.conv1.weight", he(144.0) / 8.0_f64.sqrt());
    assert_constant(recipe, "layer1.0.conv2.weight", 0.0);
    assert_normal(recipe, "layer2.0.downsample.weight", he(32.0));
    assert_uniform(recipe, "conv1.weight", 1.0 / 27.0_f64.sqrt());
    assert_constant(recipe, "fc.weight", 0.0);
    assert_constant(recipe, "fc.bias", 0.0);
}

#[test]
fn mamba_s_steps_are_those_of_its_code() {
    let recipe = "Mamba::new(24)";
    assert_uniform(
        recipe,
        "layers.0.out_proj.weight",
        1.0 / 128.0_f64.sqrt() / 24.0_f64.sqrt(),
    );
    assert_uniform(recipe, "layers.0.dt_proj.weight", 0.5);
    assert_uniform(recipe, "layers.0.in_proj.weight", 0.125);
    assert_uniform(recipe, "layers.0.conv1d.weight", 0.5);
    assert_constant(recipe, "layers.0.in_proj.bias", 0.0);
    assert_normal(recipe, "embedding.weight", 0.02);
    let steps = law(&sample(recipe), "layers.0.dt_proj.bias");
    let Law::Elementwise(Elementwise::SoftplusInverse {
        low, high, floor, ..
    }) = steps
    else {
        panic!("{steps}")
    };
    assert_eq!((low, high, floor), (0.001, 0.1, 0.0001));
}

#[test]
fn widths_without_a_base_model() {
    assert_normal("Spectral::new()", "up.weight", 0.03125);
    assert_normal("Spectral::new()", "down.weight", 0.007_812_5);
    assert_normal("Spectral::new()", "emb.weight", 1.0);
    for path in ["up.weight", "emb.weight"] {
        assert_normal("UnitScaled::new()", path, 1.0);
    }
    assert_constant("UnitScaled::new()", "up.bias", 0.0);
}

#[test]
fn lora_adds_nothing_at_first() {
    let recipe = "Lora::new()";
    assert_uniform(recipe, "q.lora_a.weight", 0.125);
    assert_constant(recipe, "q.lora_b.weight", 0.0);
    assert_constant(recipe, "emb.lora_a.weight", 0.0);
    assert_normal(recipe, "emb.lora_b.weight", 1.0);
    assert_normal("Lora::gaussian(8)", "q.lora_a.weight", 0.125);
}

#[test]
fn sirens_and_spheres() {
    let siren = "Siren::new(\"net.0\", 30.0)";
    assert_uniform(siren, "net.0.weight", 0.5);
    assert_uniform(siren, "net.1.weight", 0.005_103_103_630_798_288);
    assert_uniform(siren, "net.2.weight", 0.005_103_103_630_798_288);
    let pi = std::f64::consts::PI;
    for (recipe, inputs, slope, std, radius) in [
        ("Sphere::igr(\"lin8\")", 512.0, 1.0, 1e-5, 1.0),
        ("Sphere::idr(\"lin8\")", 512.0, 1.0, 1e-4, 1.0),
        ("Sphere::neus(\"lin8\")", 256.0, 1.0, 1e-4, 0.5),
        ("Sphere::sal(\"lin8\")", 512.0, 2.0, 1e-6, 1.0),
    ] {
        let last = law(&sample(recipe), "lin8.weight");
        let Law::Elementwise(Elementwise::Normal { mean, std: actual }) = last else {
            panic!("{last}")
        };
        assert_near(mean, slope * (pi / inputs).sqrt(), recipe);
        assert_eq!(actual, std);
        assert_constant(recipe, "lin8.bias", -radius);
        assert_normal(recipe, "lin0.weight", (2.0_f64 / inputs).sqrt());
        assert_constant(recipe, "lin0.bias", 0.0);
    }
}

#[test]
fn names_for_layers_that_a_recipe_does_not_tell_apart_are_an_error() {
    let blueprint = |rules: Rules| {
        let rules = rules.layer("**", Layer::Linear);
        rules.blueprint([("layers.0.wo.weight", [4, 4], Dtype::F32)])
    };
    assert!(blueprint(Rules::of(Llama::hugging_face())).is_ok());
    let error = blueprint(Rules::of(Llama::hugging_face().residual(["wo"]))).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("`.residual(…)` names this layer, and the recipe has nothing to say"),
        "{error}"
    );
    let error = blueprint(Rules::of(Llama::hugging_face().residual(["o_proj"]))).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("no layer here matches `**.o_proj`"),
        "{error}"
    );
}

/// The commonest silent mistake of models by depth: the layer that a recipe looks for is called something else.
#[test]
fn a_name_that_no_layer_has_is_an_error_that_lists_what_is_there() {
    let mut planted = 0;
    for sample in samples::all() {
        for pattern in sample.must_match() {
            let name = pattern
                .trim_start_matches("**.")
                .rsplit("**.")
                .next()
                .unwrap();
            let within = pattern.strip_suffix(name).unwrap().trim_matches(['*', '.']);
            let is_meant = |path: &str| {
                (path == name || path.ends_with(&format!(".{name}"))) && path.contains(within)
            };
            let renamed: Vec<_> = sample
                .layers
                .iter()
                .map(|(path, layer, shape)| {
                    let renamed = path.strip_suffix(name).filter(|_| is_meant(path));
                    let path =
                        renamed.map_or((*path).to_owned(), |before| format!("{before}other"));
                    (path, *layer, shape.clone())
                })
                .collect();
            let error = sample.blueprint_of(&renamed).unwrap_err().to_string();
            assert!(
                error.contains(&format!("no layer here matches `{pattern}`")),
                "{}: {error}",
                sample.recipe
            );
            let lists = ["the nearest", "there are", "write `"]
                .iter()
                .any(|word| error.contains(word));
            assert!(lists, "{}: {error}", sample.recipe);
            planted += 1;
        }
    }
    assert!(planted >= 60, "{planted}");
}
