//! Each input that cannot be used: the error that says so, and the panic with the same text.

use std::panic::{AssertUnwindSafe, catch_unwind};

use nninit::declare::{Describe, Spec, Step};
use nninit::{
    BoxError, Error, FanMode, Initialize, Initializer, Law, Nonlinearity, ScalingDistribution,
    Target, TorchRng, init, schemes,
};
use nninit_tests::sources::Counted;
use tch::{Device, Kind, Tensor};

const FLOAT: (Kind, Device) = (Kind::Float, Device::Cpu);

// By name, because the derive refuses such literals while compiling.
const NEGATIVE: f64 = -1.0;
const INFINITE: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;
const TWO: f64 = 2.0;
const THREE: i64 = 3;

/// Declares a model of one tensor and panics unless it is refused with this text after `cannot initialise `.
macro_rules! refused {
    ($tensor:expr, $(#[init($($declared:tt)+)])+, $text:expr) => {{
        #[derive(Initialize)]
        struct Model {
            $(#[init($($declared)+)])+
            weight: Tensor,
        }

        assert_refused(&mut Model { weight: $tensor }, &format!("cannot initialise {}", $text));
    }};
}

/// Declares a model of one tensor and panics unless it is initialised.
macro_rules! accepted {
    ($tensor:expr, #[init($($declared:tt)+)]) => {{
        #[derive(Initialize)]
        struct Model {
            #[init($($declared)+)]
            weight: Tensor,
        }

        let mut model = Model { weight: $tensor };
        let outcome = model.try_init(&mut Counted::default()).map(drop);
        assert_eq!(outcome, Ok(()));
        model.weight
    }};
}

#[track_caller]
fn assert_refused(model: &mut impl Initialize, text: &str) {
    let mut rng = Counted::default();
    let error = model.try_init(&mut rng).map(drop).unwrap_err();
    assert_eq!(error.to_string(), text);
    assert!(matches!(error, Error::Plan { .. }));
    let panic = catch_unwind(AssertUnwindSafe(|| model.init(&mut rng))).unwrap_err();
    assert_eq!(
        panic.downcast_ref::<String>().map(String::as_str),
        Some(text)
    );
    assert_eq!(rng.words, 0);
}

fn tensor(shape: &[i64]) -> Tensor {
    Tensor::zeros(shape, FLOAT)
}

fn of_kind(kind: Kind) -> Tensor {
    Tensor::zeros([2, 2], (kind, Device::Cpu))
}

#[test]
fn fans_need_two_dimensions() {
    let fans = "fan_in and fan_out need at least 2 dimensions and this has";
    let instead = "use `normal`, `uniform` or a constant, or say whose fans with `fan_of = …`, a tensor or a shape";
    refused!(tensor(&[8]), #[init(xavier_uniform)], format!("`weight` [8]: xavier_uniform: {fans} 1; {instead}"));
    refused!(tensor(&[8]), #[init(xavier_normal)], format!("`weight` [8]: xavier_normal: {fans} 1; {instead}"));
    refused!(tensor(&[8]), #[init(kaiming_uniform)], format!("`weight` [8]: kaiming_uniform: {fans} 1; {instead}"));
    refused!(
        tensor(&[]),
        #[init(kaiming_normal, mode = "fan_out")],
        format!("`weight` []: kaiming_normal(mode = \"fan_out\"): {fans} 0; {instead}")
    );
    refused!(tensor(&[8]), #[init(lecun_uniform)], format!("`weight` [8]: lecun_uniform: {fans} 1; {instead}"));
    refused!(tensor(&[8]), #[init(lecun_normal)], format!("`weight` [8]: lecun_normal: {fans} 1; {instead}"));
}

#[test]
fn a_fan_of_zero_has_no_scale() {
    refused!(
        tensor(&[8]),
        #[init(kaiming_uniform, fan_of = [8, 0])],
        "`weight` [8]: kaiming_uniform: fan_in is 0, so the scheme has no finite scale; use a scheme without fans"
    );
    refused!(
        tensor(&[8]),
        #[init(xavier_normal, fan_of = [0, 0])],
        "`weight` [8]: xavier_normal: fan_in + fan_out is 0, so the scheme has no finite scale; use a scheme without fans"
    );
}

#[test]
fn schemes_of_matrices_and_convolutions_need_their_ranks() {
    refused!(tensor(&[8]), #[init(eye)], "`weight` [8]: eye: needs exactly 2 dimensions and this has 1");
    refused!(
        tensor(&[2, 3, 4]),
        #[init(identity, gain = 2)],
        "`weight` [2, 3, 4]: identity(gain = 2): needs exactly 2 dimensions and this has 3"
    );
    refused!(tensor(&[4, 4]), #[init(dirac)], "`weight` [4, 4]: dirac: needs 3, 4 or 5 dimensions and this has 2");
    refused!(
        tensor(&[1, 1, 1, 1, 1, 1]),
        #[init(dirac)],
        "`weight` [1, 1, 1, 1, 1, 1]: dirac: needs 3, 4 or 5 dimensions and this has 6"
    );
    refused!(
        tensor(&[4, 4]),
        #[init(delta_orthogonal)],
        "`weight` [4, 4]: delta_orthogonal: needs 3, 4 or 5 dimensions and this has 2"
    );
    refused!(
        tensor(&[2, 3, 1]),
        #[init(delta_orthogonal)],
        "`weight` [2, 3, 1]: delta_orthogonal: needs at least as many outputs as inputs, and this has 2 outputs for 3 inputs; \
         use `orthogonal` or `dirac`"
    );
    refused!(
        tensor(&[8]),
        #[init(sparse, sparsity = 0.1)],
        "`weight` [8]: sparse(sparsity = 0.1): needs exactly 2 dimensions and this has 1"
    );
    refused!(
        tensor(&[2, 2, 2]),
        #[init(sparse, sparsity = 0.1)],
        "`weight` [2, 2, 2]: sparse(sparsity = 0.1): needs exactly 2 dimensions and this has 3"
    );
    refused!(tensor(&[8]), #[init(orthogonal)], "`weight` [8]: orthogonal: needs at least 2 dimensions and this has 1");
}

#[test]
fn groups_divide_the_first_dimension() {
    refused!(
        tensor(&[8, 4, 3]),
        #[init(dirac, groups = THREE)],
        "`weight` [8, 4, 3]: dirac(groups = THREE): groups = 3 does not divide the first dimension, 8; write the `groups` of \
         the layer's own configuration"
    );
    refused!(
        tensor(&[8, 4, 3]),
        #[init(dirac, groups = THREE - 3)],
        "`weight` [8, 4, 3]: dirac(groups = THREE - 3): groups = 0 does not divide the first dimension, 8; write the `groups` \
         of the layer's own configuration"
    );
    refused!(
        tensor(&[8, 4, 3]),
        #[init(kaiming_normal, groups = 3)],
        "`weight` [8, 4, 3]: kaiming_normal: groups = 3 does not divide the first dimension, 8; write the `groups` of the \
         layer's own configuration"
    );
}

#[test]
fn standard_deviations_are_finite_and_not_negative() {
    refused!(
        tensor(&[2]),
        #[init(normal, std = NEGATIVE)],
        "`weight` [2]: normal(std = NEGATIVE): `std` is -1; it must be 0 or more"
    );
    refused!(
        tensor(&[2]),
        #[init(normal, std = NAN)],
        "`weight` [2]: normal(std = NAN): `std` is NaN; it must be finite"
    );
    refused!(
        tensor(&[2]),
        #[init(trunc_normal, std = INFINITE)],
        "`weight` [2]: trunc_normal(std = INFINITE): `std` is inf; it must be finite"
    );
    refused!(
        tensor(&[2]),
        #[init(trunc_normal, std = NEGATIVE)],
        "`weight` [2]: trunc_normal(std = NEGATIVE): `std` is -1; it must be 0 or more"
    );
    refused!(
        tensor(&[2, 2]),
        #[init(sparse, sparsity = 0.5, std = NEGATIVE)],
        "`weight` [2, 2]: sparse(sparsity = 0.5, std = NEGATIVE): `std` is -1; it must be 0 or more"
    );
    refused!(
        tensor(&[2]),
        #[init(normal, mean = NAN)],
        "`weight` [2]: normal(mean = NAN): `mean` is NaN; it must be finite"
    );
}

#[test]
fn gains_and_slopes_are_finite() {
    refused!(
        tensor(&[2, 2]),
        #[init(xavier_normal, gain = NAN)],
        "`weight` [2, 2]: xavier_normal(gain = NAN): `gain` is NaN; it must be finite"
    );
    refused!(
        tensor(&[2, 2]),
        #[init(xavier_uniform, gain = INFINITE)],
        "`weight` [2, 2]: xavier_uniform(gain = INFINITE): `gain` is inf; it must be finite"
    );
    refused!(
        tensor(&[2, 2]),
        #[init(orthogonal, gain = NAN)],
        "`weight` [2, 2]: orthogonal(gain = NAN): `gain` is NaN; it must be finite"
    );
    refused!(
        tensor(&[2, 2]),
        #[init(kaiming_uniform, a = NAN)],
        "`weight` [2, 2]: kaiming_uniform(a = NAN): `a` is NaN; it must be finite"
    );
    refused!(
        tensor(&[2, 2]),
        #[init(normal, scale = NAN)],
        "`weight` [2, 2]: normal: `scale` is NaN; it must be finite"
    );
}

#[test]
fn numbers_are_in_their_range() {
    refused!(
        tensor(&[2, 2]),
        #[init(variance_scaling, scale = NEGATIVE)],
        "`weight` [2, 2]: variance_scaling(scale = NEGATIVE): `scale` is -1; it must be above 0"
    );
    refused!(
        tensor(&[2, 2]),
        #[init(kaiming_normal, gain = NEGATIVE)],
        "`weight` [2, 2]: kaiming_normal(gain = NEGATIVE): `gain` is -1; it must be 0 or more"
    );
    refused!(
        tensor(&[2, 2]),
        #[init(spectral, gain = NAN)],
        "`weight` [2, 2]: spectral(gain = NAN): `gain` is NaN; it must be finite"
    );
    refused!(
        tensor(&[2, 2]),
        #[init(siren, omega = NEGATIVE)],
        "`weight` [2, 2]: siren(omega = NEGATIVE): `omega` is -1; it must be above 0"
    );
    refused!(
        tensor(&[2]),
        #[init(small_init, dim = THREE - 3)],
        "`weight` [2]: small_init(dim = THREE - 3): `dim` is 0; it must be above 0"
    );
    refused!(
        tensor(&[2]),
        #[init(trunc_normal, cut = NAN)],
        "`weight` [2]: trunc_normal(cut = NAN): `cut` is NaN; it must be above 0"
    );
    refused!(
        tensor(&[2]),
        #[init(trunc_normal, std = INFINITE, cut = 2, keep_std)],
        "`weight` [2]: trunc_normal(std = INFINITE, cut = 2, keep_std): `std` is inf; it must be finite"
    );
    refused!(
        tensor(&[2]),
        #[init(bias_prob, p = TWO)],
        "`weight` [2]: bias_prob(p = TWO): `p` is 2; it must be above 0 and below 1"
    );
}

/// A logarithm of 0 is a head that is dead for ever.
#[test]
fn what_a_logarithm_is_taken_of_is_positive() {
    const ZERO: f64 = 0.0;
    refused!(
        tensor(&[2]),
        #[init(a_log, low = ZERO)],
        "`weight` [2]: a_log(low = ZERO): `low` is 0; it must be above 0, where a logarithm is taken, and not below \
         2.3e-308"
    );
    refused!(
        tensor(&[2]),
        #[init(log_uniform, low = 1e-310, high = 1)],
        "`weight` [2]: log_uniform(low = 1e-310, high = 1): `low` is 1e-310; it must be above 0, where a \
         logarithm is taken, and not below 2.3e-308"
    );
    refused!(
        tensor(&[2]),
        #[init(log_uniform, low = TWO, high = 1)],
        "`weight` [2]: log_uniform(low = TWO, high = 1): the lower bound is 2, above the upper one, which is 1"
    );
    refused!(
        tensor(&[2]),
        #[init(dt_bias, floor = NAN)],
        "`weight` [2]: dt_bias(floor = NAN): `floor` is NaN; it must be finite"
    );
    refused!(
        of_kind(Kind::Half),
        #[init(log_uniform, low = 1, high = 1e5)],
        "`weight` [2, 2]: log_uniform(low = 1, high = 1e5): a draw of 100000 cannot be held by f16, which reaches from -65504 to \
         65504"
    );
    let zero = accepted!(tensor(&[3]), #[init(log_uniform, low = 1, high = 2, scale = 0)]);
    assert_eq!(Vec::<f64>::try_from(zero).unwrap(), [0.0; 3]);
}

/// What a table is made for, by its shape.
#[test]
fn biases_of_gates_have_their_length() {
    const FIVE: i64 = 5;
    const ONE: i64 = 1;
    refused!(
        tensor(&[9]),
        #[init(chrono, max = 100)],
        "`weight` [9]: chrono(max = 100): needs a bias of 4 gates, [4 · hidden], and this is [9]; an LSTM has \
         `gates = 4`, a GRU `gates = 3`"
    );
    refused!(
        tensor(&[8, 2]),
        #[init(chrono, max = 100)],
        "`weight` [8, 2]: chrono(max = 100): needs a bias of 4 gates, [4 · hidden], and this is [8, 2]; an LSTM has \
         `gates = 4`, a GRU `gates = 3`"
    );
    refused!(
        tensor(&[10]),
        #[init(chrono, max = 100, gates = FIVE)],
        "`weight` [10]: chrono(max = 100, gates = FIVE): gates = 5, and an LSTM has `gates = 4`, a GRU `gates = 3`"
    );
    refused!(
        tensor(&[8]),
        #[init(chrono, max = ONE)],
        "`weight` [8]: chrono(max = ONE): `max` is 1; it must be 2 or more"
    );
}

#[test]
fn tables_have_shapes_of_their_own() {
    const SEVEN: i64 = 7;
    refused!(
        tensor(&[1, 197, 768]),
        #[init(sincos_positions, prefix = 1, width = 14)],
        "`weight` [1, 197, 768]: sincos_positions(prefix = 1, width = 14): needs [positions, channels], or \
         `batch = 1` before them, and this is [1, 197, 768]"
    );
    refused!(
        tensor(&[196, 768]),
        #[init(sincos_positions, prefix = 1, width = SEVEN)],
        "`weight` [196, 768]: sincos_positions(prefix = 1, width = SEVEN): of 196 rows prefix = 1 leave 195, \
         which are not rows of a grid of width = 7; write how many columns the grid has, and how many tokens stand \
         before it"
    );
    refused!(
        tensor(&[8, 7]),
        #[init(sincos_positions)],
        "`weight` [8, 7]: sincos_positions: needs an even number of channels, sines and cosines, and this is [8, 7]"
    );
    refused!(
        tensor(&[8, 6]),
        #[init(sincos_positions, width = THREE - 3)],
        "`weight` [8, 6]: sincos_positions(width = THREE - 3): `width` is 0; it must be 1 or more"
    );
    refused!(
        tensor(&[8, 6]),
        #[init(sincos_positions, base = INFINITE)],
        "`weight` [8, 6]: sincos_positions(base = INFINITE): `base` is inf; it must be finite"
    );
    refused!(
        tensor(&[1, 8]),
        #[init(alibi_slopes)],
        "`weight` [1, 8]: alibi_slopes: needs the heads in the first dimension, and 1 in all others, and this is [1, 8]"
    );
    refused!(
        tensor(&[8, 4, 3, 3]),
        #[init(bilinear)],
        "`weight` [8, 4, 3, 3]: bilinear: needs as many inputs as outputs, each by itself, or a single input as in a \
         convolution of as many groups as channels, and this is [8, 4, 3, 3]"
    );
    refused!(
        tensor(&[3, 4]),
        #[init(hippo_legs)],
        "`weight` [3, 4]: hippo_legs: needs a square matrix, and this is [3, 4]"
    );
    refused!(
        Tensor::zeros([2, 228], (Kind::Half, Device::Cpu)),
        #[init(s4d_inv)],
        "`weight` [2, 228]: s4d_inv: a value of 66042.93518541289 cannot be held by f16, which reaches from -65504 to \
         65504"
    );
    refused!(
        Tensor::zeros([4], (Kind::Int64, Device::Cpu)),
        #[init(a_log_range)],
        "`weight` [4]: a_log_range: draws real numbers, and this tensor is of kind i64; only f64, f32, f16 and bf16 can \
         hold them, other kinds take `constant`, `ones`, `zeros`, `copy` or `skip`"
    );
    let _ = accepted!(tensor(&[12, 1, 4, 4]), #[init(bilinear)]);
}

/// PyTorch's generators refuse a negative width too, in their own words. An orthogonal matrix may well be mirrored.
#[test]
fn gains_of_random_schemes_are_not_negative() {
    refused!(
        tensor(&[2, 2]),
        #[init(xavier_uniform, gain = NEGATIVE)],
        "`weight` [2, 2]: xavier_uniform(gain = NEGATIVE): `gain` is -1; it must be 0 or more"
    );
    refused!(
        tensor(&[2, 2]),
        #[init(glorot_normal, gain = NEGATIVE)],
        "`weight` [2, 2]: glorot_normal(gain = NEGATIVE): `gain` is -1; it must be 0 or more"
    );
    let _ = accepted!(tensor(&[2, 2]), #[init(orthogonal, gain = NEGATIVE)]);
}

#[test]
fn bounds_are_finite_in_order_and_not_too_far_apart() {
    refused!(
        tensor(&[2]),
        #[init(uniform, a = TWO)],
        "`weight` [2]: uniform(a = TWO): the bounds are the wrong way round: `a` is 2 and `b` is 1; write the smaller one as `a`"
    );
    refused!(
        tensor(&[2]),
        #[init(trunc_normal, b = -TWO - 1.0)],
        "`weight` [2]: trunc_normal(b = -TWO - 1.0): the bounds are the wrong way round: `a` is -2 and `b` is -3; write the \
         smaller one as `a`"
    );
    refused!(
        tensor(&[2]),
        #[init(uniform, b = INFINITE)],
        "`weight` [2]: uniform(b = INFINITE): `b` is inf; it must be finite"
    );
    refused!(
        tensor(&[2]),
        #[init(trunc_normal, a = NAN)],
        "`weight` [2]: trunc_normal(a = NAN): `a` is NaN; it must be finite"
    );
    refused!(
        of_kind(Kind::Double),
        #[init(uniform, a = -1.5e308, b = 1.5e308)],
        "`weight` [2, 2]: uniform(a = -1.5e308, b = 1.5e308): the interval from -1.5e308 to 1.5e308 is too wide: its width \
         overflows"
    );
    refused!(
        tensor(&[2]),
        #[init(uniform, a = -3e38, b = 3e38)],
        "`weight` [2]: uniform(a = -3e38, b = 3e38): the interval from -3e38 to 3e38 is too wide: its width overflows"
    );
}

#[test]
fn an_interval_of_one_number_gives_that_number() {
    for kind in [Kind::Float, Kind::Double, Kind::Half, Kind::BFloat16] {
        let uniform = accepted!(of_kind(kind), #[init(uniform, a = 1, b = 1)]);
        let trunc_normal = accepted!(of_kind(kind), #[init(trunc_normal, a = 1, b = 1)]);
        assert_eq!(uniform, Tensor::ones([2, 2], (kind, Device::Cpu)));
        assert_eq!(trunc_normal, Tensor::ones([2, 2], (kind, Device::Cpu)));
    }
}

#[test]
fn numbers_fit_the_kind() {
    refused!(
        of_kind(Kind::Half),
        #[init(constant, val = 1e5)],
        "`weight` [2, 2]: constant(val = 1e5): the value 100000 cannot be held by f16, which reaches from -65504 to 65504"
    );
    refused!(
        of_kind(Kind::Float),
        #[init(constant, val = 1e39)],
        "`weight` [2, 2]: constant(val = 1e39): the value 1e39 cannot be held by f32, which reaches from -3.4028234663852886e38 to \
         3.4028234663852886e38"
    );
    refused!(
        of_kind(Kind::Uint8),
        #[init(constant, val = -1)],
        "`weight` [2, 2]: constant(val = -1): the value -1 cannot be held by u8, which reaches from 0 to 255"
    );
    refused!(
        of_kind(Kind::Bool),
        #[init(constant, val = 2)],
        "`weight` [2, 2]: constant(val = 2): the value 2 cannot be held by bool, which reaches from 0 to 1"
    );
    refused!(
        of_kind(Kind::Int64),
        #[init(constant, val = 0.5)],
        "`weight` [2, 2]: constant(val = 0.5): the value 0.5 is not a whole number, and this tensor is of kind i64"
    );
    refused!(
        of_kind(Kind::Float),
        #[init(constant, val = NAN)],
        "`weight` [2, 2]: constant(val = NAN): `val` is NaN; it must be finite"
    );
    refused!(
        of_kind(Kind::Half),
        #[init(uniform, b = 7e4)],
        "`weight` [2, 2]: uniform(b = 7e4): the bound 70000 cannot be held by f16, which reaches from -65504 to 65504"
    );
    refused!(
        of_kind(Kind::Float),
        #[init(trunc_normal, a = -1e40, b = -1e39)],
        "`weight` [2, 2]: trunc_normal(a = -1e40, b = -1e39): a draw of -1e39 cannot be held by f32, which reaches from -3.4028234663852886e38 to \
         3.4028234663852886e38"
    );
    refused!(
        of_kind(Kind::Half),
        #[init(normal, mean = 1e5)],
        "`weight` [2, 2]: normal(mean = 1e5): the mean 100000 cannot be held by f16, which reaches from -65504 to 65504"
    );
    refused!(
        of_kind(Kind::Half),
        #[init(normal, std = 1e4)],
        "`weight` [2, 2]: normal(std = 1e4): a draw of 95000 cannot be held by f16, which reaches from -65504 to 65504"
    );
    refused!(
        of_kind(Kind::Half),
        #[init(identity, gain = 1e5)],
        "`weight` [2, 2]: identity(gain = 1e5): the gain 100000 cannot be held by f16, which reaches from -65504 to 65504"
    );
}

/// Masks are made of infinities.
#[test]
fn an_infinite_constant_is_a_number_of_every_float() {
    for kind in [Kind::Float, Kind::Double, Kind::Half, Kind::BFloat16] {
        let mask = accepted!(of_kind(kind), #[init(constant, val = -INFINITE)]);
        assert_eq!(mask.double_value(&[1, 1]), f64::NEG_INFINITY);
    }
}

#[test]
fn a_share_lies_between_none_and_all() {
    refused!(
        tensor(&[2, 2]),
        #[init(sparse, sparsity = TWO)],
        "`weight` [2, 2]: sparse(sparsity = TWO): `sparsity` is 2; it is the share of zeros in each column, from 0 to 1"
    );
    refused!(
        tensor(&[2, 2]),
        #[init(sparse, sparsity = NEGATIVE)],
        "`weight` [2, 2]: sparse(sparsity = NEGATIVE): `sparsity` is -1; it is the share of zeros in each column, from 0 to 1"
    );
    refused!(
        tensor(&[2, 2]),
        #[init(sparse, sparsity = NAN)],
        "`weight` [2, 2]: sparse(sparsity = NAN): `sparsity` is NaN; it is the share of zeros in each column, from 0 to 1"
    );
}

#[test]
fn random_values_need_a_kind_that_holds_them() {
    let names = [
        (Kind::Uint8, "u8"),
        (Kind::Int8, "i8"),
        (Kind::Int16, "i16"),
        (Kind::Int, "i32"),
        (Kind::Int64, "i64"),
        (Kind::Bool, "bool"),
        (Kind::Float8e4m3fn, "float8_e4m3fn"),
        (Kind::Float8e5m2, "float8_e5m2"),
        (Kind::Float8e4m3fnuz, "float8_e4m3fnuz"),
        (Kind::Float8e5m2fnuz, "float8_e5m2fnuz"),
    ];
    for (kind, name) in names {
        let reason = format!(
            "draws real numbers, and this tensor is of kind {name}; only f64, f32, f16 and bf16 can hold them, other kinds take \
             `constant`, `ones`, `zeros`, `copy` or `skip`"
        );
        refused!(of_kind(kind), #[init(uniform)], format!("`weight` [2, 2]: uniform: {reason}"));
        refused!(of_kind(kind), #[init(normal)], format!("`weight` [2, 2]: normal: {reason}"));
        refused!(of_kind(kind), #[init(trunc_normal)], format!("`weight` [2, 2]: trunc_normal: {reason}"));
        refused!(of_kind(kind), #[init(kaiming_normal)], format!("`weight` [2, 2]: kaiming_normal: {reason}"));
        refused!(of_kind(kind), #[init(orthogonal)], format!("`weight` [2, 2]: orthogonal: {reason}"));
        refused!(
            of_kind(kind),
            #[init(sparse, sparsity = 0.5)],
            format!("`weight` [2, 2]: sparse(sparsity = 0.5): {reason}")
        );
    }
}

/// Constants go wherever they can be held.
#[test]
fn constants_are_written_to_any_kind() {
    let kinds = [
        Kind::Uint8,
        Kind::Int8,
        Kind::Int16,
        Kind::Int,
        Kind::Int64,
        Kind::Bool,
        Kind::ComplexFloat,
        Kind::ComplexDouble,
        Kind::Float8e4m3fn,
        Kind::Float8e5m2,
    ];
    for kind in kinds {
        let ones = accepted!(of_kind(kind), #[init(ones)]);
        let float = if kind == Kind::ComplexFloat || kind == Kind::ComplexDouble {
            ones.real()
        } else {
            ones.to_kind(Kind::Float)
        };
        assert_eq!(
            float.to_kind(Kind::Float),
            Tensor::ones([2, 2], FLOAT),
            "{kind:?}"
        );
    }
    let large =
        accepted!(of_kind(Kind::Int64), #[init(constant, val = 9_007_199_254_740_992_i64 as f64)]);
    assert_eq!(large.int64_value(&[0, 0]), 9_007_199_254_740_992);
}

#[test]
fn tensors_are_defined_dense_and_do_not_overlap_themselves() {
    let undefined =
        "the tensor is undefined: it was made by `Tensor::new()` and never given a value";
    refused!(Tensor::new(), #[init(normal)], format!("`weight`: normal: {undefined}"));
    refused!(Tensor::new(), #[init(zeros)], format!("`weight`: zeros: {undefined}"));
    let eye = || Tensor::eye(3, FLOAT);
    let sparse = "the tensor is sparse; only strided (dense) tensors that hold their own values can be initialised";
    refused!(eye().to_sparse_sparse_dim(2), #[init(normal)], format!("`weight`: normal: {sparse}"));
    refused!(eye().to_sparse_csr(None::<i64>), #[init(normal)], format!("`weight`: normal: {sparse}"));
    refused!(eye().to_sparse_csc(None::<i64>), #[init(normal)], format!("`weight`: normal: {sparse}"));
    refused!(eye().to_sparse_bsr([3, 3], None::<i64>), #[init(normal)], format!("`weight`: normal: {sparse}"));
    refused!(
        tensor(&[2, 3]).to_mkldnn(),
        #[init(normal)],
        "`weight`: normal: the tensor is in oneDNN's own layout; only strided (dense) tensors that hold their own \
         values can be initialised"
    );
    let overlapping = "several elements share one place in memory (an expanded tensor); initialise the tensor it was \
                       expanded from, or a `contiguous()` copy";
    refused!(tensor(&[3]).expand([2, 3], false), #[init(normal)], format!("`weight`: normal: {overlapping}"));
    refused!(tensor(&[3]).expand([2, 3], false), #[init(ones)], format!("`weight`: ones: {overlapping}"));
    refused!(
        tensor(&[9]).as_strided([4, 3], [2, 1], None),
        #[init(normal)],
        format!("`weight`: normal: {overlapping}")
    );
}

/// What is left as it is may be anything.
#[test]
fn skip_looks_at_no_tensor() {
    let _ = accepted!(tensor(&[3]).expand([2, 3], false), #[init(skip)]);
    let _ = accepted!(Tensor::eye(3, FLOAT).to_sparse_csr(None::<i64>), #[init(skip)]);
    let _ = accepted!(of_kind(Kind::ComplexFloat), #[init(skip)]);
    let _ = accepted!(Tensor::new(), #[init(skip)]);
}

/// There is nothing to write, and nothing wrong. PyTorch's `kaiming_*` do not even look at the fans.
#[test]
fn tensors_without_elements_are_left_alone_by_schemes_that_fit_them() {
    let shapes: [&[i64]; 5] = [&[0], &[0, 3], &[3, 0], &[2, 0, 3], &[0, 1, 2, 3, 4, 5]];
    for kind in [Kind::Float, Kind::Half] {
        for shape in shapes {
            let empty = || Tensor::zeros(shape, (kind, Device::Cpu));
            let _ = accepted!(empty(), #[init(uniform)]);
            let _ = accepted!(empty(), #[init(normal)]);
            let _ = accepted!(empty(), #[init(trunc_normal)]);
            let _ = accepted!(empty(), #[init(ones)]);
            let _ = accepted!(empty(), #[init(zeros)]);
            let _ = accepted!(empty(), #[init(kaiming_uniform)]);
            let _ = accepted!(empty(), #[init(kaiming_normal)]);
            let _ = accepted!(empty(), #[init(he_uniform, mode = "fan_avg")]);
            let _ = accepted!(empty(), #[init(he_normal)]);
            let _ = accepted!(empty(), #[init(lecun_uniform)]);
            let _ = accepted!(empty(), #[init(lecun_normal)]);
        }
    }
    for shape in [[0, 3], [3, 0]] {
        let empty = || tensor(&shape);
        let _ = accepted!(empty(), #[init(eye)]);
        let _ = accepted!(empty(), #[init(identity)]);
        let _ = accepted!(empty(), #[init(xavier_uniform)]);
        let _ = accepted!(empty(), #[init(xavier_normal)]);
        let _ = accepted!(empty(), #[init(orthogonal)]);
        let _ = accepted!(empty(), #[init(sparse, sparsity = 0.5)]);
    }
    let _ = accepted!(tensor(&[4, 0, 3]), #[init(dirac, groups = 2)]);
    let _ = accepted!(tensor(&[4, 0, 3]), #[init(delta_orthogonal)]);
    let _ = accepted!(Tensor::zeros([0], (Kind::Int64, Device::Cpu)), #[init(zeros)]);
}

/// What is wrong with a scheme is wrong without elements too, as PyTorch has it: a hidden size of 0 hides no mistake.
#[test]
fn tensors_without_elements_hide_no_mistake() {
    refused!(tensor(&[0]), #[init(eye)], "`weight` [0]: eye: needs exactly 2 dimensions and this has 1");
    refused!(tensor(&[0]), #[init(orthogonal)], "`weight` [0]: orthogonal: needs at least 2 dimensions and this has 1");
    refused!(
        tensor(&[0]),
        #[init(sparse, sparsity = 0.5)],
        "`weight` [0]: sparse(sparsity = 0.5): needs exactly 2 dimensions and this has 1"
    );
    refused!(
        tensor(&[4, 0, 3]),
        #[init(dirac, groups = THREE)],
        "`weight` [4, 0, 3]: dirac(groups = THREE): groups = 3 does not divide the first dimension, 4; write the `groups` of the \
         layer's own configuration"
    );
    refused!(
        tensor(&[0]),
        #[init(normal, std = NEGATIVE)],
        "`weight` [0]: normal(std = NEGATIVE): `std` is -1; it must be 0 or more"
    );
    refused!(
        tensor(&[0]),
        #[init(uniform, a = TWO)],
        "`weight` [0]: uniform(a = TWO): the bounds are the wrong way round: `a` is 2 and `b` is 1; write the smaller one as `a`"
    );
    refused!(
        tensor(&[0, 0]),
        #[init(xavier_normal)],
        "`weight` [0, 0]: xavier_normal: fan_in + fan_out is 0, so the scheme has no finite scale; use a scheme without fans"
    );
    refused!(
        Tensor::zeros([0], (Kind::Int64, Device::Cpu)),
        #[init(normal)],
        "`weight` [0]: normal: draws real numbers, and this tensor is of kind i64; only f64, f32, f16 and bf16 can hold them, \
         other kinds take `constant`, `ones`, `zeros`, `copy` or `skip`"
    );
    // Nor does a region without elements.
    refused!(
        tensor(&[4, 4]),
        #[init(skip)] #[init(eye, at = (0..0, 1))],
        "`weight` [4, 4]: eye: needs exactly 2 dimensions and this has 1"
    );
}

/// A scheme of the user's that says a law of any kind.
struct Says(Law);

impl Initializer for Says {
    fn label(&self) -> String {
        "says".to_owned()
    }

    fn law(&self, _: &Target<'_>) -> Result<Law, BoxError> {
        Ok(self.0.clone())
    }
}

/// Users' laws are checked as built-in schemes' are, before anything is written.
#[test]
fn a_law_of_the_user_s_that_does_not_fit_is_an_error_of_the_plan() {
    struct Model {
        first: Tensor,
        weight: Tensor,
        law: Law,
    }

    impl Initialize for Model {
        fn describe(&self, at: &mut Describe<'_>) {
            let ones = Step::of(schemes::ones());
            at.field("first", &self.first, Spec::new().step(ones));
            let says = Step::of(Says(self.law.clone()));
            at.field("weight", &self.weight, Spec::new().step(says));
        }
    }

    let cases: [(Law, &[i64], &str); 13] = [
        (
            Law::sparse(7, 1.0),
            &[4, 3],
            "7 zeros are wanted in each column of 4 elements; write a number from 0 to 4",
        ),
        (
            Law::sparse(-1, 1.0),
            &[4, 3],
            "-1 zeros are wanted in each column of 4 elements; write a number from 0 to 4",
        ),
        (
            Law::sparse(1, 1.0),
            &[4],
            "needs exactly 2 dimensions and this has 1",
        ),
        (
            Law::dirac(1, 1.0),
            &[4],
            "needs 3, 4 or 5 dimensions and this has 1",
        ),
        (
            Law::dirac(0, 1.0),
            &[4, 3, 3],
            "groups = 0 does not divide the first dimension, 4; write the `groups` of the layer's own configuration",
        ),
        (
            Law::dirac(3, 1.0),
            &[4, 3, 3],
            "groups = 3 does not divide the first dimension, 4; write the `groups` of the layer's own configuration",
        ),
        (
            Law::orthogonal(1.0),
            &[],
            "needs at least 2 dimensions and this has 0",
        ),
        (
            Law::orthogonal(f64::NAN),
            &[4, 3],
            "`gain` is NaN; it must be finite",
        ),
        (
            Law::eye(1.0),
            &[4],
            "needs exactly 2 dimensions and this has 1",
        ),
        (
            Law::delta_orthogonal(1.0),
            &[4, 3],
            "needs 3, 4 or 5 dimensions and this has 2",
        ),
        (
            Law::delta_orthogonal(1.0),
            &[2, 3, 3],
            "needs at least as many outputs as inputs, and this has 2 outputs for 3 inputs; use `orthogonal` or `dirac`",
        ),
        (
            Law::normal(0.0, -1.0),
            &[4],
            "`std` is -1; it must be 0 or more",
        ),
        (
            Law::trunc_normal(0.0, 1.0, f64::INFINITY, f64::INFINITY),
            &[4],
            "`a` is inf; it must be finite",
        ),
    ];
    for (law, shape, reason) in cases {
        let mut model = Model {
            first: tensor(&[2]),
            weight: tensor(shape),
            law,
        };
        let text = format!("cannot initialise `weight` {shape:?}: says: {reason}");
        assert_refused(&mut model, &text);
        assert_eq!(model.first, tensor(&[2]), "nothing is written");
    }
}

/// The shape that counts is that of the block the law is written to.
#[test]
fn a_law_is_checked_on_the_block_that_it_is_written_to() {
    refused!(
        tensor(&[4, 3, 3]),
        #[init(skip)] #[init(dirac, groups = THREE, at = 0..2)],
        "`weight` [4, 3, 3]: dirac(groups = THREE): groups = 3 does not divide the first dimension, 2; write the `groups` of the \
         layer's own configuration"
    );
    refused!(
        tensor(&[4, 4, 3]),
        #[init(delta_orthogonal, chunks = 2)],
        "`weight` [4, 4, 3]: delta_orthogonal: needs at least as many outputs as inputs, and this has 2 outputs for 4 inputs; use \
         `orthogonal` or `dirac`"
    );
    let _ = accepted!(tensor(&[6, 3, 3]), #[init(dirac, groups = THREE, chunks = 2)]);
}

/// What rounds to a kind's last number is that number, what does not is an error, and nothing panics: from our own
/// source and from libtorch's.
#[test]
fn constants_at_the_ends_of_kinds() {
    const ENDS: [(Kind, f64, f64); 12] = [
        (Kind::Float, -3.402_823_5e38, -3.402_823_466_385_288_6e38),
        (Kind::Half, 65505.0, 65504.0),
        (Kind::Half, 65519.9, 65504.0),
        (Kind::BFloat16, 3.39e38, 3.389_531_389_251_535_5e38),
        (Kind::Float8e4m3fn, 463.0, 448.0),
        (Kind::Float8e5m2, 61439.0, 57344.0),
        (Kind::Float8e4m3fnuz, -247.0, -240.0),
        (Kind::Float8e5m2fnuz, 61439.0, 57344.0),
        (Kind::Float8e4m3fn, 17.0, 16.0),
        (
            Kind::Int64,
            -9_223_372_036_854_775_808.0,
            -9_223_372_036_854_775_808.0,
        ),
        (Kind::Double, f64::MIN, f64::MIN),
        (Kind::Float, f64::NEG_INFINITY, f64::NEG_INFINITY),
    ];
    fn read(tensor: &Tensor) -> Vec<f64> {
        Vec::try_from(tensor.to_kind(Kind::Double)).unwrap()
    }
    #[derive(Initialize)]
    struct Model {
        #[init(constant, val = self.val)]
        weight: Tensor,
        val: f64,
    }
    for (kind, val, due) in ENDS {
        let mut alone = Tensor::zeros([3], (kind, Device::Cpu));
        init::constant_(&mut alone, val).unwrap();
        assert_eq!(read(&alone), [due; 3], "{kind:?} {val}");
        let mut model = Model {
            weight: Tensor::zeros([3], (kind, Device::Cpu)),
            val,
        };
        model.try_init(&mut TorchRng::manual_seed(0)).unwrap();
        assert_eq!(
            read(&model.weight),
            [due; 3],
            "{kind:?} {val}, libtorch's source"
        );
    }
    for kind in [Kind::ComplexFloat, Kind::ComplexDouble] {
        let mut complex = Tensor::zeros([3], (kind, Device::Cpu));
        init::constant_(&mut complex, -3.402_823_5e38).unwrap();
        let due = if kind == Kind::ComplexFloat {
            -3.402_823_466_385_288_6e38
        } else {
            -3.402_823_5e38
        };
        assert_eq!(read(&complex.real()), [due; 3]);
        assert_eq!(read(&complex.imag()), [0.0; 3]);
    }
    let refused = |kind, val| {
        let mut tensor = Tensor::zeros([3], (kind, Device::Cpu));
        init::constant_(&mut tensor, val).unwrap_err().to_string()
    };
    for (kind, val) in [
        (Kind::Int64, i64::MAX as f64),
        (Kind::Half, 65520.0),
        (Kind::BFloat16, 3.4e38),
        (Kind::Float, 3.5e38),
        (Kind::ComplexFloat, 3.5e38),
        (Kind::ComplexHalf, 7e4),
        (Kind::Float8e4m3fn, 465.0),
        (Kind::Float8e4m3fn, f64::INFINITY),
    ] {
        assert!(
            refused(kind, val).contains("cannot be held by"),
            "{kind:?} {val}"
        );
    }
    let mut quantised = Tensor::ones([3], FLOAT).quantize_per_tensor(0.1, 0, Kind::QInt8);
    let error = init::ones_(&mut quantised).unwrap_err().to_string();
    assert!(error.contains("the tensor is quantised"), "{error}");
}

/// A number that is no parameter of the user's is not what an error names.
#[test]
fn what_was_written_is_named() {
    const TINY: f64 = 1e-320;
    const HUGE: f64 = 1e308;
    const SHAPE: [i64; 2] = [-4, -3];
    refused!(
        tensor(&[4, 4]),
        #[init(kaiming_uniform, fan_of = SHAPE)],
        "`weight` [4, 4]: kaiming_uniform: the shape [-4, -3] has a negative length, so it is no tensor's"
    );
    refused!(
        tensor(&[4, 4]),
        #[init(kaiming_uniform, fan_of = [1, 1 << 62, 4])],
        "`weight` [4, 4]: kaiming_uniform: the fans of [1, 4611686018427387904, 4] are beyond 2⁶³, so it is no tensor's shape"
    );
    refused!(
        tensor(&[4, 4]),
        #[init(normal, std = 100, scale = HUGE)],
        "`weight` [4, 4]: normal(std = 100): `scale` is 1e308, and N(0, 100²) times that cannot be held by f32; write another"
    );
    refused!(
        tensor(&[3, 3]),
        #[init(xavier_uniform, scale = HUGE)],
        "`weight` [3, 3]: xavier_uniform: `scale` is 1e308, and U(-1, 1) times that cannot be held by f32; write another"
    );
    refused!(
        tensor(&[3, 3]),
        #[init(constant, val = 1e200, scale = 1e200)],
        "`weight` [3, 3]: constant(val = 1e200): `scale` is 1e200, and constant 1e200 times that cannot be held by f32; write \
         another"
    );
    refused!(
        tensor(&[3, 3]),
        #[init(kaiming_normal, a = 1e200)],
        "`weight` [3, 3]: kaiming_normal(a = 1e200): `a` is 1e200, whose square overflows; it is the slope below zero of the \
         leaky ReLU that follows"
    );
    let beyond = "and what follows from it is beyond every float; write another";
    refused!(
        tensor(&[4, 4]),
        #[init(siren, omega = TINY)],
        format!("`weight` [4, 4]: siren(omega = TINY): `omega` is 1e-320, {beyond}")
    );
    refused!(
        tensor(&[4]),
        #[init(trunc_normal, cut = TINY, keep_std)],
        format!("`weight` [4]: trunc_normal(cut = TINY, keep_std): `cut` is 1e-320, {beyond}")
    );
    for (scheme, name) in [
        (Step::of(schemes::kaiming_uniform().gain(f64::MAX)), "gain"),
        (Step::of(schemes::xavier_uniform().gain(f64::MAX)), "gain"),
        (Step::of(schemes::xavier_normal().gain(f64::MAX)), "gain"),
        (
            Step::of(
                schemes::variance_scaling()
                    .scale(f64::MAX)
                    .distribution(ScalingDistribution::Uniform),
            ),
            "scale",
        ),
    ] {
        let mut tensor = of_kind(Kind::Double);
        let step = scheme.fan_of([0, 1]);
        let error = init::apply_(&mut tensor, step, &mut Counted::default()).unwrap_err();
        let text = format!("`{name}` is 1.7976931348623157e308, {beyond}");
        assert!(error.to_string().ends_with(&text), "{error}");
    }
    refused!(
        tensor(&[3, 3]),
        #[init(normal, scale = NEGATIVE)],
        "`weight` [3, 3]: normal: `scale` is -1; it must be 0 or more"
    );
}

/// The free functions say the same, of a tensor without a name.
#[test]
fn functions_refuse_the_same() {
    let mut rng = Counted::default();
    let mut refused =
        |shape: &[i64],
         kind,
         text: &str,
         call: &dyn Fn(&mut Tensor, &mut Counted) -> Result<(), Error>| {
            let mut tensor = Tensor::zeros(shape, (kind, Device::Cpu));
            let error = call(&mut tensor, &mut rng).unwrap_err();
            assert_eq!(
                error.to_string(),
                format!("cannot initialise the tensor of shape {shape:?}: {text}")
            );
        };
    refused(
        &[8],
        Kind::Float,
        "eye: needs exactly 2 dimensions and this has 1",
        &|tensor, _| init::eye_(tensor).map(drop),
    );
    refused(
        &[8],
        Kind::Float,
        "kaiming_uniform: fan_in and fan_out need at least 2 dimensions and this has 1; use `normal`, `uniform` or a constant, \
         or say whose fans with `fan_of = …`, a tensor or a shape",
        &|tensor, rng| {
            init::kaiming_uniform_(tensor, 0.0, FanMode::FanIn, Nonlinearity::Relu, rng).map(drop)
        },
    );
    refused(
        &[8],
        Kind::Float,
        "normal: `std` is -1; it must be 0 or more",
        &|tensor, rng| init::normal_(tensor, 0.0, -1.0, rng).map(drop),
    );
    refused(
        &[8],
        Kind::Int64,
        "uniform: draws real numbers, and this tensor is of kind i64; only f64, f32, f16 and bf16 can hold them, other kinds \
         take `constant`, `ones`, `zeros`, `copy` or `skip`",
        &|tensor, rng| init::uniform_(tensor, 0.0, 1.0, rng).map(drop),
    );
    refused(
        &[8, 4, 3],
        Kind::Float,
        "dirac: groups = 3 does not divide the first dimension, 8; write the `groups` of the layer's own configuration",
        &|tensor, _| init::dirac_(tensor, 3).map(drop),
    );
    assert_eq!(rng.words, 0);
    let error = init::zeros_(&mut Tensor::new()).map(drop).unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot initialise the tensor: zeros: the tensor is undefined: it was made by `Tensor::new()` and never given a value"
    );
}
