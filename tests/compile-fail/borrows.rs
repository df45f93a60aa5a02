//! Functions of draws and places that take from `self` what they outlive.

use nninit::Initialize;
use tch::Tensor;

#[derive(Initialize)]
struct Model {
    #[init(normal, map = |x| x + self.value)]
    mapped: Tensor,
    #[init(by_index = |place| self.value * place[0] as f64)]
    table: Tensor,
    #[init(normal, map = |x| x * self.mapped.double_value(&[0]))]
    of_tensor: Tensor,
    value: f64,
}

fn main() {}
