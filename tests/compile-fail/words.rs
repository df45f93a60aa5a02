//! The words beside schemes: `batch`, `repeat`, `map`, `copy` and `by_index`.

use nninit::{Initialize, rules};
use tch::{Tensor, nn};

#[derive(Initialize)]
struct Counts {
    #[init(orthogonal, batch = -1)]
    negative: Tensor,
    #[init(orthogonal, batch = 0.5)]
    half: Tensor,
    #[init(normal, batch)]
    bare: Tensor,
    #[init(normal, batch = 1, batch = 2)]
    twice: Tensor,
    #[init(batch = 1)]
    alone: Tensor,
    #[init(skip, batch = 1)]
    skipped: Tensor,
    #[init(normal, repeat = 0)]
    none: Tensor,
    #[init(normal, repeat = "two")]
    text: Tensor,
    #[init(normal, repeats = 2)]
    misspelt: Tensor,
    #[init(repeat = 2)]
    no_scheme: Tensor,
}

#[derive(Initialize)]
struct Maps {
    #[init(zeros, map = f64::ln)]
    constant: Tensor,
    #[init(orthogonal, map = f64::ln)]
    matrix: Tensor,
    #[init(sample = rand_distr::StandardNormal, map = f64::ln)]
    sampled: Tensor,
    #[init(by_index = |_| 0.0, map = f64::ln)]
    table: Tensor,
    #[init(copy = [1.0], map = f64::ln)]
    copied: Tensor,
    #[init(skip, map = f64::ln)]
    skipped: Tensor,
    #[init(map = f64::ln)]
    alone: Tensor,
    #[init(normal, map)]
    bare: Tensor,
    #[init(normal, map(f64::ln))]
    list: Tensor,
    #[init(normal, map = f64::ln, map = f64::exp)]
    twice: Tensor,
    #[init(normal, mpa = f64::ln)]
    misspelt: Tensor,
}

#[derive(Initialize)]
struct Copies {
    #[init(copy)]
    bare: Tensor,
    #[init(copy(self.bare))]
    list: Tensor,
    #[init(copy = self.bare, std = 0.02)]
    parameter: Tensor,
    #[init(copy = self.bare, fan_of = self.bare)]
    fans: Tensor,
    #[init(copy = self.bare, zeros)]
    two: Tensor,
    #[init(weight(copy))]
    layer: nn::Linear,
}

#[derive(Initialize)]
struct Tables {
    #[init(by_index)]
    bare: Tensor,
    #[init(by_index = |_| 0.0, groups = 2)]
    fans: Tensor,
    #[init(by_index = |_| 0.0, by_index = |_| 1.0)]
    twice: Tensor,
}

/// What rustc finds: it needs declarations that are right so far.
#[derive(Initialize)]
struct Types {
    #[init(normal, map = 2.0)]
    number: Tensor,
    #[init(normal, map = |x: f32| x)]
    single: Tensor,
    #[init(normal, map = |x| x > 0.0)]
    truth: Tensor,
    #[init(copy = 1.0)]
    one: Tensor,
    #[init(copy = [1, 2])]
    whole: Tensor,
    #[init(copy = "weights.pt")]
    file: Tensor,
    #[init(by_index = |place| place[0])]
    index: Tensor,
    #[init(by_index = |row, column| 0.0)]
    places: Tensor,
    #[init(by_index = 0.0)]
    value: Tensor,
}

fn in_rules(source: &Tensor) {
    let _ = rules! {
        "a" => zeros(map = f64::ln),
        "b" => copy(source),
        "c" => [copy = source, at = 1],
        "f" => [zeros, copy = source, std = 1],
        "d" => normal(map = "ln"),
        "e" => copy = 0.5,
    };
}

fn main() {}
