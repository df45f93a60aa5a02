//! How a tensor lies in memory: where each of its elements is, and what two tensors share.

use std::borrow::Cow;
use std::hash::{Hash, Hasher};
use std::ops::Range;

use tch::{Device, Kind, Tensor};

use crate::numeric::extent::Extent;
use crate::{Cause, Dtype};

/// How a tensor lies in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Layout {
    address: usize,
    shape: Vec<i64>,
    /// None where the elements follow one another without a gap, in order.
    strides: Option<Vec<i64>>,
    element_size: usize,
    kind: Kind,
    device: Device,
    /// Of complex numbers: how their real and imaginary parts lie, in a last dimension of their own.
    parts: Option<Box<Self>>,
}

impl Hash for Layout {
    /// Tensors in one place seldom differ in anything but their size.
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.address, self.numel()).hash(state);
    }
}

impl Layout {
    /// Reads the layout, and refuses a tensor that cannot be written element by element.
    pub(crate) fn of(tensor: &Tensor) -> Result<Self, Cause> {
        // First, as this is the one question that tch answers for every kind of tensor without a panic.
        if !matches!(tensor.f_sparse_dim(), Ok(0)) {
            return Err(not_strided(tensor));
        }
        let kind = tensor.f_kind()?;
        refuse_lazy(tensor, kind)?;
        let shape = tensor.size();
        let contiguous = tensor.is_contiguous();
        let layout = Self {
            address: tensor.data_ptr().expose_provenance(),
            strides: (!contiguous).then(|| tensor.stride()),
            shape,
            element_size: kind.elt_size_in_bytes(),
            kind,
            device: tensor.device(),
            parts: None,
        }
        .with_parts();
        if layout.address == 0 && layout.numel() > 0 {
            let layout = "without memory of its own";
            return Err(Cause::NotStrided { layout });
        }
        if !contiguous && layout.overlaps_itself() {
            Err(Cause::Overlapping)
        } else {
            Ok(layout)
        }
    }

    /// The layout of a tensor that is only read, so that its elements may lie on one another.
    pub(crate) fn to_read(tensor: &Tensor) -> Result<Self, Cause> {
        let kind = tensor.f_kind()?;
        let dims = tensor.size().into_iter().zip(tensor.stride());
        // Where elements repeat in one place, once is enough.
        let (shape, strides): (_, Vec<i64>) = dims
            .map(|(length, stride)| (if stride == 0 { length.min(1) } else { length }, stride))
            .unzip();
        Ok(Self {
            address: tensor.data_ptr().addr(),
            shape,
            strides: Some(strides),
            element_size: kind.elt_size_in_bytes(),
            kind,
            device: tensor.device(),
            parts: None,
        })
    }

    /// Where a box of the tensor lies.
    pub(crate) fn of_box(&self, extent: &Extent) -> Self {
        let strides = self.strides();
        let spans = || extent.spans().iter().zip(strides.iter());
        let first: i64 = spans().map(|(span, stride)| span.start * stride).sum();
        let (shape, strides): (_, Vec<i64>) =
            spans().map(|(span, &stride)| (span.len, stride)).unzip();
        Self {
            address: self
                .address
                .wrapping_add_signed(first as isize * self.element_size as isize),
            shape,
            strides: Some(strides),
            parts: None,
            ..self.clone()
        }
    }

    fn with_parts(self) -> Self {
        let dtype = self.dtype();
        if !dtype.is_complex() {
            return self;
        }
        let kind = dtype.of_parts().kind();
        let strides = self.strides.iter().flatten().map(|stride| 2 * stride);
        let parts = Self {
            shape: self.shape.iter().copied().chain([2]).collect(),
            strides: self.strides.is_some().then(|| strides.chain([1]).collect()),
            element_size: kind.elt_size_in_bytes(),
            kind,
            ..self.clone()
        };
        Self {
            parts: Some(Box::new(parts)),
            ..self
        }
    }

    /// How the real numbers lie that the elements are made of: the elements themselves, or the parts of complex ones.
    pub(crate) fn numbers(&self) -> &Self {
        self.parts.as_deref().unwrap_or(self)
    }

    /// The same box, of the real numbers that the elements are made of.
    pub(crate) fn box_of_numbers<'a>(&self, extent: &'a Extent) -> Cow<'a, Extent> {
        if self.parts.is_some() {
            Cow::Owned(extent.of_parts())
        } else {
            Cow::Borrowed(extent)
        }
    }

    /// Reads the layout again, and refuses a tensor that is no longer laid out like this.
    pub(crate) fn read_again(&self, tensor: &Tensor) -> Result<(), Cause> {
        let as_it_was = tensor.data_ptr().expose_provenance() == self.address
            && tensor.f_kind().is_ok_and(|kind| kind == self.kind)
            && tensor.size() == self.shape
            && tensor.is_contiguous() == self.is_contiguous()
            && self
                .strides
                .as_ref()
                .is_none_or(|strides| tensor.stride() == *strides)
            && tensor.device() == self.device
            && !tensor.f_is_neg()?
            && !(self.parts.is_some() && tensor.f_is_conj()?);
        if as_it_was {
            return Ok(());
        }
        let now = Self::of(tensor)?;
        let (was, is) = self.unlike(&now);
        Err(Cause::Changed { was, is })
    }

    /// The first thing in which the two differ, of each.
    fn unlike(&self, other: &Self) -> (String, String) {
        let shown: [fn(&Self) -> String; 5] = [
            |layout| layout.dtype().to_string(),
            |layout| device_name(layout.device),
            |layout| format!("of shape {:?}", layout.shape),
            |layout| format!("of strides {:?}", layout.strides()),
            |layout| format!("at address {:#x}", layout.address),
        ];
        let pairs = shown.map(|shown| (shown(self), shown(other)));
        let apart = pairs.into_iter().find(|(was, is)| was != is);
        apart.unwrap_or_default()
    }

    pub(crate) fn address(&self) -> usize {
        self.address
    }

    pub(crate) fn element_size(&self) -> usize {
        self.element_size
    }

    pub(crate) fn shape(&self) -> &[i64] {
        &self.shape
    }

    pub(crate) fn strides(&self) -> Cow<'_, [i64]> {
        match &self.strides {
            Some(strides) => strides.into(),
            None => row_major(&self.shape).into(),
        }
    }

    pub(crate) fn kind(&self) -> Kind {
        self.kind
    }

    pub(crate) fn dtype(&self) -> Dtype {
        self.kind.into()
    }

    pub(crate) fn device(&self) -> Device {
        self.device
    }

    /// Whether the elements follow one another without a gap, in order.
    pub(crate) fn is_contiguous(&self) -> bool {
        self.strides.is_none()
    }

    /// Whether zeros in the box are a `memset`: one run of floats in the CPU's memory, aligned.
    pub(crate) fn is_memset(&self, extent: &Extent) -> bool {
        self.device == Device::Cpu
            && self.dtype().is_real()
            && self.address.is_multiple_of(self.element_size)
            && self.is_contiguous()
            && extent.is_one_run()
    }

    pub(crate) fn numel(&self) -> u64 {
        self.shape.iter().map(|&n| n as u64).product()
    }

    /// The addresses from the first element's first byte to past the last one's last.
    pub(crate) fn span(&self) -> Range<usize> {
        let Some(strides) = &self.strides else {
            let bytes = self.numel().max(1) as usize * self.element_size;
            return self.address..self.address + bytes;
        };
        let reach = |stride_sign: bool| -> usize {
            let offset = |(&n, &stride): (&i64, &i64)| (n - 1).max(0) * stride;
            let dims = self.shape.iter().zip(strides);
            let sum: i64 = dims.map(offset).filter(|&o| (o >= 0) == stride_sign).sum();
            sum.unsigned_abs() as usize * self.element_size
        };
        self.address - reach(false)..self.address + reach(true) + self.element_size
    }

    /// Whether the elements fill their span without a gap.
    #[cfg(test)]
    fn is_dense(&self) -> bool {
        self.span().len() as u64 == self.numel() * self.element_size as u64
    }

    fn overlaps_itself(&self) -> bool {
        if self.numel() < 2 {
            return false;
        }
        let mut dims: Vec<_> = self
            .shape
            .iter()
            .zip(self.strides().iter())
            .filter(|&(&n, _)| n > 1)
            .map(|(&n, &s)| (s.abs(), n))
            .collect();
        dims.sort_unstable();
        let mut reach = 0;
        let nested = dims.iter().all(|&(stride, n)| {
            let apart = stride > reach;
            reach += stride * (n - 1);
            apart
        });
        if nested {
            return false;
        }
        if dims.iter().any(|&(stride, _)| stride == 0) {
            return true;
        }
        let mut taken = Bitmap::over(self.span());
        self.addresses()
            .any(|address| taken.take(address, self.element_size))
    }

    fn addresses(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.numel()).map(|index| {
            self.address
                .wrapping_add_signed(self.offset(index) * self.element_size as isize)
        })
    }

    /// The place of element `index`, in elements from the first.
    pub(crate) fn offset(&self, mut index: u64) -> isize {
        let Some(strides) = &self.strides else {
            return index as isize;
        };
        let mut offset = 0;
        for (&n, &stride) in self.shape.iter().zip(strides).rev() {
            offset += (index % n as u64) as isize * stride as isize;
            index /= n as u64;
        }
        offset
    }
}

/// `cpu`, `cuda:0`.
pub(crate) fn device_name(device: Device) -> String {
    match device {
        Device::Cpu => "cpu".to_owned(),
        Device::Cuda(index) => format!("cuda:{index}"),
        other => format!("{other:?}").to_lowercase(),
    }
}

/// Why a tensor is refused whose elements do not lie in memory by strides.
fn not_strided(tensor: &Tensor) -> Cause {
    if !tensor.defined() {
        return Cause::Undefined;
    }
    let layout = if tensor.is_mkldnn() {
        "in oneDNN's own layout"
    } else if tensor.f_sparse_dim().is_ok() {
        "sparse"
    } else {
        "nested, batched by `vmap` or otherwise without a shape of its own"
    };
    Cause::NotStrided { layout }
}

/// Refuses tensors whose memory holds something else than their values.
fn refuse_lazy(tensor: &Tensor, kind: Kind) -> Result<(), Cause> {
    let layout = if matches!(kind, Kind::QInt8 | Kind::QUInt8 | Kind::QInt32) {
        "quantised"
    } else if tensor.f_is_neg()? {
        "a negated view, whose memory holds the negatives of its values"
    } else if Dtype::from(kind).is_complex() && tensor.f_is_conj()? {
        "a conjugated view, whose memory holds the conjugates of its values"
    } else {
        return Ok(());
    };
    Err(Cause::NotStrided { layout })
}

/// The strides of a contiguous tensor.
pub(crate) fn row_major(shape: &[i64]) -> Vec<i64> {
    let mut strides = vec![1; shape.len()];
    for d in (1..shape.len()).rev() {
        strides[d - 1] = strides[d] * shape[d].max(1);
    }
    strides
}

/// Which bytes of a range are taken.
struct Bitmap {
    start: usize,
    bits: Vec<u64>,
}

impl Bitmap {
    fn over(range: Range<usize>) -> Self {
        Self {
            start: range.start,
            bits: vec![0; range.len().div_ceil(64)],
        }
    }

    /// Takes the bytes of one element; says whether any was taken before.
    fn take(&mut self, address: usize, size: usize) -> bool {
        let from = address - self.start;
        (from..from + size).fold(false, |taken, byte| {
            let (word, bit) = (&mut self.bits[byte / 64], 1 << (byte % 64));
            let before = *word & bit != 0;
            *word |= bit;
            taken | before
        })
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::plan) fn layout(address: usize, shape: &[i64], strides: &[i64]) -> Layout {
        Layout {
            address,
            shape: shape.to_vec(),
            strides: (strides != row_major(shape)).then(|| strides.to_vec()),
            element_size: 4,
            kind: Kind::Float,
            device: Device::Cpu,
            parts: None,
        }
    }

    #[test]
    fn a_span_reaches_from_the_first_byte_to_past_the_last() {
        assert_eq!(layout(1000, &[2, 3], &[3, 1]).span(), 1000..1024);
        assert_eq!(layout(1000, &[2, 3], &[1, 2]).span(), 1000..1024);
        assert_eq!(layout(1000, &[2, 3], &[8, 1]).span(), 1000..1044);
        assert_eq!(layout(1000, &[], &[]).span(), 1000..1004);
    }

    #[test]
    fn expanded_tensors_overlap_themselves() {
        assert!(layout(1000, &[3, 4], &[0, 1]).overlaps_itself());
        assert!(layout(1000, &[3, 4], &[2, 1]).overlaps_itself());
        assert!(!layout(1000, &[3, 4], &[4, 1]).overlaps_itself());
        assert!(!layout(1000, &[1, 4], &[0, 1]).overlaps_itself());
        // Two strides that nest in neither order, and still never meet.
        assert!(!layout(1000, &[2, 3], &[3, 2]).overlaps_itself());
    }

    #[test]
    fn offsets_follow_the_strides() {
        let transposed = layout(1000, &[2, 3], &[1, 2]);
        let offsets: Vec<_> = (0..6).map(|index| transposed.offset(index)).collect();
        assert_eq!(offsets, [0, 2, 4, 1, 3, 5]);
        assert!(!transposed.is_contiguous() && transposed.is_dense());
    }

    #[test]
    fn row_major_strides() {
        assert_eq!(row_major(&[2, 3, 4]), [12, 4, 1]);
        assert_eq!(row_major(&[2, 0, 4]), [4, 4, 1]);
        assert_eq!(row_major(&[]), [0_i64; 0]);
    }
}
