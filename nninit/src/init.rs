//! `torch.nn.init` under its own names, argument for argument, for tensors outside a model.
//!
//! Each function writes `tensor` in place, without gradients, and returns it. What is random comes from `source`, as
//! under the path "" of a plan: the same seed gives the same values. A tensor without elements is left alone.
//!
//! What cannot be done is an [`Error::Plan`], and the tensor is left as it was. [`Error::Write`] means that libtorch
//! failed while it was being written (out of memory, say), or a function of a user's that [`apply_`] was given.
//!
//! | PyTorch | here |
//! |---|---|
//! | `nn.init.normal_(w, std=0.02)` | [`init::normal_(&mut w, 0.0, 0.02, &mut rng)?`](normal_) |
//! | `nn.init.kaiming_normal_(w, mode="fan_out", nonlinearity="relu")` | [`init::kaiming_normal_(&mut w, 0.0, FanMode::FanOut, Nonlinearity::Relu, &mut rng)?`](kaiming_normal_) |
//! | `nn.init.zeros_(b)` | [`init::zeros_(&mut b)?`](zeros_) |
//! | `for e in w: nn.init.orthogonal_(e)` | [`init::apply_(&mut w, Step::of(schemes::orthogonal()).batch(1), &mut rng)?`](apply_) |
//!
//! ```
//! use nninit::{FanMode, Nonlinearity, init};
//! use rand::SeedableRng;
//! use rand::rngs::StdRng;
//! use tch::{Device, Kind, Tensor};
//!
//! # if cfg!(feature = "doc-only") { return Ok(()) }
//! let mut rng = StdRng::seed_from_u64(42);
//! let mut weight = Tensor::empty([64, 3, 7, 7], (Kind::Float, Device::Cpu));
//! init::kaiming_normal_(&mut weight, 0.0, FanMode::FanOut, Nonlinearity::Relu, &mut rng)?;
//! # Ok::<(), nninit::Error>(())
//! ```

use tch::Tensor;

use crate::blueprint::{PlannedStep, warning};
use crate::declare::Step;
use crate::engine::Stop;
use crate::numeric::source::{Bits, Source, sealed};
use crate::plan::given;
use crate::plan::layout::Layout;
use crate::schemes::fan::Connectivity;
use crate::{Cause, Error, FanMode, Initializer, Nonlinearity, Problem, Target, engine, schemes};

/// The gain that `torch.nn.init.calculate_gain` recommends for `nonlinearity`.
///
/// `param` is the negative slope of `leaky_relu`, 0.01 if not given; the others ignore it. PyTorch's twelve have
/// PyTorch's numbers; the others in the table of [`Nonlinearity`] are computed, and [`gain`](crate::gain()) computes
/// that of any function.
///
/// ```
/// use nninit::{Nonlinearity, init};
///
/// assert_eq!(init::calculate_gain(Nonlinearity::Tanh, None), 5.0 / 3.0);
/// assert_eq!(init::calculate_gain(Nonlinearity::LeakyRelu, Some(1.0)), 1.0);
/// assert_eq!(init::calculate_gain("relu".parse()?, None), 2.0_f64.sqrt());
/// # Ok::<(), nninit::ParseNonlinearityError>(())
/// ```
#[must_use]
pub fn calculate_gain(nonlinearity: Nonlinearity, param: Option<f64>) -> f64 {
    nonlinearity.gain(param)
}

/// Draws from `U(a, b)`, the upper bound not included.
///
/// As [`torch.nn.init.uniform_`](https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.uniform_); see
/// [`schemes::uniform`] for the parameters.
///
/// # Errors
///
/// [`Error::Plan`] for bounds that are infinite, reversed, too far apart or outside the tensor's kind, and kinds that
/// hold no reals; the tensor is left as it was.
///
/// ```
/// use nninit::init;
/// # use tch::{Device, Kind, Tensor};
/// # use rand::SeedableRng;
/// # let mut rng = rand::rngs::StdRng::seed_from_u64(0);
/// # if cfg!(feature = "doc-only") { return Ok(()) }
/// # let mut tensor = Tensor::empty([10], (Kind::Float, Device::Cpu));
/// init::uniform_(&mut tensor, -0.1, 0.1, &mut rng)?;
/// # Ok::<(), nninit::Error>(())
/// ```
pub fn uniform_<'t, S: Source + ?Sized>(
    tensor: &'t mut Tensor,
    a: f64,
    b: f64,
    source: &mut S,
) -> Result<&'t mut Tensor, Error> {
    write("uniform", tensor, &schemes::uniform().a(a).b(b), source)
}

/// Draws from `N(mean, std²)`.
///
/// As [`torch.nn.init.normal_`](https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.normal_); see
/// [`schemes::normal`] for the parameters.
///
/// # Errors
///
/// [`Error::Plan`] for a mean or standard deviation that is infinite, negative or outside the tensor's kind, and kinds
/// that hold no reals; the tensor is left as it was.
///
/// ```
/// use nninit::init;
/// # use tch::{Device, Kind, Tensor};
/// # use rand::SeedableRng;
/// # let mut rng = rand::rngs::StdRng::seed_from_u64(0);
/// # if cfg!(feature = "doc-only") { return Ok(()) }
/// # let mut tensor = Tensor::empty([10], (Kind::Float, Device::Cpu));
/// init::normal_(&mut tensor, 0.0, 0.02, &mut rng)?;
/// # Ok::<(), nninit::Error>(())
/// ```
pub fn normal_<'t, S: Source + ?Sized>(
    tensor: &'t mut Tensor,
    mean: f64,
    std: f64,
    source: &mut S,
) -> Result<&'t mut Tensor, Error> {
    write(
        "normal",
        tensor,
        &schemes::normal().mean(mean).std(std),
        source,
    )
}

/// Draws from `N(mean, std²)` cut to `[a, b]`, both absolute.
///
/// As [`torch.nn.init.trunc_normal_`](https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.trunc_normal_);
/// see [`schemes::trunc_normal`] for the parameters.
///
/// # Errors
///
/// [`Error::Plan`] for what [`normal_`] refuses of `mean` and `std`, and [`uniform_`] of `a` and `b`; the tensor is
/// left as it was.
///
/// ```
/// use nninit::init;
/// # use tch::{Device, Kind, Tensor};
/// # use rand::SeedableRng;
/// # let mut rng = rand::rngs::StdRng::seed_from_u64(0);
/// # if cfg!(feature = "doc-only") { return Ok(()) }
/// # let mut tensor = Tensor::empty([10], (Kind::Float, Device::Cpu));
/// init::trunc_normal_(&mut tensor, 0.0, 0.02, -0.04, 0.04, &mut rng)?;
/// # Ok::<(), nninit::Error>(())
/// ```
pub fn trunc_normal_<'t, S: Source + ?Sized>(
    tensor: &'t mut Tensor,
    mean: f64,
    std: f64,
    a: f64,
    b: f64,
    source: &mut S,
) -> Result<&'t mut Tensor, Error> {
    write(
        "trunc_normal",
        tensor,
        &schemes::trunc_normal().mean(mean).std(std).a(a).b(b),
        source,
    )
}

/// Sets every element to `val`.
///
/// As [`torch.nn.init.constant_`](https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.constant_); see
/// [`schemes::constant`] for the parameters.
///
/// # Errors
///
/// [`Error::Plan`] for NaN, and numbers that the tensor's kind cannot hold; the tensor is left as it was.
///
/// ```
/// use nninit::init;
/// # use tch::{Device, Kind, Tensor};
/// # if cfg!(feature = "doc-only") { return Ok(()) }
/// # let mut tensor = Tensor::empty([10], (Kind::Float, Device::Cpu));
/// init::constant_(&mut tensor, 0.3)?;
/// # Ok::<(), nninit::Error>(())
/// ```
pub fn constant_(tensor: &mut Tensor, val: f64) -> Result<&mut Tensor, Error> {
    write("constant", tensor, &schemes::constant(val), &mut Unused)
}

/// Sets every element to 1.
///
/// As [`torch.nn.init.ones_`](https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.ones_); see
/// [`schemes::ones`] for the parameters.
///
/// # Errors
///
/// [`Error::Plan`] for tensors that cannot be written, such as expanded ones; the tensor is left as it was.
///
/// ```
/// use nninit::init;
/// # use tch::{Device, Kind, Tensor};
/// # if cfg!(feature = "doc-only") { return Ok(()) }
/// # let mut tensor = Tensor::empty([10], (Kind::Float, Device::Cpu));
/// init::ones_(&mut tensor)?;
/// # Ok::<(), nninit::Error>(())
/// ```
pub fn ones_(tensor: &mut Tensor) -> Result<&mut Tensor, Error> {
    write("ones", tensor, &schemes::ones(), &mut Unused)
}

/// Sets every element to 0.
///
/// As [`torch.nn.init.zeros_`](https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.zeros_); see
/// [`schemes::zeros`] for the parameters.
///
/// # Errors
///
/// [`Error::Plan`] for tensors that cannot be written, such as expanded ones; the tensor is left as it was.
///
/// ```
/// use nninit::init;
/// # use tch::{Device, Kind, Tensor};
/// # if cfg!(feature = "doc-only") { return Ok(()) }
/// # let mut tensor = Tensor::empty([10], (Kind::Float, Device::Cpu));
/// init::zeros_(&mut tensor)?;
/// # Ok::<(), nninit::Error>(())
/// ```
pub fn zeros_(tensor: &mut Tensor) -> Result<&mut Tensor, Error> {
    write("zeros", tensor, &schemes::zeros(), &mut Unused)
}

/// Writes the identity matrix: ones on the main diagonal, 0 elsewhere.
///
/// As [`torch.nn.init.eye_`](https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.eye_); see
/// [`schemes::eye`] for the parameters.
///
/// # Errors
///
/// [`Error::Plan`] for tensors of other than two dimensions, and kinds that hold no reals; the tensor is left as it
/// was.
///
/// ```
/// use nninit::init;
/// # use tch::{Device, Kind, Tensor};
/// # if cfg!(feature = "doc-only") { return Ok(()) }
/// # let mut tensor = Tensor::empty([3, 5], (Kind::Float, Device::Cpu));
/// init::eye_(&mut tensor)?;
/// # Ok::<(), nninit::Error>(())
/// ```
pub fn eye_(tensor: &mut Tensor) -> Result<&mut Tensor, Error> {
    write("eye", tensor, &schemes::eye(), &mut Unused)
}

/// Writes a convolution that passes each input channel on unchanged.
///
/// As [`torch.nn.init.dirac_`](https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.dirac_); see
/// [`schemes::dirac`] for the parameters.
///
/// # Errors
///
/// [`Error::Plan`] for tensors of other than three to five dimensions, and groups that do not divide the first; the
/// tensor is left as it was.
///
/// ```
/// use nninit::init;
/// # use tch::{Device, Kind, Tensor};
/// # if cfg!(feature = "doc-only") { return Ok(()) }
/// # let mut tensor = Tensor::empty([6, 3, 3], (Kind::Float, Device::Cpu));
/// init::dirac_(&mut tensor, 2)?;
/// # Ok::<(), nninit::Error>(())
/// ```
pub fn dirac_(tensor: &mut Tensor, groups: i64) -> Result<&mut Tensor, Error> {
    write(
        "dirac",
        tensor,
        &schemes::dirac().groups(groups),
        &mut Unused,
    )
}

/// Draws from `U(-bound, bound)` with `bound = gain · √(6 / (fan_in + fan_out))`.
///
/// As
/// [`torch.nn.init.xavier_uniform_`](https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.xavier_uniform_);
/// see [`schemes::xavier_uniform`] for the parameters.
///
/// # Errors
///
/// [`Error::Plan`] for tensors of fewer than two dimensions; the tensor is left as it was.
///
/// ```
/// use nninit::init;
/// # use tch::{Device, Kind, Tensor};
/// # use rand::SeedableRng;
/// # let mut rng = rand::rngs::StdRng::seed_from_u64(0);
/// # if cfg!(feature = "doc-only") { return Ok(()) }
/// # let mut tensor = Tensor::empty([3, 5], (Kind::Float, Device::Cpu));
/// init::xavier_uniform_(&mut tensor, 1.0, &mut rng)?;
/// # Ok::<(), nninit::Error>(())
/// ```
pub fn xavier_uniform_<'t, S: Source + ?Sized>(
    tensor: &'t mut Tensor,
    gain: f64,
    source: &mut S,
) -> Result<&'t mut Tensor, Error> {
    write(
        "xavier_uniform",
        tensor,
        &schemes::xavier_uniform().gain(gain),
        source,
    )
}

/// Draws from `N(0, std²)` with `std = gain · √(2 / (fan_in + fan_out))`.
///
/// As [`torch.nn.init.xavier_normal_`](https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.xavier_normal_);
/// see [`schemes::xavier_normal`] for the parameters.
///
/// # Errors
///
/// [`Error::Plan`] for tensors of fewer than two dimensions; the tensor is left as it was.
///
/// ```
/// use nninit::init;
/// # use tch::{Device, Kind, Tensor};
/// # use rand::SeedableRng;
/// # let mut rng = rand::rngs::StdRng::seed_from_u64(0);
/// # if cfg!(feature = "doc-only") { return Ok(()) }
/// # let mut tensor = Tensor::empty([3, 5], (Kind::Float, Device::Cpu));
/// init::xavier_normal_(&mut tensor, 1.0, &mut rng)?;
/// # Ok::<(), nninit::Error>(())
/// ```
pub fn xavier_normal_<'t, S: Source + ?Sized>(
    tensor: &'t mut Tensor,
    gain: f64,
    source: &mut S,
) -> Result<&'t mut Tensor, Error> {
    write(
        "xavier_normal",
        tensor,
        &schemes::xavier_normal().gain(gain),
        source,
    )
}

/// Draws from `U(-bound, bound)` with `bound = gain · √(3 / fan)`.
///
/// As
/// [`torch.nn.init.kaiming_uniform_`](https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.kaiming_uniform_);
/// see [`schemes::kaiming_uniform`] for the parameters.
///
/// # Errors
///
/// [`Error::Plan`] for tensors of fewer than two dimensions; the tensor is left as it was.
///
/// ```
/// use nninit::{FanMode, Nonlinearity, init};
/// # use tch::{Device, Kind, Tensor};
/// # use rand::SeedableRng;
/// # let mut rng = rand::rngs::StdRng::seed_from_u64(0);
/// # if cfg!(feature = "doc-only") { return Ok(()) }
/// # let mut tensor = Tensor::empty([3, 5], (Kind::Float, Device::Cpu));
/// init::kaiming_uniform_(&mut tensor, 0.0, FanMode::FanIn, Nonlinearity::Relu, &mut rng)?;
/// # Ok::<(), nninit::Error>(())
/// ```
pub fn kaiming_uniform_<'t, S: Source + ?Sized>(
    tensor: &'t mut Tensor,
    a: f64,
    mode: FanMode,
    nonlinearity: Nonlinearity,
    source: &mut S,
) -> Result<&'t mut Tensor, Error> {
    write(
        "kaiming_uniform",
        tensor,
        &schemes::kaiming_uniform()
            .a(a)
            .mode(mode)
            .nonlinearity(nonlinearity),
        source,
    )
}

/// Draws from `N(0, std²)` with `std = gain / √fan`.
///
/// As
/// [`torch.nn.init.kaiming_normal_`](https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.kaiming_normal_);
/// see [`schemes::kaiming_normal`] for the parameters.
///
/// # Errors
///
/// [`Error::Plan`] for tensors of fewer than two dimensions; the tensor is left as it was.
///
/// ```
/// use nninit::{FanMode, Nonlinearity, init};
/// # use tch::{Device, Kind, Tensor};
/// # use rand::SeedableRng;
/// # let mut rng = rand::rngs::StdRng::seed_from_u64(0);
/// # if cfg!(feature = "doc-only") { return Ok(()) }
/// # let mut tensor = Tensor::empty([3, 5], (Kind::Float, Device::Cpu));
/// init::kaiming_normal_(&mut tensor, 0.0, FanMode::FanOut, Nonlinearity::Relu, &mut rng)?;
/// # Ok::<(), nninit::Error>(())
/// ```
pub fn kaiming_normal_<'t, S: Source + ?Sized>(
    tensor: &'t mut Tensor,
    a: f64,
    mode: FanMode,
    nonlinearity: Nonlinearity,
    source: &mut S,
) -> Result<&'t mut Tensor, Error> {
    write(
        "kaiming_normal",
        tensor,
        &schemes::kaiming_normal()
            .a(a)
            .mode(mode)
            .nonlinearity(nonlinearity),
        source,
    )
}

/// Writes a matrix with orthonormal rows or columns, times `gain`; the dimensions after the first are flattened.
///
/// As [`torch.nn.init.orthogonal_`](https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.orthogonal_); see
/// [`schemes::orthogonal`] for the parameters.
///
/// # Errors
///
/// [`Error::Plan`] for tensors of fewer than two dimensions; the tensor is left as it was.
///
/// ```
/// use nninit::init;
/// # use tch::{Device, Kind, Tensor};
/// # use rand::SeedableRng;
/// # let mut rng = rand::rngs::StdRng::seed_from_u64(0);
/// # if cfg!(feature = "doc-only") { return Ok(()) }
/// # let mut tensor = Tensor::empty([3, 5], (Kind::Float, Device::Cpu));
/// init::orthogonal_(&mut tensor, 1.0, &mut rng)?;
/// # Ok::<(), nninit::Error>(())
/// ```
pub fn orthogonal_<'t, S: Source + ?Sized>(
    tensor: &'t mut Tensor,
    gain: f64,
    source: &mut S,
) -> Result<&'t mut Tensor, Error> {
    write(
        "orthogonal",
        tensor,
        &schemes::orthogonal().gain(gain),
        source,
    )
}

/// Draws from `N(0, std²)` and sets `⌈sparsity · rows⌉` elements of each column to 0.
///
/// As [`torch.nn.init.sparse_`](https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.sparse_); see
/// [`schemes::sparse`] for the parameters.
///
/// # Errors
///
/// [`Error::Plan`] for tensors of other than two dimensions, and a sparsity outside [0, 1]; the tensor is left as it
/// was.
///
/// ```
/// use nninit::init;
/// # use tch::{Device, Kind, Tensor};
/// # use rand::SeedableRng;
/// # let mut rng = rand::rngs::StdRng::seed_from_u64(0);
/// # if cfg!(feature = "doc-only") { return Ok(()) }
/// # let mut tensor = Tensor::empty([10, 5], (Kind::Float, Device::Cpu));
/// init::sparse_(&mut tensor, 0.1, 0.01, &mut rng)?;
/// # Ok::<(), nninit::Error>(())
/// ```
pub fn sparse_<'t, S: Source + ?Sized>(
    tensor: &'t mut Tensor,
    sparsity: f64,
    std: f64,
    source: &mut S,
) -> Result<&'t mut Tensor, Error> {
    write(
        "sparse",
        tensor,
        &schemes::sparse(sparsity).std(std),
        source,
    )
}

/// Puts a step on a tensor: any scheme, with any modifiers.
///
/// `step` is a [`Step`], or a scheme alone: one of [`schemes`], or an [`Initializer`] of your own. A region that the
/// step does not cover stays as it is.
///
/// # Errors
///
/// [`Error::Plan`] for what the scheme and its modifiers cannot do to the tensor, which is left as it was;
/// [`Error::Write`] when a function of your own fails, or changes the tensor's memory while it is being written.
///
/// ```
/// use nninit::declare::Step;
/// use nninit::{init, schemes};
/// # use tch::{Device, Kind, Tensor};
/// # use rand::SeedableRng;
/// # let mut rng = rand::rngs::StdRng::seed_from_u64(0);
/// # if cfg!(feature = "doc-only") { return Ok(()) }
/// let mut experts = Tensor::empty([4, 64, 128], (Kind::Float, Device::Cpu));
/// init::apply_(&mut experts, Step::of(schemes::orthogonal()).batch(1), &mut rng)?;
/// init::apply_(&mut experts, schemes::variance_scaling(), &mut rng)?;
/// # Ok::<(), nninit::Error>(())
/// ```
pub fn apply_<'t, S: Source + ?Sized>(
    tensor: &'t mut Tensor,
    step: impl Into<Step>,
    source: &mut S,
) -> Result<&'t mut Tensor, Error> {
    /// Not as the first step, which may not be of a region: what the region leaves is not written.
    const POSITION: usize = 1;
    let step = step.into();
    let problem = |shape: Option<&[i64]>, reason: Cause| Problem {
        path: String::new(),
        shape: shape.map(<[i64]>::to_vec),
        scheme: Some(step.written().to_string()),
        reason: reason.into(),
    };
    let refused = |shape: Option<&[i64]>, reasons: Vec<Cause>| Error::Plan {
        problems: reasons
            .into_iter()
            .map(|reason| problem(shape, reason))
            .collect(),
        parameters: 1,
    };
    let layout = Layout::of(tensor).map_err(|reason| refused(None, vec![reason]))?;
    let (shape, dtype) = (layout.shape(), layout.dtype());
    let planned = PlannedStep::resolve(&step, POSITION, shape, dtype)
        .map_err(|reasons| refused(Some(shape), reasons))?;
    warning::of_step("", shape, dtype, &step, &planned);
    warning::unsaid_batch("", shape, dtype, &step, &planned);
    let Some(law) = planned.law() else {
        return Ok(tensor);
    };
    if given::is_written(law, &layout, &planned) {
        let other = "the tensor itself".to_owned();
        return Err(refused(Some(shape), vec![Cause::GivenWritten { other }]));
    }
    let bits = source.bits();
    match engine::execute_blocks(tensor, &layout, law, planned.blocks(), bits) {
        Ok(()) => Ok(tensor),
        Err(Stop::Before(reason)) => Err(refused(Some(shape), vec![reason])),
        Err(Stop::Writing(reason)) => Err(Error::Write(Box::new(problem(Some(shape), reason)))),
    }
}

/// The source of schemes that draw nothing.
struct Unused;

impl sealed::Sealed for Unused {}

impl Source for Unused {
    fn bits(&mut self) -> Bits {
        Bits::Seed(0)
    }
}

/// Writes a scheme. Messages call it `name`; its parameters stand in the user's call.
fn write<'t, S: Source + ?Sized>(
    name: &str,
    tensor: &'t mut Tensor,
    scheme: &impl Initializer,
    source: &mut S,
) -> Result<&'t mut Tensor, Error> {
    let problem = |shape: Option<&[i64]>, reason: Cause| Problem {
        path: String::new(),
        shape: shape.map(<[i64]>::to_vec),
        scheme: Some(name.to_owned()),
        reason: reason.into(),
    };
    let refused = |shape, reason| Error::Plan {
        problems: vec![problem(shape, reason)],
        parameters: 1,
    };
    let layout = Layout::of(tensor).map_err(|reason| refused(None, reason))?;
    let shape = Some(layout.shape());
    let dtype = layout.dtype();
    let target = Target::new(layout.shape(), dtype, None, Connectivity::default());
    let law = scheme
        .law(&target)
        .map_err(|error| refused(shape, Cause::from_box(error)))?;
    law.fits(layout.shape(), dtype)
        .map_err(|reason| refused(shape, reason))?;
    if layout.numel() == 0 {
        warning::no_elements("", layout.shape(), &name);
        return Ok(tensor);
    }
    warning::unlikely_numbers("", layout.shape(), dtype, &name, &law);
    match engine::execute_one(tensor, &layout, &law, source.bits()) {
        Ok(()) => Ok(tensor),
        Err(reason @ Cause::Changed { .. }) => Err(refused(shape, reason)),
        Err(reason) => Err(Error::Write(Box::new(problem(shape, reason)))),
    }
}
