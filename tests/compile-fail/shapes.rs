//! Attributes of the wrong form, in the wrong place, on the wrong item.

use nninit::Initialize;
use tch::Tensor;

#[derive(Initialize)]
union Union {
    a: i64,
    b: f64,
}

#[derive(Initialize)]
struct Forms {
    #[init]
    bare: Tensor,
    #[init()]
    empty: Tensor,
    #[init = "zeros"]
    assigned: Tensor,
    #[init[zeros]]
    brackets: Tensor,
    #[init{zeros}]
    braces: Tensor,
    #[init("zeros")]
    quoted: Tensor,
    #[init(normal[std = 1])]
    inner_brackets: Tensor,
    #[init(|t| t)]
    closure: Tensor,
    #[init(recipe = 1)]
    setting: Tensor,
}

#[derive(Initialize)]
#[init(zeros)]
struct SchemeOnAStruct {
    #[init(zeros)]
    w: Tensor,
}

#[derive(Initialize)]
#[init(recipie = x, crate = "nninit", bound, bound = T)]
#[init(weight(zeros), crate)]
struct Settings {
    #[init(zeros)]
    w: Tensor,
}

#[derive(Initialize)]
#[init(bound = "T Initialize", crate = 1)]
struct Bound<T>(T);

#[derive(Initialize)]
#[init]
#[init(bound = T)]
enum Enum<T> {
    #[init(zeros)]
    One(T),
}

fn main() {}
