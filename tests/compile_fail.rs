//! What users see when a declaration is wrong, message by message.
//!
//! `TRYBUILD=overwrite` writes the messages anew; read the diff as a user would. There is no case that compiles: one
//! would make trybuild link, and this target runs without libtorch.

#[test]
fn messages() {
    trybuild::TestCases::new().compile_fail("compile-fail/*.rs");
}
