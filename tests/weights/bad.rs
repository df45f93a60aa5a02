//! Files that cannot be read, or are none: an error that names the file and the entry.

use std::fs;
use std::path::Path;

use nninit::{Dtype, Error, StoredTensor, Weights};

use crate::files::Folder;

fn told(path: impl AsRef<Path>) -> String {
    let path = path.as_ref();
    let error = Weights::open(path).unwrap_err();
    assert!(matches!(error, Error::File { .. }), "{error:?}");
    assert!(error.problems().is_empty());
    let text = error.to_string();
    let begin = format!("cannot read the weights of `{}`:", path.display());
    let rest = text.strip_prefix(&begin);
    rest.unwrap_or_else(|| panic!("{text}"))
        .trim_start_matches(' ')
        .to_owned()
}

#[test]
fn headers_that_lie_are_told() {
    let folder = Folder::new();
    let of = |header: &str, data: usize| told(folder.written("model.safetensors", header, data));
    assert_eq!(
        of(
            r#"{"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,20]}}"#,
            20
        ),
        "`w`: [2, 3] elements of kind f32 do not take the 20 bytes between its offsets, 0 and 20"
    );
    assert_eq!(
        of(
            r#"{"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}"#,
            20
        ),
        "`w`: its bytes reach to 24, and the file ends at 20: it is cut off"
    );
    assert_eq!(
        of(
            r#"{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
            8
        ),
        "its entries end at byte 4 behind the header, and the file at 8"
    );
    assert_eq!(
        of(
            r#"{"w":{"dtype":"F32","shape":[1],"data_offsets":[8,4]}}"#,
            8
        ),
        "`w`: its offsets are 8 to 4"
    );
    assert_eq!(
        of(
            r#"{"w":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}}"#,
            4
        ),
        "`w`: [4294967296, 4294967296] elements are more than any file has"
    );
    assert_eq!(
        of(
            r#"{"w":{"dtype":"Q9","shape":[4294967296,4294967296],"data_offsets":[0,4]}}"#,
            4
        ),
        "`w`: [4294967296, 4294967296] elements are more than any file has"
    );
    assert_eq!(
        of(
            r#"{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"b":{"dtype":"U8","shape":[3],"data_offsets":[2,5]},
                "c":{"dtype":"U8","shape":[1],"data_offsets":[6,7]}}"#,
            7
        ),
        "\n  `b`: its bytes begin at 2, where those of the entry before it reach to 3\n  `c`: its bytes begin at 6, and \
         those of the entry before it end at 5; a safetensors file has none that are nobody's"
    );
    assert_eq!(
        of(
            r#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#,
            2
        ),
        "`a`: it is there twice"
    );
    // The same bytes for one name, which the format's own crate takes.
    let twice = of(
        r#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#,
        1,
    );
    assert!(twice.starts_with("\n  `a`: it is there twice\n"), "{twice}");
    let unlike = of(
        r#"{"w":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#,
        4,
    );
    assert!(
        unlike.starts_with(
            "its header is not what a safetensors file has: `w`: invalid value: integer `-1`"
        ),
        "{unlike}"
    );
    for header in ["", "{", "[]", "{}{}", r#"{"w":7}"#, &"[".repeat(100_000)] {
        let text = of(header, 0);
        assert!(
            text.starts_with("its header is not what a safetensors file has: "),
            "{text}"
        );
    }
}

#[test]
fn files_that_are_none_are_told() {
    let folder = Folder::new();
    let of = |bytes: &[u8]| told(folder.bytes("model.safetensors", bytes));
    assert_eq!(of(b""), "it has 0 bytes, and a safetensors file at least 8");
    let hostile = of(&[0xff; 64]);
    assert!(
        hostile.starts_with("its first 8 bytes say that a header of 18446744073709551615 bytes follows, and the file has 56"),
        "{hostile}"
    );
    assert!(of(&[8, 0, 0, 0, 0, 0, 0, 0, b'{']).contains("it is cut off"));
    let archive = of(b"PK\x03\x04torch.save");
    assert!(
        archive.contains("Zip") || archive.contains("zip") || archive.contains("ZIP"),
        "{archive}"
    );
    assert!(of(&[0x80, 2, 0x8a, 0x0a, 0, 0, 0, 0]).len() > 10);
    assert!(of(b"GGUF\x03\0\0\0").contains("it is a GGUF file, and safetensors files are read"));
    assert!(told(folder.path("")).contains("it is a folder"));
    assert!(told(folder.path("nowhere")).contains("No such file") || cfg!(not(unix)));
    #[cfg(unix)]
    assert!(told("/dev/null").contains("it is no regular file"));
}

#[test]
fn an_index_names_what_is_beside_it() {
    let folder = Folder::new();
    let one = r#"{"w":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}"#;
    folder.written("1.safetensors", one, 3);
    folder.written("2.safetensors", one, 2);
    let of = |map: &str| {
        let index = format!(r#"{{ "metadata": {{}}, "weight_map": {map} }}"#);
        folder.bytes("model.safetensors.index.json", index.as_bytes())
    };
    let weights = Weights::open(of(r#"{"w": "1.safetensors"}"#)).unwrap();
    assert_eq!(format!("{:?}", weights.tensors()), "[w [3] u8]");
    assert_eq!(weights.tensors()[0].file(), folder.path("1.safetensors"));
    assert_eq!(
        told(of(r#"{"v": "1.safetensors"}"#)),
        "`v`: it is to be in `1.safetensors`, and is not"
    );
    assert_eq!(
        told(of(r#"{"v": "2.safetensors", "w": "../1.safetensors"}"#)),
        "\n  its file `2.safetensors`, `w`: its bytes reach to 3, and the file ends at 2: it is cut off\n  its file \
         `../1.safetensors`: an index names files beside it, and no others"
    );
    assert_eq!(
        told(of(r#"{"w": "1.safetensors", "w": "1.safetensors"}"#)),
        "`w`: it is there twice"
    );
    assert!(told(of("7")).contains("it is JSON, and no index of weights"));
}

#[test]
fn kinds_that_no_tensor_has_are_listed() {
    let folder = Folder::new();
    let header = r#"{"__metadata__":{"format":"pt"},
        "a":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]},
        "b":{"dtype":"F4","shape":[3],"data_offsets":[4,6]},
        "c":{"dtype":"U16","shape":[2],"data_offsets":[6,10]},
        "d":{"dtype":"Q7_NEW","shape":[2],"data_offsets":[10,13]},
        "e":{"dtype":"C64","shape":[],"data_offsets":[13,21]},
        "f":{"dtype":"BOOL","shape":[0,5],"data_offsets":[21,21]}}"#;
    let weights = Weights::open(folder.written("model.safetensors", header, 21)).unwrap();
    assert_eq!(
        format!("{:?}", weights.tensors()),
        "[a [4] float8_e4m3fn, b [3] F4, c [2] U16, d [2] Q7_NEW, e [] complex64, f [0, 5] bool]"
    );
    let dtypes: Vec<Option<Dtype>> = weights.tensors().iter().map(StoredTensor::dtype).collect();
    let complex = Some(Dtype::Complex64);
    let of_eight = Some(Dtype::Float8E4M3FN);
    assert_eq!(
        dtypes,
        [of_eight, None, None, None, complex, Some(Dtype::Bool)]
    );
}

#[test]
fn no_permission_is_told() {
    let folder = Folder::new();
    let path = folder.bytes("model.safetensors", b"");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o0)).unwrap();
        // Whoever may read everything is told what is wrong with the file instead.
        let text = told(&path);
        assert!(
            text.contains("ermission denied") || text.contains("it has 0 bytes"),
            "{text}"
        );
    }
    let _ = path;
}
