//! Recipes against the code that they come from: models of `transformers`, `timm`, `torchvision`, `peft`, `loralib`,
//! `torchtitan`, `olmo_core`, `unit_scaling` and `mup`, run by `field.py`, bit for bit under `TorchRng`.

mod adapt;
mod files;

use std::collections::HashMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use nninit::recipes::{
    Bert, Gpt2, Llama, Lora, Mae, Mamba, Olmo, ResNet, T5, UnitScaled, VisionTransformer,
};
use nninit::{Dtype, Layer, Rules, TorchRng, rules};
use nninit_tests::bits::{differing, next_draws};
use nninit_tests::python::{self, say};
use tch::{Device, Kind, Tensor};

/// As `field.py` has it.
const SEED: i64 = 999;

/// A model of `field.py`, and how it is started here.
struct Model {
    title: &'static str,
    rules: Rules,
    /// What a parameter is called here.
    name: fn(&str) -> String,
}

#[expect(clippy::too_many_lines, reason = "it is a table")]
fn models() -> Vec<Model> {
    let model = |title, rules: Rules| Model {
        title,
        rules,
        name: str::to_owned,
    };
    let linear = |rules: Rules, names: &[&str]| {
        let pattern = |name: &&str| format!("**.{name}.weight");
        let each = names.iter().map(pattern);
        each.fold(rules, |rules, pattern| rules.layer(pattern, Layer::Linear))
    };
    let t5 = |recipe| {
        let rules = Rules::of(recipe)
            .layer("shared.*", Layer::Embedding)
            .layer("**.relative_attention_bias.*", Layer::Embedding);
        linear(
            rules,
            &[
                "SelfAttention.{q,k,v,o}",
                "EncDecAttention.{q,k,v,o}",
                "DenseReluDense.*",
            ],
        )
    };
    let lora = |title, recipe: Lora| Model {
        title,
        rules: Rules::of(recipe)
            .layer("**.emb.*.weight", Layer::Embedding)
            .layer("**.q.*.weight", Layer::Linear),
        name: |path| {
            path.replace("lora_embedding_A.default", "lora_a.weight")
                .replace("lora_embedding_B.default", "lora_b.weight")
                .replace("lora_A.default", "lora_a")
                .replace("lora_B.default", "lora_b")
                .replace("lora_A", "lora_a.weight")
                .replace("lora_B", "lora_b.weight")
        },
    };
    let peft = |title, recipe| {
        let mut model = lora(title, recipe);
        model.rules = model.rules.layer("**.conv.*.weight", Layer::Conv);
        model
    };
    let torchtitan = |title, recipe: Llama, linears: &[&str]| {
        let rules = Rules::of(recipe)
            .layer("tok_embeddings.*", Layer::Embedding)
            .layer("**.{attention_norm,ffn_norm,norm}.*", Layer::LayerNorm);
        model(title, linear(rules, linears))
    };
    let olmo = |title, recipe| {
        let rules = Rules::of(recipe)
            .layer("embeddings.*", Layer::Embedding)
            .layer(
                "**.{attention_norm,feed_forward_norm,norm}.*",
                Layer::LayerNorm,
            );
        model(
            title,
            linear(rules, &["attention.*", "feed_forward.*", "w_out"]),
        )
    };
    vec![
        model(
            "gpt2",
            Rules::of(Gpt2::new(3)).layer("**.{wte,wpe}.*", Layer::Embedding),
        ),
        model(
            "llama",
            linear(
                Rules::of(Llama::hugging_face()).layer("**.embed_tokens.*", Layer::Embedding),
                &["*_proj", "lm_head"],
            ),
        ),
        model("t5", t5(T5::new(24, 4))),
        model(
            "t5_gated",
            linear(t5(T5::new(24, 4).untied()), &["lm_head"])
                .layer("**.embed_tokens.*", Layer::Embedding),
        ),
        model(
            "bert",
            Rules::of(Bert::hugging_face().padding("word_embeddings", 0))
                .layer("**.*_embeddings.*", Layer::Embedding),
        ),
        model(
            "vit",
            rules! {
                "cls_token" => normal(std = 1e-6),
                "pos_embed" => trunc_normal(std = 0.02),
            }
            .recipe(VisionTransformer),
        ),
        model("resnet18", Rules::of(ResNet).layer("**", Layer::Conv)),
        model(
            "mae",
            rules! { "cls_token" => normal(std = 0.02) }
                .recipe(Mae::new())
                .layer("**.projection.*", Layer::Conv),
        ),
        model(
            "mamba",
            linear(
                rules! { "**.D" => ones }
                    .recipe(Mamba::new(1))
                    .layer("**.embeddings.*", Layer::Embedding)
                    .layer("**.conv1d.*", Layer::Conv),
                &["*_proj"],
            ),
        ),
        torchtitan(
            "torchtitan",
            Llama::torchtitan().output("lm_head"),
            &["qkv_linear.*", "wo", "w1", "w2", "w3", "lm_head"],
        ),
        torchtitan(
            "torchtitan_tied",
            Llama::torchtitan().tied(),
            &["qkv_linear.*", "wo", "w1", "w2", "w3"],
        ),
        olmo("olmo_normal", Olmo::normal()),
        olmo("olmo_llama", Olmo::llama(3)),
        olmo("olmo_llama_depth", Olmo::llama_depth()),
        olmo("olmo_normalized", Olmo::normalized(24, 3)),
        olmo("olmo_fan_in", Olmo::fan_in()),
        model(
            "unit_scaled",
            linear(
                Rules::of(UnitScaled::new())
                    .layer("embedding.*", Layer::Embedding)
                    .layer("conv.*", Layer::Conv),
                &["{linear,head}"],
            ),
        ),
        peft("lora", Lora::new()),
        peft("lora_gaussian", Lora::gaussian(8)),
        lora("loralib", Lora::new()),
    ]
}

#[test]
fn recipes_start_models_as_the_code_that_they_come_from() {
    let Some(folder) = folder() else { return };
    let theirs = read(&folder);
    let (mut tensors, mut elements) = (0, 0);
    let models = models();
    for Model { title, rules, name } in &models {
        let parameters = parameters(&folder.join(format!("{title}.txt")));
        let variables = parameters
            .iter()
            .map(|(path, shape)| (name(path), shape.clone(), Dtype::F32));
        let blueprint = rules.blueprint(variables);
        let blueprint = blueprint.unwrap_or_else(|error| panic!("{title}: {error}"));
        let ours: Vec<Tensor> = parameters
            .iter()
            .map(|(_, shape)| Tensor::full(shape, f64::NAN, (Kind::Float, Device::Cpu)))
            .collect();
        let named = parameters.iter().zip(&ours);
        let named = named.map(|((path, _), tensor)| (name(path), tensor.shallow_clone()));
        let plan = blueprint.bind(named).unwrap();
        plan.execute(&mut TorchRng::manual_seed(SEED)).unwrap();
        for ((path, _), tensor) in parameters.iter().zip(&ours) {
            let theirs = &theirs[&format!("{title}.{path}")];
            assert_eq!(differing(tensor, theirs), 0, "{title}: {path}");
            elements += theirs.numel();
        }
        assert_eq!(
            differing(&next_draws(), &theirs[&format!("{title}/after")]),
            0,
            "{title}: generator elsewhere"
        );
        tensors += parameters.len();
    }
    say(&format!(
        "the field: bit-equal: {} models, {tensors} tensors, {elements} elements",
        models.len()
    ));
}

/// Laws and learning rates of a network of width 32 that was tuned at 8.
#[test]
fn width_is_transferred_as_the_package_mup_does_it() {
    let Some(folder) = folder() else { return };
    let theirs = read(&folder);
    let model = |scheme: &str, width: i64| {
        let rules: Rules = format!("**.weight => {scheme}; **.bias => zeros")
            .parse()
            .unwrap();
        let layers = [
            ("input", width, 12),
            ("hidden", 2 * width, width),
            ("output", 5, 2 * width),
        ];
        let variables = layers.into_iter().flat_map(|(layer, outputs, inputs)| {
            [
                (format!("{layer}.weight"), vec![outputs, inputs], Dtype::F32),
                (format!("{layer}.bias"), vec![outputs], Dtype::F32),
            ]
        });
        rules.blueprint(variables).unwrap()
    };
    for (title, scheme) in [
        ("normal", "normal(std=0.02)"),
        ("uniform", "uniform(a=-0.05, b=0.05)"),
        ("xavier_normal", "xavier_normal"),
        ("xavier_uniform", "xavier_uniform"),
        ("fan_in", "kaiming_normal(nonlinearity=relu)"),
        (
            "fan_out",
            "kaiming_uniform(mode=fan_out, nonlinearity=relu)",
        ),
    ] {
        let blueprint = model(scheme, 32).with_base(&model(scheme, 8)).unwrap();
        let ours: Vec<(String, Tensor)> = blueprint
            .entries()
            .iter()
            .map(|entry| {
                let tensor = Tensor::full(entry.shape(), f64::NAN, (Kind::Float, Device::Cpu));
                (entry.path().to_owned(), tensor)
            })
            .collect();
        let named = ours
            .iter()
            .map(|(path, tensor)| (path.clone(), tensor.shallow_clone()));
        let plan = blueprint.bind(named).unwrap();
        plan.execute(&mut TorchRng::manual_seed(SEED)).unwrap();
        for ((path, tensor), entry) in ours.iter().zip(blueprint.entries()) {
            let width = entry.width().unwrap();
            let rate = |optimizer: &str| {
                theirs[&format!("mup_{title}.{path}/{optimizer}")].double_value(&[])
            };
            assert_eq!(
                (width.adam(), width.sgd()),
                (rate("adam"), rate("sgd")),
                "{title}: {path}"
            );
            if path.ends_with("weight") {
                let theirs = &theirs[&format!("mup_{title}.{path}")];
                assert_eq!(differing(tensor, theirs), 0, "{title}: {path}");
            }
        }
    }
}

/// What `field.py` wrote.
pub(crate) fn read(folder: &Path) -> HashMap<String, Tensor> {
    let tensors = Tensor::read_safetensors(folder.join("field.safetensors")).unwrap();
    tensors.into_iter().collect()
}

/// `path=… shape=…`, a line each.
fn parameters(file: &Path) -> Vec<(String, Vec<i64>)> {
    let text = fs::read_to_string(file).unwrap();
    let parse = |line: &str| {
        let (path, shape) = line
            .strip_prefix("path=")
            .unwrap()
            .split_once(" shape=")
            .unwrap();
        let shape = shape.split(',').map(|length| length.parse().unwrap());
        (path.to_owned(), shape.collect())
    };
    text.lines().map(parse).collect()
}

/// Where `field.py` wrote, if it could run. Held while a test draws from libtorch's generator, which all tests share.
pub(crate) fn folder() -> Option<MutexGuard<'static, PathBuf>> {
    static FOLDER: OnceLock<Option<Mutex<PathBuf>>> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| run().map(Mutex::new)).as_ref()?;
    Some(folder.lock().unwrap_or_else(PoisonError::into_inner))
}

fn run() -> Option<PathBuf> {
    let what = "parity with the field's code";
    let python = python::beside_libtorch(what)?;
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("field");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("field");
    let packages = folder.join("packages");
    fs::create_dir_all(&folder).unwrap();
    if let Err(why) = install(&python, &here.join("requirements.txt"), &packages) {
        python::unavailable(what, &why);
        return None;
    }
    let paths = [Some(packages.into_os_string()), env::var_os("PYTHONPATH")];
    let status = Command::new(&python)
        .env(
            "PYTHONPATH",
            env::join_paths(paths.iter().flatten()).unwrap(),
        )
        // Nothing is fetched: configurations alone make the models.
        .env("HF_HUB_OFFLINE", "1")
        .arg("-B")
        .arg(here.join("field.py"))
        .arg(&folder)
        .status()
        .unwrap_or_else(|error| panic!("{} does not start: {error}", python.display()));
    assert!(status.success(), "field.py failed");
    Some(folder)
}

/// Installs what the file names, unless that has been done before.
fn install(python: &Path, requirements: &Path, packages: &Path) -> Result<(), String> {
    let wanted = fs::read_to_string(requirements).unwrap();
    let done = packages.join("requirements.txt");
    if fs::read_to_string(&done).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    say("installing transformers, torchvision, torchtitan and others, half a minute and 0.3 GB");
    let _ = fs::remove_dir_all(packages);
    let status = Command::new(python)
        .args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",
        ])
        .arg("--target")
        .arg(packages)
        .arg("--requirement")
        .arg(requirements)
        .status()
        .map_err(|error| format!("{} does not start: {error}", python.display()))?;
    if !status.success() {
        return Err("pip could not install what the file of requirements names".to_owned());
    }
    fs::write(done, wanted).map_err(|error| error.to_string())
}
