//! Models as users of tch build them: from builders and closures, with weights that only the `VarStore` knows.

use tch::nn::{self, Module, ModuleT};
use tch::{Device, Kind, Tensor};

/// A store on the CPU.
pub fn store() -> nn::VarStore {
    nn::VarStore::new(Device::Cpu)
}

/// Character-level language model: an LSTM and a linear layer, both at the root.
pub fn char_rnn(vs: &nn::VarStore, labels: i64, hidden: i64) -> (nn::LSTM, nn::Linear) {
    let lstm = nn::lstm(vs.root(), labels, hidden, nn::RNNConfig::default());
    let linear = nn::linear(vs.root(), hidden, labels, nn::LinearConfig::default());
    (lstm, linear)
}

/// The fast residual network for CIFAR-10, `width` channels wide at first.
pub fn cifar_resnet(p: &nn::Path, width: i64) -> nn::SequentialT {
    let conv_bn = |p: nn::Path, inputs, outputs| {
        let config = nn::ConvConfig {
            padding: 1,
            bias: false,
            ..nn::ConvConfig::default()
        };
        nn::seq_t()
            .add(nn::conv2d(&p, inputs, outputs, 3, config))
            .add(nn::batch_norm2d(
                &p,
                outputs,
                nn::BatchNormConfig::default(),
            ))
            .add_fn(Tensor::relu)
    };
    let layer = |p: nn::Path, inputs, outputs| {
        let pre = conv_bn(&p / "pre", inputs, outputs);
        let first = conv_bn(&p / "b1", outputs, outputs);
        let second = conv_bn(&p / "b2", outputs, outputs);
        nn::func_t(move |xs, train| {
            let pre = xs.apply_t(&pre, train).max_pool2d_default(2);
            let ys = pre.apply_t(&first, train).apply_t(&second, train);
            pre + ys
        })
    };
    nn::seq_t()
        .add(conv_bn(p / "pre", 3, width))
        .add(layer(p / "layer1", width, 2 * width))
        .add(layer(p / "layer2", 2 * width, 4 * width))
        .add_fn(|xs| xs.max_pool2d_default(4).flat_view())
        .add(nn::linear(
            p / "linear",
            4 * width,
            10,
            nn::LinearConfig::default(),
        ))
}

/// A small GPT, with the linear layer that its authors write by hand.
pub fn min_gpt(p: &nn::Path, vocabulary: i64, embedding: i64, blocks: i64) {
    let linear = |p: nn::Path, inputs, outputs| {
        let _ = p.randn("weight", &[outputs, inputs], 0.0, 0.02);
        let _ = p.zeros("bias", &[outputs]);
    };
    let norm = |p: nn::Path| nn::layer_norm(p, vec![embedding], nn::LayerNormConfig::default());
    let _ = nn::embedding(
        p / "tok_emb",
        vocabulary,
        embedding,
        nn::EmbeddingConfig::default(),
    );
    let _ = p.zeros("pos_emb", &[1, 8, embedding]);
    for block in 0..blocks {
        let p = p / block;
        let _ = (norm(&p / "ln1"), norm(&p / "ln2"));
        for name in ["key", "query", "value", "proj"] {
            linear(&p / name, embedding, embedding);
        }
        linear(&p / "lin1", embedding, 4 * embedding);
        linear(&p / "lin2", 4 * embedding, embedding);
    }
    let _ = norm(p / "ln_f");
    let head = p / "head";
    let _ = head.randn("weight", &[vocabulary, embedding], 0.0, 0.02);
    let _ = head.zeros_no_train("bias", &[vocabulary]);
}

/// The generator of a DCGAN.
pub fn dcgan_generator(p: &nn::Path, latent: i64, width: i64) -> nn::SequentialT {
    let up = |name: &str, inputs, outputs| {
        let config = nn::ConvTransposeConfig {
            stride: 2,
            padding: 1,
            bias: false,
            ..nn::ConvTransposeConfig::default()
        };
        nn::conv_transpose2d(p / name, inputs, outputs, 4, config)
    };
    let norm =
        |name: &str, width| nn::batch_norm2d(p / name, width, nn::BatchNormConfig::default());
    nn::seq_t()
        .add(up("tr1", latent, 2 * width))
        .add(norm("bn1", 2 * width))
        .add_fn(Tensor::relu)
        .add(up("tr2", 2 * width, width))
        .add(norm("bn2", width))
        .add_fn(Tensor::relu)
        .add(up("tr3", width, 3))
        .add_fn(Tensor::tanh)
}

/// A translator: GRUs, and several layers at one path, whose names tch makes different.
#[derive(Debug)]
pub struct Translator {
    /// Reads the source.
    pub encoder: nn::GRU,
    /// Writes the target.
    pub decoder: nn::GRU,
}

/// A translator as its authors build it: several layers share a path.
pub fn translator(p: &nn::Path, words: i64, hidden: i64) -> Translator {
    let gru = |p: &nn::Path| nn::gru(p, hidden, hidden, nn::RNNConfig::default());
    let embedding = |p: &nn::Path| nn::embedding(p, words, hidden, nn::EmbeddingConfig::default());
    let linear =
        |p: &nn::Path, inputs, outputs| nn::linear(p, inputs, outputs, nn::LinearConfig::default());
    let (enc, dec) = (p / "enc", p / "dec");
    let encoder = gru(&enc);
    let _ = embedding(&enc);
    let _ = embedding(&dec);
    let decoder = gru(&dec);
    let _ = linear(&dec, 2 * hidden, 10);
    let _ = linear(&dec, 2 * hidden, hidden);
    let _ = linear(&dec, hidden, words);
    Translator { encoder, decoder }
}

/// An actor and a critic on one trunk.
pub fn actor_critic(p: &nn::Path, actions: i64) -> impl Fn(&Tensor) -> (Tensor, Tensor) + use<> {
    let stride = |stride| nn::ConvConfig {
        stride,
        ..nn::ConvConfig::default()
    };
    let trunk = nn::seq()
        .add(nn::conv2d(p / "c1", 4, 8, 8, stride(4)))
        .add_fn(Tensor::relu)
        .add(nn::conv2d(p / "c2", 8, 16, 4, stride(2)))
        .add_fn(|xs| xs.relu().flat_view())
        .add(nn::linear(p / "l1", 64, 32, nn::LinearConfig::default()));
    let critic = nn::linear(p / "cl", 32, 1, nn::LinearConfig::default());
    let actor = nn::linear(p / "al", 32, actions, nn::LinearConfig::default());
    move |xs| {
        let ys = trunk.forward(xs).relu();
        (ys.apply(&critic), ys.apply(&actor))
    }
}

/// What a model makes of ones.
pub fn output(model: &impl ModuleT, shape: &[i64]) -> Tensor {
    let ones = Tensor::ones(shape, (Kind::Float, Device::Cpu));
    tch::no_grad(|| model.forward_t(&ones, false))
}
