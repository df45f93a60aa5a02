//! The header of a safetensors file: a length, JSON, and after it the bytes of all tensors without a gap.
//!
//! <https://huggingface.co/docs/safetensors> has the format.

use std::collections::HashSet;
use std::sync::Arc;

use super::file::OpenFile;
use super::kind::StoredKind;
use super::pairs::{LONGEST, Pairs};
use super::stored::StoredTensor;
use crate::numeric::law::Bytes;
use crate::{Cause, Mistake};

/// In front of the header: its length.
const PREFIX: u64 = 8;

/// What the file has, in the order of its bytes.
pub(super) fn read(file: &Arc<OpenFile>) -> Result<Vec<StoredTensor>, Vec<Mistake>> {
    let of_file = |message: String| vec![Mistake::new("", message)];
    let mut length = [0; PREFIX as usize];
    if file.len() < PREFIX {
        return Err(of_file(format!(
            "it has {} bytes, and a safetensors file at least {PREFIX}",
            file.len()
        )));
    }
    let failed = |error: std::io::Error| of_file(error.to_string());
    file.read(0, &mut length).map_err(failed)?;
    refuse_others(length).map_err(of_file)?;
    let length = u64::from_le_bytes(length);
    if length > LONGEST || length > file.len() - PREFIX {
        return Err(of_file(format!(
            "its first 8 bytes say that a header of {length} bytes follows, and the file has {} (at most {LONGEST} are \
             read): it is cut off, or no safetensors file",
            file.len() - PREFIX
        )));
    }
    let mut header = vec![0; length as usize];
    file.read(PREFIX, &mut header).map_err(failed)?;
    let Pairs(mut tensors): Pairs<OfTensor> = serde_json::from_slice(&header).map_err(|error| {
        of_file(format!(
            "its header is not what a safetensors file has: {error}"
        ))
    })?;
    drop(header);
    tensors.sort_by_key(|(_, of)| (of.data_offsets.0, of.data_offsets.1));
    let data = PREFIX + length..file.len();
    let mistakes = check(&tensors, data.end - data.start);
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let stored = |(name, of): (String, OfTensor)| StoredTensor {
        name: name.into(),
        shape: of.shape.iter().map(|&length| length as i64).collect(),
        kind: of.dtype,
        file: Arc::clone(file),
        bytes: Arc::new(Place {
            file: Arc::clone(file),
            first: data.start + of.data_offsets.0,
        }),
    };
    Ok(tensors.into_iter().map(stored).collect())
}

/// Tells of files that begin as other formats of weights do.
fn refuse_others(begin: [u8; PREFIX as usize]) -> Result<(), String> {
    let what = match begin {
        [b'P', b'K', 3, 4, ..] | [0x80, 2..=5, ..] => "a pickle as `torch.save` writes it",
        [b'G', b'G', b'U', b'F', ..] => "a GGUF file",
        [0x89, b'H', b'D', b'F', ..] => "an HDF5 file",
        _ => return Ok(()),
    };
    Err(format!(
        "it is {what}, and safetensors files are read, pickles with the feature `pickle`; or write it anew in Python, by \
         `safetensors.torch.save_file(torch.load(…), …)`"
    ))
}

/// What is wrong with entries that are in the order of their bytes, of which there are `len`.
fn check(tensors: &[(String, OfTensor)], len: u64) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    let mut names = HashSet::with_capacity(tensors.len());
    let mut end = 0;
    for (name, of) in tensors {
        let mut wrong = |message: String| mistakes.push(Mistake::new(name, message));
        if !names.insert(name.as_str()) {
            wrong("it is there twice".to_owned());
        }
        let (start, past) = of.data_offsets;
        let bytes = match of.bytes() {
            Ok(bytes) => bytes,
            Err(message) => {
                wrong(message);
                continue;
            }
        };
        if past < start {
            wrong(format!("its offsets are {start} to {past}"));
        } else if bytes.is_some_and(|bytes| past - start != bytes) {
            wrong(format!(
                "{:?} elements of kind {} do not take the {} bytes between its offsets, {start} and {past}",
                of.shape,
                of.dtype.name(),
                past - start
            ));
        } else if start < end {
            wrong(format!(
                "its bytes begin at {start}, where those of the entry before it reach to {end}"
            ));
        } else if start > end {
            wrong(format!(
                "its bytes begin at {start}, and those of the entry before it end at {end}; a safetensors file has none \
                 that are nobody's"
            ));
        } else if past > len {
            wrong(format!(
                "its bytes reach to {past}, and the file ends at {len}: it is cut off"
            ));
        }
        end = end.max(past);
    }
    if mistakes.is_empty() && end != len {
        mistakes.push(Mistake::new(
            "",
            format!("its entries end at byte {end} behind the header, and the file at {len}"),
        ));
    }
    mistakes
}

/// Where a tensor's bytes begin.
struct Place {
    file: Arc<OpenFile>,
    first: u64,
}

impl Bytes for Place {
    fn read(&self, first: u64, out: &mut [u8]) -> Result<(), Cause> {
        let read = self.file.read(self.first + first, out);
        read.map_err(|error| self.file.failed(&error))
    }

    fn read_again(&self) -> Result<(), Cause> {
        self.file.read_again()
    }
}

#[derive(serde::Deserialize)]
struct OfTensor {
    dtype: StoredKind,
    shape: Vec<u64>,
    data_offsets: (u64, u64),
}

impl OfTensor {
    /// How many bytes it takes, where it is known how long an element is.
    fn bytes(&self) -> Result<Option<u64>, String> {
        let factor = |product: u64, length: &u64| {
            i64::try_from(*length).ok()?;
            product.checked_mul(*length)
        };
        let bits = self.dtype.bits();
        // Nothing is known of an element's length but that it has one.
        let first = u64::from(bits.unwrap_or(8));
        match self.shape.iter().try_fold(first, factor) {
            Some(all) => Ok(bits.map(|_| all.div_ceil(8))),
            None => Err(format!(
                "{:?} elements are more than any file has",
                self.shape
            )),
        }
    }
}
