//! Weights of one model fitted to another: plain functions of tensors, for `copy = …`.
//!
//! | to | function | source |
//! |---|---|---|
//! | give a first convolution other input channels | [`input_channels`] | timm's `adapt_input_conv` |
//! | lay position embeddings on another grid | [`positions`] | timm's `resample_abs_pos_embed` |
//! | add rows to an embedding for new tokens | [`vocabulary`] | Hugging Face's `resize_token_embeddings` |
//! | start a small model from a large one | [`select`] | Xu et al., *Initializing models with larger ones* (2024) |
//! | make a layer wider, and the function stay | [`Widening`] | Chen et al., *Net2Net* (2016) |
//!
//! None writes to its argument. Tensors of a file come from [`StoredTensor::read`](crate::StoredTensor::read):
//!
//! ```
//! use nninit::{Initialize, Weights, adapt};
//! use tch::nn;
//!
//! /// For images of four channels, from a model that was trained on three.
//! #[derive(Initialize)]
//! struct Stem {
//!     #[init(weight(copy = adapt::input_channels(&self.weights.read("conv1.weight")?, 4)?))]
//!     conv1: nn::Conv2D,
//!     weights: Weights,
//! }
//! ```

use rand::{Rng, RngExt};
use rand_distr::StandardNormal;
use tch::{Kind, Tensor};

use crate::{Cause, Reason};

/// What a trained convolution's weight `[outputs, inputs, …]` becomes for another number of input channels.
///
/// For one channel the inputs are summed: grey is worth as much as three equal colours. For more, the channels are
/// repeated as often as it takes, and multiplied by `inputs / channels`, so that the sum stays what it was: four
/// channels of three are R, G, B, R, times ¾. As timm's `adapt_input_conv` has it for images, of any rank and number of
/// inputs here. Computed in f32, or f64 where the weight is of it; the kind stays.
///
/// # Errors
///
/// [`ReasonKind::Shape`](crate::ReasonKind::Shape) for a weight of fewer than two dimensions, or where either number of
/// channels is 0.
///
/// ```
/// use nninit::adapt;
/// use tch::{Device, Kind, Tensor};
///
/// # if cfg!(feature = "doc-only") { return Ok(()) }
/// let rgb = Tensor::ones([64, 3, 7, 7], (Kind::Float, Device::Cpu));
/// assert_eq!(adapt::input_channels(&rgb, 1)?.double_value(&[0, 0, 0, 0]), 3.0);
/// assert_eq!(adapt::input_channels(&rgb, 4)?.double_value(&[0, 3, 0, 0]), 0.75);
/// # Ok::<(), nninit::Reason>(())
/// ```
pub fn input_channels(weight: &Tensor, channels: i64) -> Result<Tensor, Reason> {
    let shape = weight.size();
    let [_, inputs, ..] = shape[..] else {
        return Err(wrong(
            "a weight of a convolution, [outputs, inputs, …]",
            &shape,
        ));
    };
    if inputs < 1 || channels < 1 {
        let needs = format!("{inputs} input channels do not become {channels}");
        return Err(Cause::Unadaptable { needs, shape }.into());
    }
    if inputs == channels {
        return Ok(weight.detach().copy());
    }
    input_channels_of(weight, inputs, channels).map_err(Reason::from)
}

fn input_channels_of(weight: &Tensor, inputs: i64, channels: i64) -> Result<Tensor, Cause> {
    let (weight, kind) = widened(weight)?;
    let adapted = if channels == 1 {
        weight.f_sum_dim_intlist([1_i64].as_slice(), true, weight.kind())?
    } else {
        let times = channels.div_euclid(inputs) + i64::from(channels % inputs > 0);
        let repeated = Tensor::f_cat(&vec![&weight; times as usize], 1)?;
        let adapted = repeated.f_narrow(1, 0, channels)?;
        adapted.f_mul_scalar(inputs as f64 / channels as f64)?
    };
    Ok(adapted.f_to_kind(kind)?)
}

/// What position embeddings `[rows, width]` or `[1, rows, width]` become on another grid.
///
/// The first `prefix` rows, of class tokens say, stay. The others are a grid of `from` = `[height, width]` places, row
/// by row, and are interpolated to one of `to`: bicubic with a = −½, antialiased, corners not aligned. As timm's
/// `resample_abs_pos_embed` has it; the authors' code of MAE interpolates without antialiasing. Computed in f32; the
/// kind stays.
///
/// # Errors
///
/// [`ReasonKind::Shape`](crate::ReasonKind::Shape) where there are not `prefix + from[0] · from[1]` rows, or a grid has
/// no places.
///
/// ```
/// use nninit::adapt;
/// use tch::{Device, Kind, Tensor};
///
/// # if cfg!(feature = "doc-only") { return Ok(()) }
/// let of_224 = Tensor::randn([1, 1 + 14 * 14, 192], (Kind::Float, Device::Cpu));
/// let of_384 = adapt::positions(&of_224, 1, [14, 14], [24, 24])?;
/// assert_eq!(of_384.size(), [1, 577, 192]);
/// # Ok::<(), nninit::Reason>(())
/// ```
pub fn positions(
    table: &Tensor,
    prefix: i64,
    from: [i64; 2],
    to: [i64; 2],
) -> Result<Tensor, Reason> {
    let shape = table.size();
    let ([rows, width] | [1, rows, width]) = shape[..] else {
        return Err(wrong("[rows, width] or [1, rows, width]", &shape));
    };
    let places = |[height, width]: [i64; 2]| height.checked_mul(width);
    let grids = from.into_iter().chain(to).all(|length| length > 0);
    let fits = prefix >= 0 && places(from).and_then(|all| all.checked_add(prefix)) == Some(rows);
    if !grids || !fits || places(to).is_none() {
        let needs = format!(
            "prefix = {prefix} and a grid of {from:?} places are other than {rows} rows, or a grid has none"
        );
        return Err(Cause::Unadaptable { needs, shape }.into());
    }
    if from == to {
        return Ok(table.detach().copy());
    }
    positions_of(table, [rows, width], prefix, from, to).map_err(Reason::from)
}

fn positions_of(
    table: &Tensor,
    [rows, width]: [i64; 2],
    prefix: i64,
    from: [i64; 2],
    to: [i64; 2],
) -> Result<Tensor, Cause> {
    let rank = table.dim();
    let table = table.f_detach()?.f_view([rows, width].as_slice())?;
    let first = table.f_narrow(0, 0, prefix)?;
    let grid = table.f_narrow(0, prefix, rows - prefix)?;
    let grid = grid.f_to_kind(Kind::Float)?;
    let grid = grid
        .f_reshape([1, from[0], from[1], width])?
        .f_permute([0, 3, 1, 2])?;
    let there = grid.f_internal_upsample_bicubic2d_aa(to, false, None, None)?;
    let there = there
        .f_permute([0, 2, 3, 1])?
        .f_reshape([to[0] * to[1], width])?
        .f_to_kind(table.kind())?;
    let adapted = Tensor::f_cat(&[first, there], 0)?;
    if rank == 3 {
        return Ok(adapted.f_unsqueeze(0)?);
    }
    Ok(adapted)
}

/// An embedding `[tokens, width]`, or an output layer's weight, with rows for new tokens below.
///
/// The new rows are drawn around the mean of the old ones, N(μ, 10⁻⁹ · Σ) with Σ their covariance (divided by their
/// number), so that a new token starts out as probable as the average one; as Hugging Face's `resize_token_embeddings`
/// does it with `mean_resizing`. The law is that of `μ + √(10⁻⁹ / tokens) · G · (E − μ)` with standard normals G, which
/// needs no decomposition, and no covariance of full rank. Computed in f64; the kind stays.
///
/// # Errors
///
/// [`ReasonKind::Shape`](crate::ReasonKind::Shape) for a table of other than two dimensions, without rows, or with more
/// of them than there are to be.
///
/// ```
/// use nninit::adapt;
/// use rand::SeedableRng;
/// use rand::rngs::StdRng;
/// use tch::{Device, Kind, Tensor};
///
/// # if cfg!(feature = "doc-only") { return Ok(()) }
/// let wte = Tensor::randn([100, 16], (Kind::Float, Device::Cpu));
/// let grown = adapt::vocabulary(&wte, 103, &mut StdRng::seed_from_u64(42))?;
/// assert_eq!(grown.narrow(0, 0, 100), wte);
/// assert!((grown.get(102) - wte.mean_dim(0, false, Kind::Float)).abs().max().double_value(&[]) < 1e-3);
/// # Ok::<(), nninit::Reason>(())
/// ```
pub fn vocabulary<R: Rng + ?Sized>(
    table: &Tensor,
    tokens: i64,
    rng: &mut R,
) -> Result<Tensor, Reason> {
    let shape = table.size();
    let [rows, _] = shape[..] else {
        return Err(wrong("an embedding, [tokens, width]", &shape));
    };
    if rows < 1 || tokens < rows {
        let needs = format!("{rows} rows do not grow to {tokens}");
        return Err(Cause::Unadaptable { needs, shape }.into());
    }
    vocabulary_of(table, rows, tokens, rng).map_err(Reason::from)
}

fn vocabulary_of<R: Rng + ?Sized>(
    table: &Tensor,
    rows: i64,
    tokens: i64,
    rng: &mut R,
) -> Result<Tensor, Cause> {
    /// Of so many normals at once: 32 MiB.
    const NORMALS: i64 = 1 << 22;
    const EPSILON: f64 = 1e-9;
    let table = table.f_detach()?;
    let wide = table.f_to_kind(Kind::Double)?;
    let mean = wide.f_mean_dim([0_i64].as_slice(), true, Kind::Double)?;
    let centred = wide.f_sub(&mean)?;
    let scale = (EPSILON / rows as f64).sqrt();
    let at_once = (NORMALS / rows).max(1);
    let mut parts = vec![table.shallow_clone()];
    let mut next = rows;
    while next < tokens {
        let new = at_once.min(tokens - next);
        let normals = rng.sample_iter::<f64, _>(StandardNormal);
        let normals: Vec<f64> = normals.take((new * rows) as usize).collect();
        let normals = Tensor::f_from_slice(&normals)?.f_view([new, rows].as_slice())?;
        let around = normals.f_to_device(table.device())?.f_matmul(&centred)?;
        let drawn = around.f_mul_scalar(scale)?.f_add(&mean)?;
        parts.push(drawn.f_to_kind(table.kind())?);
        next += new;
    }
    Ok(Tensor::f_cat(&parts, 0)?)
}

/// Every so many elements of a larger tensor, along each of its dimensions: a small model's start from a large one.
///
/// Of a dimension of t elements s are taken: those at i · t / s where s divides t, and else at s places from the first
/// to the last that are as even as whole numbers can be (halves to even). Layers are taken from the first on.
///
/// Xu et al., *Initializing models with larger ones* (2024).
///
/// # Errors
///
/// [`ReasonKind::Shape`](crate::ReasonKind::Shape) where `shape` is of another rank, or larger anywhere.
///
/// ```
/// use nninit::adapt;
/// use tch::{Device, Kind, Tensor};
///
/// # if cfg!(feature = "doc-only") { return Ok(()) }
/// let large = Tensor::arange(7, (Kind::Int64, Device::Cpu));
/// assert_eq!(Vec::<i64>::try_from(adapt::select(&large, &[5])?).unwrap(), [0, 2, 3, 4, 6]);
/// # Ok::<(), nninit::Reason>(())
/// ```
pub fn select(large: &Tensor, shape: &[i64]) -> Result<Tensor, Reason> {
    let from = large.size();
    let fits = |(&small, &large): (&i64, &i64)| 0 < small && small <= large;
    if shape.len() != from.len() || !shape.iter().zip(&from).all(fits) {
        let needs = format!("{shape:?} is not a part of it");
        return Err(Cause::Unadaptable { needs, shape: from }.into());
    }
    let of_dimensions = || -> Result<Tensor, Cause> {
        let mut selected = large.detach().copy();
        for (dim, (&small, &large)) in (0..).zip(shape.iter().zip(&from)) {
            selected = taken(&selected, dim, &evenly(small, large))?;
        }
        Ok(selected)
    };
    of_dimensions().map_err(Reason::from)
}

/// `small` of the numbers below `large`.
fn evenly(small: i64, large: i64) -> Vec<i64> {
    if large % small == 0 {
        return (0..small).map(|index| index * (large / small)).collect();
    }
    // As PyTorch's `linspace` counts, in f32: from the first upwards, and from the last downwards.
    let (last, step) = ((large - 1) as f32, (large - 1) as f32 / (small - 1) as f32);
    let place = |index: i64| {
        if index < small / 2 {
            step * index as f32
        } else {
            last - step * (small - 1 - index) as f32
        }
    };
    let round = |index| place(index).round_ties_even() as i64;
    (0..small).map(round).collect()
}

fn taken(tensor: &Tensor, dim: i64, indices: &[i64]) -> Result<Tensor, Cause> {
    let indices = Tensor::f_from_slice(indices)?.f_to_device(tensor.device())?;
    Ok(tensor.f_index_select(dim, &indices)?)
}

/// A layer with more outputs that computes the same function: new units are copies of old ones, and who reads them
/// divides what they have in common.
///
/// `outputs` is for the widened layer's weight, bias and whatever goes by its units (a norm's weight, bias and running
/// statistics); `inputs` for the weight of the layer that reads it.
///
/// Chen et al., *Net2Net: Accelerating learning via knowledge transfer* (2016), the wider one. Exact for what acts on
/// each unit by itself, activations and batch norms; not across dropout, or a norm over the units.
///
/// ```
/// use nninit::adapt::Widening;
/// use rand::SeedableRng;
/// use rand::rngs::StdRng;
/// use tch::{Device, Kind, Tensor};
///
/// # if cfg!(feature = "doc-only") { return Ok(()) }
/// let of = |shape: [i64; 2]| Tensor::randn(shape, (Kind::Double, Device::Cpu));
/// let (x, first, second) = (of([8, 5]), of([16, 5]), of([3, 16]));
/// let wider = Widening::new(16, 24, &mut StdRng::seed_from_u64(42))?;
/// let (first_, second_) = (wider.outputs(&first)?, wider.inputs(&second)?);
/// let before = x.matmul(&first.tr()).relu().matmul(&second.tr());
/// let after = x.matmul(&first_.tr()).relu().matmul(&second_.tr());
/// assert!((before - after).abs().max().double_value(&[]) < 1e-12);
/// # Ok::<(), nninit::Reason>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Widening {
    /// Of each new unit the old one that it is a copy of.
    copies: Vec<i64>,
    units: i64,
}

impl Widening {
    /// From this many units to that many: the old ones, and copies of some that are chosen at random.
    ///
    /// # Errors
    ///
    /// [`ReasonKind::Declaration`](crate::ReasonKind::Declaration) where there are none, or they would become fewer.
    pub fn new<R: Rng + ?Sized>(units: i64, wider: i64, rng: &mut R) -> Result<Self, Reason> {
        if units < 1 || wider < units {
            let text =
                format!("{units} units cannot become {wider}; a wider layer has as many or more");
            return Err(Cause::Misplaced(text).into());
        }
        let new = (units..wider).map(|_| rng.random_range(0..units));
        Ok(Self {
            copies: (0..units).chain(new).collect(),
            units,
        })
    }

    /// A tensor that goes by the widened layer's units along its first dimension.
    ///
    /// # Errors
    ///
    /// [`ReasonKind::Shape`](crate::ReasonKind::Shape) where that has another length.
    pub fn outputs(&self, tensor: &Tensor) -> Result<Tensor, Reason> {
        self.check(tensor, 0)?;
        taken(&tensor.detach(), 0, &self.copies).map_err(Reason::from)
    }

    /// The weight of the layer that reads them, along its second dimension. What is copied n times is divided by n.
    ///
    /// # Errors
    ///
    /// [`ReasonKind::Shape`](crate::ReasonKind::Shape) where that has another length.
    pub fn inputs(&self, weight: &Tensor) -> Result<Tensor, Reason> {
        self.check(weight, 1)?;
        self.divided(weight).map_err(Reason::from)
    }

    fn divided(&self, weight: &Tensor) -> Result<Tensor, Cause> {
        let mut counts = vec![0.0_f64; self.units as usize];
        for &unit in &self.copies {
            counts[unit as usize] += 1.0;
        }
        let counts: Vec<f64> = self
            .copies
            .iter()
            .map(|&unit| counts[unit as usize])
            .collect();
        let mut shape = vec![1; weight.dim()];
        shape[1] = counts.len() as i64;
        let (wide, kind) = widened(weight)?;
        let counts = Tensor::f_from_slice(&counts)?.f_view(&shape[..])?;
        let counts = counts.f_to_kind(wide.kind())?.f_to_device(wide.device())?;
        Ok(taken(&wide, 1, &self.copies)?
            .f_div(&counts)?
            .f_to_kind(kind)?)
    }

    fn check(&self, tensor: &Tensor, dim: usize) -> Result<(), Reason> {
        let shape = tensor.size();
        if shape.get(dim) == Some(&self.units) {
            return Ok(());
        }
        let needs = format!("dimension {dim} is not that of {} units", self.units);
        Err(Cause::Unadaptable { needs, shape }.into())
    }
}

/// In f32, or f64 where it is that, and the kind that it is of.
fn widened(weight: &Tensor) -> Result<(Tensor, Kind), Cause> {
    let kind = weight.f_kind()?;
    let wide = if kind == Kind::Double {
        Kind::Double
    } else {
        Kind::Float
    };
    Ok((weight.f_detach()?.f_to_kind(wide)?, kind))
}

fn wrong(needs: &str, shape: &[i64]) -> Reason {
    let (needs, shape) = (format!("it is not {needs}"), shape.to_vec());
    Cause::Unadaptable { needs, shape }.into()
}

#[cfg(test)]
mod tests {
    use super::evenly;

    /// Literal numbers of the authors' code in PyTorch.
    #[test]
    fn places_are_as_even_as_they_can_be() {
        assert_eq!(evenly(3, 6), [0, 2, 4]);
        assert_eq!(evenly(5, 7), [0, 2, 3, 4, 6]);
        assert_eq!(evenly(3, 4), [0, 2, 3]);
        assert_eq!(evenly(4, 6), [0, 2, 3, 5]);
        assert_eq!(evenly(1, 7), [0]);
        assert_eq!(evenly(7, 7), [0, 1, 2, 3, 4, 5, 6]);
    }
}
