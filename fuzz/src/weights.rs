//! Files of weights: what is opened has passed all checks, and what is none is told.

use std::collections::HashSet;
use std::path::PathBuf;
use std::{env, fs, process};

use nninit::{StoredTensor, Weights};

/// Opens the text as a file, and as the header of one with as many bytes behind it as its first line says.
pub(crate) fn file(text: &str) {
    open(text.as_bytes());
    let (data, header) = text.split_once('\n').unwrap_or(("0", text));
    let data: u16 = data.trim().parse().unwrap_or(0);
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.as_bytes());
    bytes.resize(bytes.len() + usize::from(data), 7);
    open(&bytes);
}

fn open(bytes: &[u8]) {
    let path: PathBuf = env::temp_dir().join(format!("nninit-fuzz-{}", process::id()));
    fs::write(&path, bytes).expect("a temporary file can be written");
    let opened = Weights::open(&path);
    fs::remove_file(&path).expect("what was written can be removed");
    let weights = match opened {
        Ok(weights) => weights,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return;
        }
    };
    let names: HashSet<&str> = weights.tensors().iter().map(StoredTensor::name).collect();
    assert_eq!(names.len(), weights.tensors().len());
    for tensor in weights.tensors() {
        assert_eq!(
            weights.get(tensor.name()).map(StoredTensor::shape),
            Some(tensor.shape())
        );
        let elements = tensor.shape().iter().product::<i64>();
        let bytes = tensor.dtype().map_or(0, |dtype| dtype.size() as i64);
        assert!(elements * bytes <= 1 << 16, "{tensor:?} lies in the file");
    }
    let _ = format!("{weights:?}");
}
