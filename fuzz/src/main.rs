//! The program that `.ci/fuzz` runs: libFuzzer, with the target that `FUZZ_TARGET` names.

#![no_main]

use std::sync::LazyLock;

use nninit_fuzz::Target;

static TARGET: LazyLock<Target> = LazyLock::new(|| {
    let name = std::env::var("FUZZ_TARGET").expect("FUZZ_TARGET names a target");
    Target::find(&name).unwrap_or_else(|| panic!("no target is called `{name}`"))
});

libfuzzer_sys::fuzz_target!(|input: &[u8]| TARGET.run(input));
