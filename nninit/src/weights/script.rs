//! Files that tch's `save` and `save_multi` write: TorchScript modules, which libtorch alone reads, and whole.

use std::sync::{Arc, Mutex, PoisonError};

use tch::Tensor;

use super::file::OpenFile;
use super::kind::StoredKind;
use super::stored::StoredTensor;
use crate::numeric::law::Bytes;
use crate::{Cause, Dtype, Mistake};

/// Of so many bytes at the end the list of an archive's files is looked for.
const TAIL: u64 = 1 << 22;

/// Whether the file is an archive with what a module has and `torch.save` does not write.
pub(super) fn is_one(file: &OpenFile) -> bool {
    let mut begin = [0; 4];
    if file.read(0, &mut begin).is_err() || begin != *b"PK\x03\x04" {
        return false;
    }
    let mut tail = vec![0; file.len().min(TAIL) as usize];
    let read = file.read(file.len() - tail.len() as u64, &mut tail);
    let name = b"/constants.pkl";
    read.is_ok() && tail.windows(name.len()).any(|window| window == name)
}

/// What the file has, in the order of the names, in which tch wrote `|` for `.`.
pub(super) fn read(file: &Arc<OpenFile>) -> Result<Vec<StoredTensor>, Vec<Mistake>> {
    let loaded = Tensor::load_multi(file.path()).map_err(|error| {
        let first = error.to_string();
        let first = first.lines().next().unwrap_or_default();
        vec![Mistake::new(
            "",
            format!("libtorch cannot read it: {first}"),
        )]
    })?;
    let mut stored = Vec::with_capacity(loaded.len());
    for (name, tensor) in loaded {
        let name = name.replace('|', ".");
        let values = Loaded::of(file, &tensor);
        let (kind, shape, values) =
            values.map_err(|cause| vec![Mistake::new(&name, cause.to_string())])?;
        stored.push(StoredTensor {
            name: name.into(),
            shape,
            kind,
            file: Arc::clone(file),
            bytes: Arc::new(values),
        });
    }
    stored.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(stored)
}

/// A tensor that is in memory; its elements lie row by row.
struct Loaded {
    file: Arc<OpenFile>,
    flat: Mutex<Tensor>,
}

impl Loaded {
    fn of(file: &Arc<OpenFile>, tensor: &Tensor) -> Result<(StoredKind, Vec<i64>, Self), Cause> {
        if !matches!(tensor.f_sparse_dim(), Ok(0)) {
            let layout = "sparse, or in a layout of another library";
            return Err(Cause::NotStrided { layout });
        }
        let dtype = Dtype::from(tensor.f_kind()?);
        if dtype.is_quantised() {
            return Err(Cause::NotStrided {
                layout: "quantised",
            });
        }
        let loaded = Self {
            file: Arc::clone(file),
            flat: Mutex::new(
                tensor
                    .f_detach()?
                    .f_to_device(tch::Device::Cpu)?
                    .f_reshape([-1])?,
            ),
        };
        Ok((StoredKind::Known(dtype), tensor.size(), loaded))
    }
}

impl Bytes for Loaded {
    fn read(&self, first: u64, out: &mut [u8]) -> Result<(), Cause> {
        let flat = self.flat.lock().unwrap_or_else(PoisonError::into_inner);
        let size = flat.f_kind()?.elt_size_in_bytes();
        let elements = out.len() / size;
        let part = flat.f_narrow(0, first as i64 / size as i64, elements as i64)?;
        Ok(part.f_contiguous()?.f_copy_data_u8(out, elements)?)
    }

    fn read_again(&self) -> Result<(), Cause> {
        self.file.read_again()
    }
}
