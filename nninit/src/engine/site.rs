//! A tensor in the engine's hands.

use std::ptr;

use tch::Tensor;

use crate::Cause;
use crate::numeric::extent::Extent;
use crate::numeric::stream::Key;
use crate::plan::layout::Layout;

/// A tensor, what was read of it when the plan was made, and which values belong there.
#[derive(Clone, Copy)]
pub(super) struct Site<'a> {
    tensor: &'a Tensor,
    layout: &'a Layout,
    key: Key,
}

impl<'a> Site<'a> {
    pub(super) fn new(tensor: &'a Tensor, layout: &'a Layout, key: Key) -> Self {
        Self {
            tensor,
            layout,
            key,
        }
    }

    pub(super) fn layout(&self) -> &'a Layout {
        self.layout
    }

    pub(super) fn key(&self) -> Key {
        self.key
    }

    /// Where the first element lies, in a tensor that has just been read again.
    pub(super) fn first_byte(&self) -> *mut u8 {
        ptr::with_exposed_provenance_mut(self.layout.address())
    }

    /// Whether the tensor still is what was planned; it may not be once code of a user's has run.
    pub(super) fn read_again(&self) -> Result<(), Cause> {
        self.layout.read_again(self.tensor)
    }

    /// `value` as the elements hold it.
    pub(super) fn nearest(&self, value: f64) -> f64 {
        self.layout.dtype().nearest(value)
    }

    /// The view that `.i(…)` would give.
    pub(super) fn view(&self, extent: &Extent) -> Result<Tensor, Cause> {
        view(self.tensor, extent)
    }

    /// Moves autograd's version counter, as an in-place operation of libtorch would, without touching an element: a
    /// copy of a tensor to itself ends before the copying.
    pub(super) fn mark_written(&self) -> Result<(), Cause> {
        Ok(self.tensor.shallow_clone().f_copy_(self.tensor)?)
    }
}

/// The view that `.i(…)` would give.
pub(crate) fn view(tensor: &Tensor, extent: &Extent) -> Result<Tensor, Cause> {
    let mut view = tensor.shallow_clone();
    if extent.is_whole() {
        return Ok(view);
    }
    let mut dim = 0;
    for span in extent.spans() {
        if span.kept {
            view = view.f_narrow(dim, span.start, span.len)?;
            dim += 1;
        } else {
            view = view.f_select(dim, span.start)?;
        }
    }
    Ok(view)
}
