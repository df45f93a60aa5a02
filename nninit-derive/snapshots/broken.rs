use nninit::Initialize;

#[derive(Initialize)]
struct Model {
    #[init(zeros)]
    #[init(onse, at = 0)]
    one_of_two: Tensor,
    #[init(normal, sdt = 1)]
    all: Tensor,
    #[init(weight(orthogonal), bias(uniform(a = )))]
    part: nn::Linear,
    fine: nn::Linear,
}

#[derive(Initialize)]
union Union {
    a: i64,
}
