//! What tch and `torch.save` pickle; `tests/field` has files of Python's own.

use std::fs;

use nninit::{Error, Weights};
use nninit_tests::bits;
use nninit_tests::stores::store;
use tch::nn;

use crate::files::Folder;

/// A store as tch saves it where the name does not end in `safetensors`.
fn saved(folder: &Folder) -> (std::path::PathBuf, nn::VarStore) {
    let vs = store();
    let _ = nn::linear(vs.root() / "fc", 4, 3, nn::LinearConfig::default());
    let _ = nn::batch_norm1d(vs.root() / "bn", 3, nn::BatchNormConfig::default());
    let path = folder.path("store.ot");
    vs.save(&path).unwrap();
    (path, vs)
}

#[test]
fn a_store_that_tch_saved_is_read() {
    let folder = Folder::new();
    let (path, vs) = saved(&folder);
    let weights = Weights::open(path).unwrap();
    let names: Vec<&str> = weights
        .tensors()
        .iter()
        .map(nninit::StoredTensor::name)
        .collect();
    assert_eq!(
        names,
        [
            "bn.bias",
            "bn.running_mean",
            "bn.running_var",
            "bn.weight",
            "fc.bias",
            "fc.weight"
        ]
    );
    for (name, tensor) in vs.variables() {
        bits::assert_same(&weights.read(&name).unwrap(), &tensor);
    }
}

/// Cut off anywhere, or with any byte another, it is read as something or refused, and nothing worse.
#[test]
fn broken_pickles_are_refused() {
    let folder = Folder::new();
    let (path, _vs) = saved(&folder);
    let whole = fs::read(path).unwrap();
    let try_bytes = |bytes: &[u8]| match Weights::open(folder.bytes("broken.ot", bytes)) {
        Ok(weights) => weights.tensors().iter().for_each(|of| drop(of.read())),
        Err(error) => assert!(matches!(error, Error::File { .. }), "{error}"),
    };
    for end in (0..whole.len()).step_by(17) {
        try_bytes(&whole[..end]);
    }
    for at in (0..whole.len()).step_by(13) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x55;
        try_bytes(&bytes);
    }
}

/// `os.system` of a pickle is not called.
#[test]
fn no_code_is_run() {
    let folder = Folder::new();
    let mark = folder.path("run");
    let command = format!("touch {}", mark.display());
    let length = (command.len() as u32).to_le_bytes();
    let parts: [&[u8]; 5] = [
        b"\x80\x02cposix\nsystem\nX",
        &length,
        command.as_bytes(),
        b"\x85R",
        b".",
    ];
    let error = Weights::open(folder.bytes("evil.pt", &parts.concat()))
        .unwrap_err()
        .to_string();
    assert!(error.contains("posix"), "{error}");
    assert!(!mark.exists());
}
