//! Golden values: what each scheme writes in each kind at one seed, to the bit.
//!
//! They pin the contract on values, from the hash of the path to the last rounding. A change of any of them changes the
//! weights of models and is a value-breaking change: the changelog says so, and the new table is in the message of the
//! test that fails. Orthogonal matrices with a side above 32, once flattened, go through BLAS, are equal up to rounding
//! alone, and are not here.

use std::fmt::Write;

use nninit::{Initialize, Rules};
use nninit_language::schemes::{SCHEMES, Scheme};
use nninit_tests::bits;
use nninit_tests::sources::Seed;
use rand_distr::StandardNormal;
use tch::{Device, Kind, Tensor, nn};

const SEED: u64 = 42;

const KINDS: [Kind; 4] = [Kind::Double, Kind::Float, Kind::Half, Kind::BFloat16];

/// Declares one parameter a scheme; the field's name is its path.
macro_rules! model {
    ($($field:ident: $shape:expr, #[init($($declared:tt)+)];)+) => {
        #[derive(Initialize)]
        struct Model {
            $(
                #[init($($declared)+)]
                $field: Tensor,
            )+
        }

        impl Model {
            fn of(kind: Kind) -> Self {
                Self { $($field: Tensor::zeros($shape, (kind, Device::Cpu)),)+ }
            }

            fn into_parameters(self) -> Vec<(&'static str, Tensor)> {
                vec![$((stringify!($field), self.$field),)+]
            }
        }
    };
}

const MATRIX: [i64; 2] = [4, 6];

model! {
    uniform: MATRIX, #[init(uniform)];
    uniform_shifted: MATRIX, #[init(uniform, a = -3, b = 0.1)];
    normal: MATRIX, #[init(normal)];
    normal_shifted: MATRIX, #[init(normal, mean = 2, std = 0.02)];
    trunc_normal: MATRIX, #[init(trunc_normal)];
    trunc_normal_cut: MATRIX, #[init(trunc_normal, std = 0.02, a = -0.01, b = 0.03)];
    trunc_normal_tail: MATRIX, #[init(trunc_normal, a = 5, b = 6)];
    trunc_normal_narrow: MATRIX, #[init(trunc_normal, a = 0.1, b = 0.100_1)];
    constant: MATRIX, #[init(constant, val = 0.1)];
    ones: MATRIX, #[init(ones)];
    zeros: MATRIX, #[init(zeros)];
    eye: MATRIX, #[init(eye)];
    identity: MATRIX, #[init(identity, gain = 0.3)];
    dirac: [4, 2, 3], #[init(dirac, groups = 2)];
    xavier_uniform: MATRIX, #[init(xavier_uniform, gain = 1.5)];
    xavier_normal: MATRIX, #[init(xavier_normal)];
    glorot_uniform: MATRIX, #[init(glorot_uniform)];
    glorot_normal: MATRIX, #[init(glorot_normal)];
    kaiming_uniform: MATRIX, #[init(kaiming_uniform)];
    kaiming_normal: MATRIX, #[init(kaiming_normal, mode = "fan_out", nonlinearity = "relu")];
    he_uniform: MATRIX, #[init(he_uniform, a = 0.2)];
    he_normal: MATRIX, #[init(he_normal)];
    lecun_uniform: MATRIX, #[init(lecun_uniform)];
    lecun_normal: MATRIX, #[init(lecun_normal)];
    trunc_normal_three: MATRIX, #[init(trunc_normal, std = 0.02, cut = 3)];
    trunc_normal_kept: MATRIX, #[init(trunc_normal, std = 0.02, cut = 2, keep_std)];
    kaiming_gain: MATRIX, #[init(kaiming_uniform, gain = 1.5)];
    variance_scaling: MATRIX, #[init(variance_scaling, scale = 2)];
    variance_scaling_normal: MATRIX, #[init(variance_scaling, distribution = "untruncated_normal")];
    variance_scaling_uniform: MATRIX, #[init(variance_scaling, mode = "fan_avg", distribution = "uniform")];
    small_init: MATRIX, #[init(small_init, dim = 64)];
    spectral: MATRIX, #[init(spectral)];
    siren: MATRIX, #[init(siren)];
    siren_first: MATRIX, #[init(siren_first)];
    bias_prob: MATRIX, #[init(bias_prob, p = 0.01)];
    sample: MATRIX, #[init(sample = StandardNormal)];
    orthogonal: MATRIX, #[init(orthogonal, gain = 2)];
    orthogonal_gates: MATRIX, #[init(orthogonal, chunks = 2)];
    delta_orthogonal: [4, 2, 3], #[init(delta_orthogonal)];
    sparse: MATRIX, #[init(sparse, sparsity = 0.3)];
    log_uniform: MATRIX, #[init(log_uniform, low = 0.001, high = 0.1)];
    a_log: MATRIX, #[init(a_log)];
    dt_bias: MATRIX, #[init(dt_bias)];
    dt_bias_raised: MATRIX, #[init(dt_bias, floor = 0.01)];
    chrono: [12], #[init(chrono, max = 100)];
    chrono_of_gru: [9], #[init(chrono, max = 100, gates = 3)];
    a_log_range: MATRIX, #[init(a_log_range)];
    s4d_lin: MATRIX, #[init(s4d_lin)];
    s4d_inv: MATRIX, #[init(s4d_inv)];
    s4d_real: MATRIX, #[init(s4d_real)];
    hippo_legs: [5, 5], #[init(hippo_legs)];
    hippo_legs_b: [6], #[init(hippo_legs_b)];
    sincos_positions: [9, 2], #[init(sincos_positions)];
    sincos_interleaved: [4, 4], #[init(sincos_positions, prefix = 1, base = 500, interleaved)];
    sincos_grid: [4, 4], #[init(sincos_positions, width = 2)];
    alibi_slopes: [20], #[init(alibi_slopes)];
    bilinear: [2, 1, 3, 4], #[init(bilinear)];
    scaled: MATRIX, #[init(normal, scale = 0.5)];
    chunked: MATRIX, #[init(kaiming_normal, chunks = 2)];
    batched: [3, 4, 2], #[init(kaiming_normal, batch = 1)];
    batched_orthogonal: [3, 1, 2], #[init(orthogonal, batch = 1)];
    repeated: MATRIX, #[init(kaiming_normal, repeat = 2)];
    by_index: MATRIX, #[init(by_index = |place| 0.1 * place[1] as f64)];
    mapped: MATRIX, #[init(uniform, a = 1, b = 16, map = |x| x * x)];
    mapped_normal: MATRIX, #[init(normal, scale = 0.5, map = |x| x.clamp(-0.1, 0.3))];
    copied: [6], #[init(copy = [0.1, 0.2, 0.3, -1.0, 1e-3, 7.0])];
}

/// The first elements of each parameter in each kind, a line each: `path kind bits…`.
fn table() -> String {
    const PINNED: usize = 6;
    let mut table = String::new();
    for kind in KINDS {
        let mut model = Model::of(kind);
        model.init(&mut Seed(SEED));
        let digits = 2 * kind.elt_size_in_bytes();
        let mut parameters = model.into_parameters();
        parameters.extend(others(&parameters, kind));
        for (path, tensor) in parameters {
            let _ = write!(table, "{path} {kind:?}");
            for bits in bits::of(&tensor).into_iter().take(PINNED) {
                let _ = write!(table, " {bits:0digits$x}");
            }
            table.push('\n');
        }
    }
    table
}

/// The schemes of the language's table that the model leaves out, each with no more than it needs.
fn others(declared: &[(&'static str, Tensor)], kind: Kind) -> Vec<(&'static str, Tensor)> {
    let is_new = |scheme: &&Scheme| declared.iter().all(|(path, _)| *path != scheme.name);
    let initialised = |scheme: &Scheme| {
        let needs = scheme
            .parameters
            .iter()
            .filter(|parameter| parameter.required);
        let given: Vec<String> = needs
            .map(|parameter| format!("{}={}", parameter.name, parameter.takes.sample()))
            .collect();
        let text = format!("{} => {}({})", scheme.name, scheme.name, given.join(", "));
        let rules: Rules = text.parse().unwrap();
        let on = |shape: &[i64]| {
            let vs = nn::VarStore::new(Device::Cpu);
            let tensor = Tensor::zeros(shape, (kind, Device::Cpu));
            let tensor = vs.root().add(scheme.name, tensor, false);
            rules.try_init(&vs, &mut Seed(SEED)).map(|_| tensor)
        };
        let tensor = on(&MATRIX).or_else(|_| on(&[4, 2, 3])).unwrap();
        (scheme.name, tensor)
    };
    SCHEMES.iter().filter(is_new).map(initialised).collect()
}

#[test]
fn values_are_what_they_were() {
    let expected = include_str!("golden/values.txt");
    let found = table();
    if std::env::var_os("OVERWRITE").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/golden/values.txt");
        std::fs::write(path, &found).unwrap();
        return;
    }
    let changed: Vec<_> = expected
        .lines()
        .zip(found.lines())
        .filter(|(expected, found)| expected != found)
        .map(|(expected, found)| format!("{expected}\n  now {found}"))
        .collect();
    assert!(
        expected == found,
        "{}\n\nOVERWRITE=1 writes golden/values.txt:\n{found}",
        changed.join("\n")
    );
}

/// The elements a hundred million in, which are made without those before them.
#[test]
fn values_far_into_a_parameter() {
    #[derive(Initialize)]
    struct Far {
        #[init(skip)]
        #[init(normal, at = self.at..)]
        weight: Tensor,
        at: i64,
    }

    let at = 100_000_000;
    let weight = Tensor::zeros([at + 4], (Kind::Half, Device::Cpu));
    let mut far = Far { weight, at };
    far.init(&mut Seed(SEED));
    assert_eq!(
        bits::of(&far.weight.narrow(0, at, 4)),
        [0x323f, 0xb21b, 0xb74f, 0x332d]
    );
}
