//! One mistake, one error: what rustc says of a declaration is not said twice.

use nninit::Initialize;
use tch::{Tensor, nn};

#[derive(Initialize)]
struct Unresolved {
    #[init(zeros)]
    annotated: Tensro,
    walked: nn::Liner,
    #[init(skip)]
    skipped: Missing,
}

#[derive(Initialize)]
struct Generic<T> {
    #[init(weight(zeross))]
    layer: T,
    walked: Vec<T>,
}

#[derive(Initialize)]
struct Uses {
    #[init(layer(weight(ones)))]
    generic: Generic<nn::Linear>,
    unresolved: Vec<Unresolved>,
}

#[derive(Initialize)]
struct Values {
    #[init(normal, std = self.name)]
    v: Tensor,
    name: String,
}

#[derive(Initialize)]
enum Variants {
    Scale {
        #[init(constant, val = start)]
        reference: Tensor,
        #[init(constant, val = *strat)]
        sibling: Tensor,
        start: f64,
    },
}

fn main() {
    let model = |model: Uses| model.plan().map(drop);
    let _ = model;
}
