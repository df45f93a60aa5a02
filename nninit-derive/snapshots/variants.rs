use nninit::Initialize;

#[derive(Initialize)]
enum Norm {
    Layer {
        #[init(constant, val = *start)]
        gamma: Tensor,
        start: f64,
    },
    Batch(nn::BatchNorm),
    Off,
}

#[derive(Initialize)]
enum Never {}
