//! Recipes over a VarStore: kinds of layers by names and shapes, for models that no derive can look into.

use nninit::recipes::{Gan, Gpt2, ResNet, TorchTransformer, Transformer};
use nninit::{Dtype, Error, Layer, Rules, recipe, rules};
use nninit_tests::sources::rng;
use nninit_tests::stores::store;
use tch::{Tensor, nn};

/// As tch's cifar example builds its blocks: a convolution and its norm under one path, so that names collide.
fn conv_bn(vs: &nn::Path<'_>, inputs: i64, outputs: i64) -> nn::SequentialT {
    let config = nn::ConvConfig {
        padding: 1,
        bias: false,
        ..Default::default()
    };
    nn::seq_t()
        .add(nn::conv2d(vs, inputs, outputs, 3, config))
        .add(nn::batch_norm2d(
            vs,
            outputs,
            nn::BatchNormConfig::default(),
        ))
        .add_fn(Tensor::relu)
}

#[test]
fn a_cifar_model_gets_the_residual_start_in_one_line() {
    let vs = store();
    let root = vs.root();
    let _net = nn::seq_t()
        .add(conv_bn(&root.sub("pre"), 3, 64))
        .add(conv_bn(&root.sub("layer1"), 64, 128))
        .add(nn::linear(
            root.sub("linear"),
            512,
            10,
            nn::LinearConfig::default(),
        ));
    // By shape they could be transposed.
    let rules = Rules::of(ResNet).layer("**", Layer::Conv);
    let report = rules.try_init(&vs, &mut rng(1)).unwrap();
    report.verify().unwrap();
    let law = |path: &str| {
        let entry = report.entries().iter().find(|entry| entry.path() == path);
        entry.unwrap().steps()[0].law().unwrap().to_string()
    };
    assert_eq!(law("pre.weight"), "N(0, 0.05893²)");
    let mut names = vs.variables().into_keys();
    let norm = names.find(|name| name.starts_with("pre.weight__"));
    assert_eq!(law(&norm.unwrap()), "constant 1");
    assert_eq!(law("pre.bias"), "constant 0");
    assert_eq!(law("pre.running_var"), "constant 1");
    assert_eq!(law("linear.bias"), "U(-0.04419, 0.04419)");
}

#[test]
fn tch_s_gan_gets_its_own_start_in_one_line() {
    let vs = store();
    let p = vs.root();
    let up = nn::ConvTransposeConfig {
        bias: false,
        ..Default::default()
    };
    let down = nn::ConvConfig {
        bias: false,
        ..Default::default()
    };
    let _generator = nn::seq_t()
        .add(nn::conv_transpose2d(&p / "tr1", 8, 16, 4, up))
        .add(nn::batch_norm2d(
            &p / "bn1",
            16,
            nn::BatchNormConfig::default(),
        ))
        .add(nn::conv_transpose2d(&p / "tr2", 16, 3, 4, up));
    let _discriminator = nn::seq_t()
        .add(nn::conv2d(&p / "conv1", 3, 16, 4, down))
        .add(nn::batch_norm2d(
            &p / "bn2",
            16,
            nn::BatchNormConfig::default(),
        ));
    let plan = Rules::of(Gan).plan(&vs).unwrap();
    let laws: Vec<String> = plan
        .entries()
        .iter()
        .map(|entry| format!("{} {}", entry.path(), entry.steps()[0].law().unwrap()))
        .collect();
    assert_eq!(
        laws,
        [
            "bn1.bias constant 0",
            "bn1.running_mean constant 0",
            "bn1.running_var constant 1",
            "bn1.weight N(1, 0.02²)",
            "bn2.bias constant 0",
            "bn2.running_mean constant 0",
            "bn2.running_var constant 1",
            "bn2.weight N(1, 0.02²)",
            "conv1.weight N(0, 0.02²)",
            "tr1.weight N(0, 0.02²)",
            "tr2.weight N(0, 0.02²)",
        ]
    );
}

fn said(rules: &Rules, variables: &[(&str, &[i64])]) -> Vec<String> {
    let variables = variables
        .iter()
        .map(|(name, shape)| (*name, shape.to_vec(), Dtype::F32));
    match rules.blueprint(variables) {
        Ok(_) => Vec::new(),
        Err(Error::Plan { problems, .. }) => problems.iter().map(ToString::to_string).collect(),
        Err(other) => vec![other.to_string()],
    }
}

#[test]
fn what_shapes_do_not_tell_is_asked_only_where_it_matters() {
    let table: &[(&str, &[i64])] = &[("wte.weight", &[10, 4])];
    assert_eq!(
        said(&Rules::of(Transformer), table),
        [
            "`wte.weight` [10, 4]: it is of a `Linear` or an `Embedding`, which the recipe starts differently, and its name \
             and shape do not tell; say which: `.layer(\"wte.weight\", Layer::Linear)`"
        ]
    );
    assert_eq!(said(&Rules::of(TorchTransformer), table), [""; 0]);
    let told = Rules::of(Transformer).layer("wte.*", Layer::Embedding);
    assert_eq!(said(&told, table), [""; 0]);
    // A bias makes it a Linear; one of another length a transposed convolution.
    assert_eq!(
        said(
            &Rules::of(Transformer),
            &[("fc.weight", &[10, 4]), ("fc.bias", &[10])]
        ),
        [""; 0]
    );
    assert_eq!(
        said(
            &Rules::of(ResNet),
            &[("up.weight", &[8, 3, 2, 2]), ("up.bias", &[3])]
        ),
        [""; 0]
    );
    let conv: &[(&str, &[i64])] = &[("c.weight", &[8, 3, 2, 2])];
    assert_eq!(said(&Rules::of(ResNet), conv).len(), 1);
    assert_eq!(said(&Rules::of(Gan), conv), [""; 0]);
    let norm: &[(&str, &[i64])] = &[("n.weight", &[8]), ("n.bias", &[8])];
    assert_eq!(said(&Rules::of(ResNet), norm), [""; 0]);
    let unequal = Rules::of(recipe!(LayerNorm(zeros)));
    assert_eq!(said(&unequal, norm).len(), 1);
}

#[test]
fn what_is_wrong_is_said() {
    let conv: &[(&str, &[i64])] = &[("c.weight", &[8, 3, 2, 2])];
    assert_eq!(
        said(&Rules::of(Gan).layer("c.weight", Layer::Embedding), conv),
        [
            "`c.weight`: `c.weight` [8, 3, 2, 2] is the weight of no `Embedding`, but of a `Conv` or a `ConvTranspose`; \
             correct the pattern"
        ]
    );
    let unused = said(&Rules::of(Gan).layer("d.weight", Layer::Conv), conv);
    assert_eq!(
        unused,
        [
            "`d.weight`: it matches no weight; the nearest is `c.weight`; correct the pattern or leave it out"
        ]
    );
    assert_eq!(
        said(&Rules::of(Gan), &[("lstm.weight_ih_l0", &[8, 4])]).len(),
        1
    );
    let gpt2 = said(
        &Rules::of(Gpt2::new(1)),
        &[("h.proj.weight", &[4, 4]), ("h.proj.bias", &[4])],
    );
    assert!(gpt2[0].contains("the nearest is `h.proj`"), "{gpt2:?}");
}

#[test]
fn rules_come_before_the_recipe() {
    let rules = rules! { "head.weight" => orthogonal }.recipe(Gan);
    let variables = [
        ("head.weight", vec![4, 4], Dtype::F32),
        ("head.bias", vec![4], Dtype::F32),
    ];
    let blueprint = rules.blueprint(variables).unwrap();
    let law = |index: usize| {
        blueprint.entries()[index].steps()[0]
            .law()
            .unwrap()
            .to_string()
    };
    assert_eq!(law(0), "orthogonal(gain 1)");
    assert_eq!(law(1), "U(-0.5, 0.5)");
}

#[test]
fn recurrent_layers_start_with_orthogonal_gates() {
    let vs = store();
    let root = vs.root();
    let config = nn::RNNConfig {
        num_layers: 2,
        bidirectional: true,
        ..Default::default()
    };
    let _lstm = nn::lstm(&root / "lstm", 6, 8, config);
    let _head = nn::linear(&root / "head", 16, 3, nn::LinearConfig::default());
    let rules = Rules::lstm(8).recipe(nninit::recipes::TorchDefault);
    rules.try_init(&vs, &mut rng(1)).unwrap().verify().unwrap();
    let variables = vs.variables();
    let off_the_identity = |matrix: &Tensor| {
        let eye = Tensor::eye(8, (tch::Kind::Double, tch::Device::Cpu));
        (matrix.matmul(&matrix.tr()) - eye)
            .abs()
            .max()
            .double_value(&[])
    };
    for layer in ["l0", "l0_reverse", "l1", "l1_reverse"] {
        let of = |name: &str| variables[&format!("lstm.{name}_{layer}")].to_kind(tch::Kind::Double);
        for gate in of("weight_hh").chunk(4, 0) {
            // 8 rows of 8 products of singles.
            assert!(
                off_the_identity(&gate) < 64.0 * f64::from(f32::EPSILON),
                "{layer}"
            );
        }
        let inputs = of("weight_ih");
        let bound = (6.0 / (8.0 + inputs.size()[1] as f64)).sqrt();
        let largest = inputs.abs().max().double_value(&[]);
        assert!(
            largest <= bound && largest > 0.8 * bound,
            "{layer}: {largest} of {bound}"
        );
        let expected = Tensor::from_slice(&[[0.0; 8], [1.0; 8], [0.0; 8], [0.0; 8]].concat());
        assert_eq!(of("bias_ih"), expected, "{layer}");
        assert_eq!(of("bias_hh").abs().max().double_value(&[]), 0.0, "{layer}");
    }
    let gru = store();
    let _layer = nn::gru(gru.root(), 6, 8, nn::RNNConfig::default());
    Rules::gru()
        .try_init(&gru, &mut rng(1))
        .unwrap()
        .verify()
        .unwrap();
    for gate in gru.variables()["weight_hh_l0"]
        .to_kind(tch::Kind::Double)
        .chunk(3, 0)
    {
        assert!(off_the_identity(&gate) < 64.0 * f64::from(f32::EPSILON));
    }
}
