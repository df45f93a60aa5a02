//! Closures that take from `self` what they outlive.

use nninit::Initialize;
use tch::Tensor;

#[derive(Initialize)]
struct Model {
    #[init(with = |w, _| {
        let _ = w.f_fill_(self.value)?;
        Ok(())
    })]
    w: Tensor,
    #[init(sample = self.gamma)]
    v: Tensor,
    value: f64,
    gamma: rand_distr::Gamma<f64>,
    name: String,
    #[init(normal, stream = &self.name)]
    renamed: Tensor,
}

fn main() {}
