//! Semi-orthogonal matrices, uniform among all of them (Haar), by random reflections.
//!
//! A product of Householder reflections H₁H₂…, each taking the first unit vector to the direction of normal draws in
//! one dimension fewer than the one before, is uniform among the orthogonal matrices once its columns have the draws'
//! signs: G. W. Stewart, "The Efficient Generation of Random Orthogonal Matrices", SIAM Journal on Numerical Analysis
//! 17 (1980). No matrix is factorised, and the first k columns take k reflections.
//!
//! The product of a panel's reflections along v₁, v₂, … is I − V T Vᵀ, where T⁻¹ is the upper triangle of VᵀV with its
//! diagonal halved (compact WY form), so panels are applied by matrix products. They are applied from the last to the
//! first, each where its own columns' draws lie: the matrix turns from draws into the result in its own memory. Small
//! matrices take the same reflections one at a time ([`small`]).

mod small;

use tch::{Device, Kind, Tensor};

use crate::Cause;
use crate::engine::memory::{self, Place};
use crate::engine::site::Site;
use crate::engine::staging;
use crate::engine::values::Ours;
use crate::numeric::blocks::Blocks;

/// Reflections that are applied together: the smallest number that keeps matrix products at full speed.
const PANEL: i64 = 128;

/// Writes to each block a matrix with orthonormal rows or columns, whichever are fewer, times `gain`. The dimensions
/// after the first are flattened.
pub(super) fn write(site: &Site<'_>, gain: f64, blocks: &Blocks) -> Result<(), Cause> {
    blocks
        .stacks()
        .try_for_each(|stack| write_stack(site, gain, &stack))
}

fn write_stack(site: &Site<'_>, gain: f64, stack: &Blocks) -> Result<(), Cause> {
    let extent = stack.joined();
    let mut view = site.view(extent)?.f_detach()?;
    let block = stack.shape();
    let columns = block[1..].iter().product();
    let shape = [stack.len() as i64, block[0], columns];
    let small = small::fits(shape);
    if !small && let Some(matrices) = in_place(site, &view, &shape) {
        memory::write_box(site, extent, Place::Own, &Ours::normal(1.0))?;
        return reflect(&matrices, gain);
    }
    let kind = match site.layout().kind() {
        Kind::Double => Kind::Double,
        _ => Kind::Float,
    };
    let matrices = if small {
        small::matrices(shape, kind, extent, gain, site.key())?
    } else {
        let matrices = Tensor::f_empty(shape, (kind, Device::Cpu))?;
        staging::packed(&matrices, extent, site, &Ours::normal(1.0))?;
        reflect(&matrices, gain)?;
        matrices
    };
    view.f_copy_(&matrices.f_view(&view.size()[..])?)?;
    Ok(())
}

/// The matrices in the tensor's own memory, if they can be computed there.
fn in_place(site: &Site<'_>, view: &Tensor, shape: &[i64]) -> Option<Tensor> {
    let layout = site.layout();
    let computed = matches!(layout.kind(), Kind::Double | Kind::Float);
    if !computed || layout.device() != Device::Cpu || !layout.is_contiguous() {
        return None;
    }
    let matrices = view.f_view(shape).ok()?;
    (matrices.stride()[2] == 1).then_some(matrices)
}

/// Turns each of the stacked matrices of normal draws into `gain` times an orthogonal one.
fn reflect(matrices: &Tensor, gain: f64) -> Result<(), Cause> {
    if small::is_moderate(gain) {
        return reflect_within_range(matrices, gain);
    }
    reflect_within_range(matrices, 1.0)?;
    // Rounding may have left an element just beyond 1, and `gain` just below what the kind can hold.
    let most = match matrices.kind() {
        Kind::Double => f64::MAX,
        _ => f64::from(f32::MAX),
    };
    let mut scaled = matrices.shallow_clone().f_mul_scalar_(gain)?;
    let _ = scaled.f_clamp_(-most, most)?;
    Ok(())
}

fn reflect_within_range(matrices: &Tensor, gain: f64) -> Result<(), Cause> {
    let size = matrices.size();
    let matrices = if size[1] < size[2] {
        matrices.f_transpose(1, 2)?
    } else {
        matrices.shallow_clone()
    };
    let columns = size[1].min(size[2]);
    for panel in (0..=(columns - 1) / PANEL).rev() {
        let first = panel * PANEL;
        apply(&matrices, first, PANEL.min(columns - first), gain)?;
    }
    Ok(())
}

/// Draws to columns: applies the reflections of one panel to those after it, which are done, and to its own.
fn apply(matrices: &Tensor, first: i64, width: i64, gain: f64) -> Result<(), Cause> {
    let size = matrices.size();
    let end = first + width;
    let rows = |from, len| matrices.f_narrow(1, from, len);
    let (across, below) = (rows(first, width)?, rows(end, size[1] - end)?);
    let own = across.f_narrow(2, first, width)?;
    let own_below = below.f_narrow(2, first, width)?;
    let Panel {
        head,
        tail,
        minus_inverse,
        signs,
    } = Panel::of(&own, &own_below)?;
    // −T times what is given.
    let minus_t =
        |of: &Tensor| Tensor::f_linalg_solve_triangular(&minus_inverse, of, true, true, false);
    let transposed = |of: &Tensor| of.f_transpose(1, 2);

    let later = size[2] - end;
    if later > 0 {
        let mut done = below.f_narrow(2, end, later)?;
        let weights = minus_t(&transposed(&tail)?.f_bmm(&done)?)?;
        let _ = head.f_bmm_out(&across.f_narrow(2, end, later)?, &weights)?;
        let _ = done.f_baddbmm_(&tail, &weights)?;
    }
    let diagonal = signs.f_mul_scalar(gain)?;
    let weights = minus_t(&transposed(&head)?.f_mul(&diagonal.f_unsqueeze(1)?)?)?;
    let _ = tail.f_bmm_out(&own_below, &weights)?;
    let _ = head.f_bmm_out(&own, &weights)?;
    let _ = own.f_diagonal(0, 1, 2)?.f_add_(&diagonal)?;
    Ok(())
}

/// Reflections along the columns of a trapezoid.
struct Panel {
    /// The trapezoid's triangle.
    head: Tensor,
    /// The rows under it.
    tail: Tensor,
    /// −T⁻¹; what lies under its diagonal is never read.
    minus_inverse: Tensor,
    /// The signs that make the product uniform.
    signs: Tensor,
}

impl Panel {
    /// The reflections that take the unit vectors to the draws' directions, column by column.
    fn of(own: &Tensor, below: &Tensor) -> Result<Self, Cause> {
        let head = own.f_tril(0)?;
        let mut tail = below.f_empty_like()?;
        tail.f_copy_(below)?;
        // Sums of squares by libtorch's `sum`, which adds pairwise: the products below would lose digits, and the
        // diagonal of T⁻¹ with them, on which the result's orthogonality rests.
        let squares = |of: &Tensor| {
            of.f_square()?
                .f_sum_dim_intlist([1_i64].as_slice(), false, None)
        };
        let rest = squares(&tail)?.f_add(&squares(&head.f_tril(-1)?)?)?;
        let mut diagonal = head.f_diagonal(0, 1, 2)?;
        let norms = rest.f_add(&diagonal.f_square()?)?.f_sqrt()?;
        let signs = norms.f_ones_like()?.f_copysign(&diagonal)?.f_neg()?;
        let _ = diagonal.f_sub_(&norms.f_mul(&signs)?)?;
        // Draws that are all 0 have no direction: any reflection will do.
        let _ = diagonal.f_masked_fill_(&diagonal.f_eq(0)?, 1)?;

        let gram = |of: &Tensor| of.f_transpose(1, 2)?.f_bmm(of);
        let mut inverse = gram(&head)?;
        let _ = inverse.f_baddbmm_(&tail.f_transpose(1, 2)?, &tail)?;
        let halved = rest.f_add(&diagonal.f_square()?)?.f_mul_scalar(0.5)?;
        inverse.f_diagonal(0, 1, 2)?.f_copy_(&halved)?;
        Ok(Self {
            head,
            tail,
            minus_inverse: inverse.f_neg_()?,
            signs,
        })
    }
}
