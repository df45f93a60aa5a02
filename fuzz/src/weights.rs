//! Files of weights: what is opened has passed all checks, and what is none is told.

use std::collections::HashSet;
use std::path::PathBuf;
use std::{env, fs, process};

use nninit::{StoredTensor, Weights};

/// Opens the text as a file, and as the header of one with as many bytes behind it as its first line says.
pub(crate) fn file(text: &str) {
    let (data, header) = text.split_once('\n').unwrap_or(("0", text));
    let data: u16 = data.trim().parse().unwrap_or(0);
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.as_bytes());
    bytes.resize(bytes.len() + usize::from(data), 7);
    for bytes in [text.as_bytes(), &bytes] {
        let weights = opened(bytes);
        for tensor in weights.iter().flat_map(Weights::tensors) {
            let elements = tensor.shape().iter().product::<i64>() as usize;
            let size = tensor.dtype().map_or(0, nninit::Dtype::size);
            assert!(
                elements * size <= bytes.len(),
                "{tensor:?} lies in the file"
            );
        }
    }
}

/// Opens the text as a file in which each letter is a byte.
pub(crate) fn pickle(text: &str) {
    let bytes: Vec<u8> = text.chars().map(|letter| letter as u8).collect();
    let _ = opened(&bytes);
}

/// What the bytes are as a file, where they are one.
fn opened(bytes: &[u8]) -> Option<Weights> {
    let path: PathBuf = env::temp_dir().join(format!("nninit-fuzz-{}", process::id()));
    fs::write(&path, bytes).expect("a temporary file can be written");
    let opened = Weights::open(&path);
    fs::remove_file(&path).expect("what was written can be removed");
    let weights = match opened {
        Ok(weights) => weights,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return None;
        }
    };
    let names: HashSet<&str> = weights.tensors().iter().map(StoredTensor::name).collect();
    assert_eq!(names.len(), weights.tensors().len());
    for tensor in weights.tensors() {
        let found = weights.get(tensor.name()).map(StoredTensor::shape);
        assert_eq!(found, Some(tensor.shape()));
    }
    let _ = format!("{weights:?}");
    Some(weights)
}
