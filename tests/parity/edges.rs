//! Arguments at and beyond the edge: where PyTorch raises or warns, ours says `Err` or logs, and where they differ the
//! documentation says why.

use std::cell::RefCell;

use nninit::{BoxError, FanMode, Nonlinearity, TorchRng, init};
use tch::{Device, Kind, Tensor};

use crate::reference::Reference;

#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Err,
    Logs,
    Silent,
}

use Outcome::{Err as Refused, Logs, Silent};

/// An edge by its name in `edges.py`, what PyTorch does there, what ours does, and how to get there.
type Edge = (
    &'static str,
    &'static str,
    Outcome,
    fn() -> Result<(), BoxError>,
);

macro_rules! edges {
    ($($name:ident: $pytorch:literal, $ours:ident, $call:expr;)+) => {
        [$((stringify!($name), $pytorch, $ours, || { $call?; Ok(()) })),+]
    };
}

#[rustfmt::skip]
fn edges() -> Vec<Edge> {
    let edges: [Edge; 46] = edges! {
        fans_of_one_dimension: "raises", Refused, init::xavier_normal_(&mut f32(&[5]), 1.0, &mut rng());
        fans_of_a_scalar: "raises", Refused, kaiming(&mut f32(&[]), "fan_in", "relu");
        kaiming_without_elements: "warns", Logs, kaiming(&mut f32(&[0, 5]), "fan_in", "relu");
        kaiming_of_one_dimension_without_elements: "warns", Logs, kaiming(&mut f32(&[0]), "fan_in", "relu");
        xavier_without_elements: "silent", Logs, init::xavier_normal_(&mut f32(&[0, 5]), 1.0, &mut rng());
        xavier_without_fans: "raises", Refused, init::xavier_uniform_(&mut f32(&[0, 0]), 1.0, &mut rng());
        orthogonal_without_elements: "silent", Logs, init::orthogonal_(&mut f32(&[0, 5]), 1.0, &mut rng());
        normal_without_elements: "silent", Logs, init::normal_(&mut f32(&[0]), 0.0, 1.0, &mut rng());
        unknown_mode: "raises", Refused, kaiming(&mut f32(&[3, 5]), "fan", "relu");
        mode_in_capitals: "silent", Silent, kaiming(&mut f32(&[3, 5]), "FAN_OUT", "relu");
        unknown_nonlinearity: "raises", Refused, "rrelu".parse::<Nonlinearity>();
        nonlinearity_in_capitals: "raises", Refused, "ReLU".parse::<Nonlinearity>();
        nonlinearity_without_a_gain_in_pytorch: "raises", Silent, "gelu".parse::<Nonlinearity>();
        eye_of_three_dimensions: "raises", Refused, init::eye_(&mut f32(&[3, 3, 3]));
        eye_of_whole_numbers: "silent", Refused, init::eye_(&mut zeros(&[3, 3], Kind::Int64));
        dirac_of_two_dimensions: "raises", Refused, init::dirac_(&mut f32(&[3, 3]), 1);
        dirac_with_groups_that_do_not_divide: "raises", Refused, init::dirac_(&mut f32(&[3, 3, 3]), 2);
        dirac_with_no_groups: "raises", Refused, init::dirac_(&mut f32(&[3, 3, 3]), 0);
        orthogonal_of_one_dimension: "raises", Refused, init::orthogonal_(&mut f32(&[5]), 1.0, &mut rng());
        orthogonal_in_half_precision: "raises", Silent,
            init::orthogonal_(&mut zeros(&[3, 5], Kind::Half), 1.0, &mut rng());
        orthogonal_in_bfloat16: "raises", Silent,
            init::orthogonal_(&mut zeros(&[3, 5], Kind::BFloat16), 1.0, &mut rng());
        orthogonal_that_is_no_view_of_a_matrix: "raises", Silent,
            init::orthogonal_(&mut f32(&[2, 4, 3]).permute([2, 1, 0]), 1.0, &mut rng());
        sparse_of_three_dimensions: "raises", Refused, init::sparse_(&mut f32(&[3, 3, 3]), 0.5, 0.01, &mut rng());
        sparsity_above_one: "silent", Refused, init::sparse_(&mut f32(&[4, 3]), 1.5, 0.01, &mut rng());
        sparsity_below_zero: "silent", Refused, init::sparse_(&mut f32(&[4, 3]), -0.5, 0.01, &mut rng());
        uniform_reversed: "raises", Refused, init::uniform_(&mut f32(&[3]), 1.0, 0.0, &mut rng());
        uniform_to_infinity: "raises", Refused, init::uniform_(&mut f32(&[3]), 0.0, f64::INFINITY, &mut rng());
        uniform_beyond_the_kind: "raises", Refused, init::uniform_(&mut zeros(&[3], Kind::Half), 0.0, 1e5, &mut rng());
        uniform_too_wide: "raises", Refused, init::uniform_(&mut f32(&[3]), -3e38, 3e38, &mut rng());
        uniform_of_whole_numbers: "raises", Refused,
            init::uniform_(&mut zeros(&[3], Kind::Int64), 0.0, 1.0, &mut rng());
        normal_of_whole_numbers: "raises", Refused, init::normal_(&mut zeros(&[3], Kind::Int64), 0.0, 1.0, &mut rng());
        normal_of_complex_numbers: "silent", Silent,
            init::normal_(&mut zeros(&[3], Kind::ComplexFloat), 0.0, 1.0, &mut rng());
        negative_std: "raises", Refused, init::normal_(&mut f32(&[3]), 0.0, -1.0, &mut rng());
        infinite_std: "silent", Refused, init::normal_(&mut f32(&[3]), 0.0, f64::INFINITY, &mut rng());
        normal_beyond_the_kind: "silent", Refused, init::normal_(&mut zeros(&[3], Kind::Half), 0.0, 1e5, &mut rng());
        trunc_normal_with_negative_std: "silent", Refused,
            init::trunc_normal_(&mut f32(&[3]), 0.0, -1.0, -2.0, 2.0, &mut rng());
        trunc_normal_without_std: "raises", Silent,
            init::trunc_normal_(&mut f32(&[3]), 0.0, 0.0, -2.0, 2.0, &mut rng());
        trunc_normal_reversed: "raises", Refused, init::trunc_normal_(&mut f32(&[3]), 0.0, 1.0, 2.0, -2.0, &mut rng());
        trunc_normal_far_from_its_bounds: "warns", Logs,
            init::trunc_normal_(&mut f32(&[3]), 5.0, 1.0, -2.0, 2.0, &mut rng());
        constant_fraction_in_whole_numbers: "silent", Refused, init::constant_(&mut zeros(&[3], Kind::Int64), 0.5);
        constant_beyond_the_kind: "raises", Refused, init::constant_(&mut zeros(&[3], Kind::Half), 1e5);
        constant_not_a_number: "silent", Refused, init::constant_(&mut f32(&[3]), f64::NAN);
        expanded: "raises", Refused, init::normal_(&mut f32(&[1, 5]).expand([3, 5], false), 0.0, 1.0, &mut rng());
        expanded_constant: "silent", Refused, init::zeros_(&mut f32(&[1, 5]).expand([3, 5], false));
        sparse_layout: "raises", Refused,
            init::normal_(&mut f32(&[3, 5]).to_sparse(None, None::<i64>, None), 0.0, 1.0, &mut rng());
        leaf_that_requires_grad: "silent", Silent,
            init::normal_(&mut f32(&[3]).set_requires_grad(true), 0.0, 1.0, &mut rng());
    };
    edges.into()
}

#[test]
fn what_pytorch_refuses_or_warns_of_is_an_error_or_a_warning() {
    let Some(reference) = Reference::of("edges") else {
        return;
    };
    let _ = log::set_logger(&Heard);
    log::set_max_level(log::LevelFilter::Warn);
    let edges = edges();
    assert_eq!(edges.len(), reference.cases.len());
    for ((name, pytorch, ours, call), case) in edges.into_iter().zip(&reference.cases) {
        assert_eq!(case.text("edge"), Some(name));
        assert_eq!(
            case.text("pytorch"),
            Some(pytorch),
            "{name}: PyTorch has changed"
        );
        HEARD.take();
        let result = call();
        let heard = HEARD.take();
        let outcome = match &result {
            Err(_) => Refused,
            Ok(()) if !heard.is_empty() => Logs,
            Ok(()) => Silent,
        };
        assert_eq!(outcome, ours, "{name}: {result:?}, logged {heard:?}");
    }
}

#[test]
fn warnings_name_the_tensor_and_the_scheme() {
    let Some(_alone) = Reference::of("edges") else {
        return;
    };
    let _ = log::set_logger(&Heard);
    log::set_max_level(log::LevelFilter::Warn);
    HEARD.take();
    kaiming(&mut f32(&[0, 5]), "fan_in", "relu").unwrap();
    init::trunc_normal_(&mut f32(&[3]), 5.0, 1.0, -2.0, 2.0, &mut rng()).unwrap();
    assert_eq!(
        HEARD.take(),
        [
            "the tensor of shape [0, 5]: kaiming_normal: the tensor has no elements, so nothing is written",
            "the tensor of shape [3]: trunc_normal: the mean 5 is more than 2 standard deviations of 1 outside [-2, 2], so \
             the values crowd at a bound; bounds are absolute, not in standard deviations",
        ]
    );
}

thread_local! {
    static HEARD: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// A logger that keeps what the thread logged.
struct Heard;

impl log::Log for Heard {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        HEARD.with_borrow_mut(|heard| heard.push(record.args().to_string()));
    }

    fn flush(&self) {}
}

fn kaiming(tensor: &mut Tensor, mode: &str, nonlinearity: &str) -> Result<(), BoxError> {
    let (mode, nonlinearity) = (mode.parse::<FanMode>()?, nonlinearity.parse()?);
    init::kaiming_normal_(tensor, 0.0, mode, nonlinearity, &mut rng())?;
    Ok(())
}

fn f32(shape: &[i64]) -> Tensor {
    zeros(shape, Kind::Float)
}

fn zeros(shape: &[i64], kind: Kind) -> Tensor {
    Tensor::zeros(shape, (kind, Device::Cpu))
}

fn rng() -> TorchRng {
    TorchRng::manual_seed(0)
}
