//! Files that `torch.save` writes: pickles in an archive, or in a stream as before PyTorch 1.6. No code in them is run.

use std::sync::{Arc, Mutex, PoisonError};

use pytorch_reader::{DType, PytorchReader, Tensor};

use super::file::OpenFile;
use super::kind::StoredKind;
use super::stored::StoredTensor;
use crate::numeric::law::Bytes;
use crate::{Cause, Dtype, Mistake};

/// Whether the file begins as one.
pub(super) fn is_one(file: &OpenFile) -> bool {
    let mut begin = [0; 4];
    let read = file.read(0, &mut begin);
    read.is_ok() && matches!(begin, [b'P', b'K', 3, 4] | [0x80, 2..=5, ..])
}

/// What the file has, in the order of the names.
pub(super) fn read(file: &Arc<OpenFile>) -> Result<Vec<StoredTensor>, Vec<Mistake>> {
    let reader = PytorchReader::new(file.path())
        .map_err(|error| vec![Mistake::new("", error.to_string())])?;
    let mut stored: Vec<StoredTensor> = reader
        .into_tensors()
        .into_iter()
        .map(|(name, tensor)| StoredTensor {
            name: name.into(),
            shape: tensor.shape().iter().map(|&length| length as i64).collect(),
            kind: kind(tensor.dtype()),
            file: Arc::clone(file),
            bytes: Arc::new(Pickled {
                file: Arc::clone(file),
                tensor,
                read: Mutex::default(),
            }),
        })
        .collect();
    stored.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(stored)
}

fn kind(of: DType) -> StoredKind {
    match of {
        DType::F64 => StoredKind::Known(Dtype::F64),
        DType::F32 => StoredKind::Known(Dtype::F32),
        DType::F16 => StoredKind::Known(Dtype::F16),
        DType::BF16 => StoredKind::Known(Dtype::BF16),
        DType::I64 => StoredKind::Known(Dtype::I64),
        DType::I32 => StoredKind::Known(Dtype::I32),
        DType::I16 => StoredKind::Known(Dtype::I16),
        DType::I8 => StoredKind::Known(Dtype::I8),
        DType::U8 => StoredKind::Known(Dtype::U8),
        DType::Bool => StoredKind::Known(Dtype::Bool),
        DType::U64 => StoredKind::of("U64"),
        DType::U32 => StoredKind::of("U32"),
        DType::U16 => StoredKind::of("U16"),
    }
}

/// A tensor that can be read whole alone: a strided view of what the file holds has to be gathered.
struct Pickled {
    file: Arc<OpenFile>,
    tensor: Tensor,
    /// From its first part to its last.
    read: Mutex<Vec<u8>>,
}

impl Bytes for Pickled {
    fn read(&self, first: u64, out: &mut [u8]) -> Result<(), Cause> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if read.is_empty() {
            *read = self
                .tensor
                .read()
                .map_err(|error| self.file.failed(&error))?;
        }
        let (first, end) = (first as usize, first as usize + out.len());
        let Some(part) = read.get(first..end) else {
            let short = std::io::ErrorKind::UnexpectedEof.into();
            return Err(self.file.failed(&short));
        };
        out.copy_from_slice(part);
        if end == read.len() {
            *read = Vec::new();
        }
        Ok(())
    }

    fn read_again(&self) -> Result<(), Cause> {
        self.file.read_again()
    }
}
