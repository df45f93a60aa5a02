use nninit::Initialize;

#[derive(Initialize)]
struct Block {
    #[init(weight(kaiming_normal, mode = "fan_out", nonlinearity = "relu"), bias(zeros))]
    conv: nn::Conv2D,
    norm: nn::BatchNorm,
    #[init(fc2(weight(normal, std = 0.01)), stream = "old")]
    mlp: Option<Mlp>,
    #[init(skip)]
    rnn: nn::LSTM,
    hidden: i64,
}
