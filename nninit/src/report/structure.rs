//! Laws of a whole matrix, by the property that defines them.

use tch::{Device, Kind, TchError, Tensor};

use super::bounds::{Finding, Gauge};
use super::lattice::Lattice;
use super::read::{Float, Look, Piece};
use super::tally::{Count, Tally};
use crate::engine::{centre, gates};
use crate::numeric::source::Bits;
use crate::plan::layout::Layout;
use crate::{Cause, Dtype, Elementwise, Law, Structured, engine};

/// What is odd about `block`, which the law was written to; nothing for laws whose elements are drawn by themselves.
pub(super) fn findings(law: &Law, block: &Tensor, dtype: Dtype) -> Vec<Finding> {
    let values = || block.to_device(Device::Cpu).to_kind(Kind::Double);
    match law {
        Law::Structured(structured) => match *structured {
            Structured::Orthogonal { gain } => orthonormal(&values(), gain, dtype),
            Structured::DeltaOrthogonal { gain } => delta_orthogonal(&values(), gain, dtype),
            Structured::Sparse { zeros, std } => sparse(&values(), zeros, std, dtype),
            Structured::Chrono { max, gates, factor } => {
                chrono(&values(), Elementwise::chrono(max, factor), gates, dtype)
            }
            Structured::Eye { .. } | Structured::Dirac { .. } => made_again(law, block),
        },
        Law::Table(_) => made_again(law, block),
        Law::Constant { .. }
        | Law::Elementwise(_)
        | Law::Given(_)
        | Law::ByIndex(_)
        | Law::Mapped(_)
        | Law::Sample(_)
        | Law::Custom(_) => Vec::new(),
    }
}

fn certain(what: String) -> Vec<Finding> {
    vec![Finding { chance: 0.0, what }]
}

/// Rows or columns, whichever are fewer, of length `gain` and at right angles.
fn orthonormal(values: &Tensor, gain: f64, dtype: Dtype) -> Vec<Finding> {
    if gain == 0.0 {
        let off = values.count_nonzero(None::<i64>).int64_value(&[]);
        return if off == 0 {
            Vec::new()
        } else {
            certain(format!("{off} values are not 0, and the gain is"))
        };
    }
    // Of gain 1, so that no square overflows.
    let matrix = values.reshape([values.size()[0], -1]) / gain;
    let (rows, columns) = (matrix.size()[0], matrix.size()[1]);
    let gram = if rows <= columns {
        matrix.matmul(&matrix.tr())
    } else {
        matrix.tr().matmul(&matrix)
    };
    let side = gram.size()[0];
    let due = Tensor::eye(side, (Kind::Double, Device::Cpu));
    let off = (gram - due).abs().max().double_value(&[]);
    // Each value is rounded once to its kind; the factorisation before it errs by a unit of f32 for each row and
    // column.
    let lattice = Lattice::of(dtype);
    let rounding = lattice.spacing(1.0);
    let least = lattice.spacing(0.0) / gain.abs();
    let factorised = if dtype == Dtype::F64 {
        f64::EPSILON
    } else {
        f64::from(f32::EPSILON)
    };
    let length = (rows.max(columns) as f64).sqrt();
    let underflow = length * least + (length * least).powi(2);
    let tolerance = 2.5 * rounding + (rows + columns) as f64 * factorised + underflow;
    if off <= tolerance {
        return Vec::new();
    }
    certain(format!(
        "the rows or columns are not orthogonal and of length {gain}: off by {off:.2e} of it, and rounding explains {tolerance:.2e}"
    ))
}

fn delta_orthogonal(values: &Tensor, gain: f64, dtype: Dtype) -> Vec<Finding> {
    let centre = match centre::of_tensor(values) {
        Ok(centre) => centre,
        Err(error) => return certain(error.to_string()),
    };
    let elsewhere = values.count_nonzero(None::<i64>).int64_value(&[])
        - centre.count_nonzero(None::<i64>).int64_value(&[]);
    if elsewhere > 0 {
        return certain(format!("{elsewhere} values beside the centre are not 0"));
    }
    orthonormal(&centre, gain, dtype)
}

fn sparse(values: &Tensor, zeros: i64, std: f64, dtype: Dtype) -> Vec<Finding> {
    let in_columns = values
        .eq(0.0)
        .sum_dim_intlist([0_i64].as_slice(), false, Kind::Int64);
    let (least, most) = (
        in_columns.min().int64_value(&[]),
        in_columns.max().int64_value(&[]),
    );
    let law = Elementwise::Normal { mean: 0.0, std };
    if law.is_too_narrow(dtype) {
        return Vec::new();
    }
    let what = format!("{zeros} zeros are due in each column, and there are {least} to {most}");
    if least < zeros {
        return certain(what);
    }
    let mut findings = Vec::new();
    if most > zeros {
        // Draws that are 0 by themselves.
        let half = Lattice::of(dtype).spacing(0.0);
        findings.push(Finding {
            chance: values.numel() as f64 * (law.below(half) - law.below(-half)),
            what,
        });
    }
    findings.extend(drawn(law, values.masked_select(&values.ne(0.0)), dtype));
    findings
}

fn chrono(values: &Tensor, law: Elementwise, gates: i64, dtype: Dtype) -> Vec<Finding> {
    let gate = |index| gates::of_bias(values, gates, index);
    let read = || -> Result<_, TchError> {
        let differ = gate(gates::INPUT)?.ne_tensor(&gates::due_input(values, gates)?);
        let hidden = values.size()[0] / gates;
        let others = values.f_slice(0, (gates::FORGET + 1) * hidden, None, 1)?;
        let wrong = differ.count_nonzero(None::<i64>).int64_value(&[])
            + others.count_nonzero(None::<i64>).int64_value(&[]);
        Ok((wrong, gate(gates::FORGET)?))
    };
    match read() {
        Err(error) => certain(error.to_string()),
        Ok((0, _)) if law.is_too_narrow(dtype) => Vec::new(),
        Ok((0, forget)) => drawn(law, forget, dtype),
        Ok((wrong, _)) => certain(format!(
            "{wrong} biases beside the forget gate's are not those that follow from it"
        )),
    }
}

/// Equal neighbours along `dim`, `count` at a time, of which one is a draw from `law`, if that is known.
pub(super) fn repeated(
    law: Option<Elementwise>,
    view: &Tensor,
    (dim, count): (usize, i64),
    dtype: Dtype,
) -> Vec<Finding> {
    match (once(view, dim, count), law) {
        (Err(finding), _) => vec![finding],
        (Ok(once), Some(law)) => {
            let once = once.to_device(Device::Cpu).to_kind(Kind::Double);
            drawn(law, once.reshape([-1]), dtype)
        }
        (Ok(_), None) => Vec::new(),
    }
}

/// One of each `count` neighbours along `dim`, if they are equal.
pub(super) fn once(view: &Tensor, dim: usize, count: i64) -> Result<Tensor, Finding> {
    let of = |reason: Cause| Finding {
        chance: 0.0,
        what: reason.to_string(),
    };
    let each = engine::once(view, dim, count).map_err(of)?;
    let first = each.narrow(dim as i64 + 1, 0, 1);
    match each.ne_tensor(&first).sum(Kind::Int64).int64_value(&[]) {
        0 => Ok(first.squeeze_dim(dim as i64 + 1)),
        differ => Err(Finding {
            chance: 0.0,
            what: format!("{differ} values differ from the neighbour that they repeat"),
        }),
    }
}

/// Draws of `law`, in a row.
fn drawn(law: Elementwise, drawn: Tensor, dtype: Dtype) -> Vec<Finding> {
    let gauge = Gauge::new(law, dtype, drawn.numel() as u64);
    let mut counting = Counting {
        count: Count::Cells(gauge.grid()),
        tally: Tally::new(Count::Cells(gauge.grid())),
    };
    let piece = Piece {
        entry: 0,
        first: 0,
        view: drawn,
    };
    match piece.look(&mut counting) {
        Ok(()) => {
            let mut tally = Tally::empty();
            tally.add(counting.tally);
            gauge.findings(&tally)
        }
        Err(reason) => certain(reason.to_string()),
    }
}

struct Counting {
    count: Count,
    tally: Tally,
}

impl Look for Counting {
    fn see<T: Float>(&mut self, first: u64, values: &[T]) {
        self.tally.see(self.count, 0, first, values);
    }
}

/// A law without chance: written anew, and compared.
fn made_again(law: &Law, block: &Tensor) -> Vec<Finding> {
    let again = Tensor::zeros(block.size(), (block.kind(), Device::Cpu));
    let written = Layout::of(&again)
        .and_then(|layout| engine::execute_one(&again, &layout, law, Bits::Seed(0)));
    match written {
        Ok(()) => {
            let differ = block
                .to_device(Device::Cpu)
                .ne_tensor(&again)
                .sum(Kind::Int64);
            match differ.int64_value(&[]) {
                0 => Vec::new(),
                differ => certain(format!("{differ} values differ from {law}")),
            }
        }
        Err(reason) => certain(reason.to_string()),
    }
}
