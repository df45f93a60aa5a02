//! A parameter's values: read in pieces on all threads, a cache full at a time.

#![allow(
    clippy::inline_always,
    reason = "only what is inlined into a SIMD level's function is compiled for that level"
)]

use std::sync::{Mutex, PoisonError};

use tch::kind::Element;
use tch::{Device, Kind, Tensor};

use crate::engine::{Progress, threads};
use crate::{Cause, Entry, Problem};

/// Elements that one thread takes at once.
const PIECE: usize = 1 << 18;

/// Elements that are held at once: what fits the cache of one core beside the work on them.
const BUFFER: usize = 1 << 14;

/// Elements between two calls of a progress callback, which may do anything to the tensors.
const ROUND: u64 = 1 << 24;

/// A float that values are looked at as.
pub(super) trait Float: Element + Copy + Default + Into<f64> + PartialOrd + Send {
    /// The bits without the sign, 32 of them that differ where the values do.
    fn magnitude(self) -> u32;

    /// The bits.
    fn bits(self) -> u64;
}

impl Float for f32 {
    #[inline(always)]
    fn magnitude(self) -> u32 {
        self.to_bits() & 0x7FFF_FFFF
    }

    #[inline(always)]
    fn bits(self) -> u64 {
        u64::from(self.to_bits())
    }
}

impl Float for f64 {
    #[inline(always)]
    fn magnitude(self) -> u32 {
        let bits = self.to_bits() & (u64::MAX >> 1);
        (bits ^ bits >> 29) as u32
    }

    #[inline(always)]
    fn bits(self) -> u64 {
        self.to_bits()
    }
}

/// What looks at the values of one piece.
pub(super) trait Look {
    /// Values from element `first` on.
    fn see<T: Float>(&mut self, first: u64, values: &[T]);
}

/// Some elements of a parameter that follow one another; of complex numbers, their real and imaginary parts in turn.
pub(super) struct Piece {
    pub(super) entry: usize,
    pub(super) first: u64,
    pub(super) view: Tensor,
}

/// Calls `look` with every piece of the entries at `indices`, on all threads, and hands over what it returns: for each
/// entry, in order. Between rounds no piece is held and `tell` is called.
pub(super) fn each_piece<R: Send>(
    entries: &[Entry],
    indices: &[usize],
    tell: Option<&mut dyn FnMut(Progress)>,
    look: impl Fn(&Piece) -> Result<R, Cause> + Sync,
) -> Result<Vec<Vec<R>>, Problem> {
    let total = indices
        .iter()
        .map(|&index| entries[index].layout().numbers().numel())
        .sum();
    let mut results: Vec<Vec<R>> = indices.iter().map(|_| Vec::new()).collect();
    let mut meter = Meter {
        total,
        done: 0,
        tell,
    };
    let round = if meter.tell.is_some() {
        ROUND
    } else {
        u64::MAX
    };
    let mut waiting = Vec::new();
    let mut elements = 0;
    for (slot, &index) in indices.iter().enumerate() {
        let entry = &entries[index];
        unchanged(entry)?;
        for piece in pieces(slot, entry).map_err(|reason| entry.problem(reason))? {
            elements += piece.view.numel() as u64;
            waiting.push(piece);
            if elements >= round {
                run(std::mem::take(&mut waiting), elements, &look, &mut results)
                    .map_err(|(slot, reason)| entries[indices[slot]].problem(reason))?;
                meter.add(std::mem::take(&mut elements));
                unchanged(entry)?;
            }
        }
    }
    run(waiting, elements, &look, &mut results)
        .map_err(|(slot, reason)| entries[indices[slot]].problem(reason))?;
    meter.add(elements);
    Ok(results)
}

struct Meter<'a> {
    total: u64,
    done: u64,
    tell: Option<&'a mut dyn FnMut(Progress)>,
}

impl Meter<'_> {
    fn add(&mut self, elements: u64) {
        self.done += elements;
        if let Some(tell) = self.tell.as_mut().filter(|_| elements > 0) {
            tell(Progress {
                done: self.done,
                total: self.total,
            });
        }
    }
}

type Failure = (usize, Cause);

fn run<R: Send>(
    pieces: Vec<Piece>,
    elements: u64,
    look: &(impl Fn(&Piece) -> Result<R, Cause> + Sync),
    results: &mut [Vec<R>],
) -> Result<(), Failure> {
    let seen = Mutex::new(Vec::with_capacity(pieces.len()));
    let work = |piece: Piece| {
        let result = look(&piece);
        let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.push((piece.entry, piece.first, result));
    };
    threads::share(pieces, elements, work);
    let mut seen = seen.into_inner().unwrap_or_else(PoisonError::into_inner);
    // Sums of floats depend on their order, which must not depend on the threads.
    seen.sort_unstable_by_key(|&(entry, first, _)| (entry, first));
    for (entry, _, result) in seen {
        results[entry].push(result.map_err(|reason| (entry, reason))?);
    }
    Ok(())
}

/// That the tensor is still what the plan knows.
pub(super) fn unchanged(entry: &Entry) -> Result<(), Problem> {
    let layout = entry.layout();
    let read = layout.read_again(&entry.tensor());
    read.map_err(|cause| entry.problem(cause))
}

fn pieces(slot: usize, entry: &Entry) -> Result<Vec<Piece>, Cause> {
    let _no_grad = tch::no_grad_guard();
    let mut pieces = Vec::new();
    let mut tensor = entry.tensor().f_detach()?;
    if entry.layout().dtype().is_complex() {
        tensor = tensor.f_view_as_real()?;
    }
    let tensor = if entry.layout().is_contiguous() {
        tensor.f_view(-1)?
    } else {
        tensor
    };
    halves(&tensor, 0, PIECE, &mut |first, view| {
        let view = view.shallow_clone();
        pieces.push(Piece {
            entry: slot,
            first,
            view,
        });
        Ok(())
    })?;
    Ok(pieces)
}

impl Piece {
    /// Hands over the values in row-major order, as the nearest float that holds them all.
    pub(super) fn look(&self, look: &mut impl Look) -> Result<(), Cause> {
        let _no_grad = tch::no_grad_guard();
        let kind = self.view.f_kind()?;
        match kind {
            Kind::Float | Kind::Half | Kind::BFloat16 => {
                self.blocks(Kind::Float, |first, values| {
                    look.see::<f32>(first, values);
                })
            }
            _ => self.blocks(Kind::Double, |first, values| {
                look.see::<f64>(first, values);
            }),
        }
    }

    /// Hands over the values as they are.
    pub(super) fn each<T: Element + Copy + Default>(
        &self,
        see: impl FnMut(u64, &[T]),
    ) -> Result<(), Cause> {
        let _no_grad = tch::no_grad_guard();
        self.blocks(T::KIND, see)
    }

    fn blocks<T: Element + Copy + Default>(
        &self,
        kind: Kind,
        mut see: impl FnMut(u64, &[T]),
    ) -> Result<(), Cause> {
        // A device answers slowly, so it is asked once for all.
        let view = self.view.f_to_device(Device::Cpu)?;
        let mut values = vec![T::default(); BUFFER.min(view.numel())];
        halves(&view, self.first, BUFFER, &mut |first, view| {
            let values = &mut values[..view.numel()];
            let view = real(view)?.f_to_kind(kind)?;
            view.f_copy_data(values, values.len())?;
            see(first, values);
            Ok(())
        })
    }
}

/// Quantised kinds as the numbers that they stand for.
pub(super) fn real(tensor: &Tensor) -> Result<Tensor, Cause> {
    Ok(match tensor.f_kind()? {
        Kind::QInt8 | Kind::QUInt8 | Kind::QInt32 => tensor.f_dequantize()?,
        _ => tensor.shallow_clone(),
    })
}

/// Cuts a tensor into views of at most `most` elements, in row-major order.
fn halves(
    tensor: &Tensor,
    first: u64,
    most: usize,
    see: &mut impl FnMut(u64, &Tensor) -> Result<(), Cause>,
) -> Result<(), Cause> {
    let count = tensor.numel();
    if count == 0 {
        return Ok(());
    }
    if count <= most {
        return see(first, tensor);
    }
    let shape = tensor.size();
    let longer = shape.iter().position(|&length| length > 1);
    let dim = longer.unwrap_or_default();
    let half = if shape.len() == 1 {
        // Whole pieces but for the last: half of them, rounded up.
        (count.div_ceil(most).div_ceil(2) * most) as i64
    } else {
        shape[dim] / 2
    };
    let (dim, rest) = (dim as i64, shape[dim] - half);
    let head = tensor.f_narrow(dim, 0, half)?;
    halves(&head, first, most, see)?;
    let after = first + head.numel() as u64;
    halves(&tensor.f_narrow(dim, half, rest)?, after, most, see)
}
