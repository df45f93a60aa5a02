//! What was found by fuzzing, and what fuzzing starts from, tried again.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use nninit_fuzz::{TARGETS, Target};

/// One test: what is allocated is counted for the whole process.
#[test]
fn every_input_of_the_corpora_holds_what_is_promised() {
    let corpora = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus");
    for target in TARGETS {
        let folder = corpora.join(target.name);
        let mut tried = 0;
        for file in fs::read_dir(&folder).unwrap() {
            let path = file.unwrap().path();
            println!("{}", path.display());
            target.run(&fs::read(&path).unwrap());
            tried += 1;
        }
        assert!(tried > 0, "{} is empty", folder.display());
    }
    // A header takes at most 16 times its length; the target opens it twice.
    Target::find("weights")
        .unwrap()
        .run(long_header(1 << 23).as_bytes());
}

/// A file whose header is of many small entries, as the target reads it.
fn long_header(length: usize) -> String {
    let mut text = String::from("5000\n{");
    for index in 0.. {
        let comma = if index == 0 { "" } else { "," };
        // The last entry has all of the bytes, and those before it none.
        let last = text.len() > length;
        let shape = if last { 5000 } else { 0 };
        write!(
            text,
            r#"{comma}"layers.{index}.weight":{{"dtype":"U8","shape":[{shape}],"data_offsets":[0,{shape}]}}"#
        )
        .unwrap();
        if last {
            break;
        }
    }
    text + "}"
}
