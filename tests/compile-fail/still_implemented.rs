//! A mistake in a declaration does not take the impls with it: whoever uses the type sees no error of their own.

use nninit::Initialize;
use tch::{Tensor, nn};

#[derive(Initialize)]
struct Broken {
    #[init(zerosss)]
    w: Tensor,
    #[init(weight(normal(std = )))]
    fc: nn::Linear,
}

#[derive(Initialize)]
struct Outer {
    walked: Broken,
    #[init(fc(weight(zeros)), w(ones))]
    named: Vec<Broken>,
    #[init(normal, std = self.width)]
    w: Tensor,
    width: f64,
}

fn needs_initialize(_: &dyn Initialize) {}

fn main() {
    let broken = |broken: Broken| needs_initialize(&broken);
    let outer = |outer: Outer| outer.plan().map(drop);
    let _ = (broken, outer);
}
