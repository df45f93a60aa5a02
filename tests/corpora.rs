//! What was found by fuzzing, and what fuzzing starts from, tried again.

use std::fs;
use std::path::Path;

use nninit_fuzz::TARGETS;

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
}
