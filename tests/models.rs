//! Models as one would write them, declared with the derive and nothing else; each plan is checked line by line.

use nninit::Initialize;
use nninit_tests::plans::assert_plan;
use nninit_tests::sources::Seed;
use tch::{Device, Kind, Tensor, nn};

#[path = "models/dcgan.rs"]
mod dcgan;
#[path = "models/depthwise.rs"]
mod depthwise;
#[path = "models/embedding.rs"]
mod embedding;
#[path = "models/gpt2.rs"]
mod gpt2;
#[path = "models/lstm.rs"]
mod lstm;
#[path = "models/resnet.rs"]
mod resnet;
#[path = "models/unet.rs"]
mod unet;
#[path = "models/vit.rs"]
mod vit;

/// Panics unless the plan has these lines and can be carried out.
#[track_caller]
fn check<M: Initialize>(build: impl Fn(&nn::Path<'_>) -> M, expected: &str) {
    let vs = nn::VarStore::new(Device::Cpu);
    let mut model = build(&vs.root());
    assert_plan(&model, expected);
    model.init(&mut Seed(42));
    for (name, variable) in vs.variables() {
        assert_eq!(variable.isfinite().all().int64_value(&[]), 1, "{name}");
    }
}
