//! Every recipe on a small model with the names that it goes by.

use nninit::recipes::{
    Bert, DeepNorm, DiT, Fixup, Gan, Gpt2, GptNeoX, Llama, Lora, Mae, Mamba, Megatron, Olmo,
    ResNet, Siren, Spectral, Sphere, T5, TFixup, TorchDefault, TorchTransformer, Transformer,
    UnitScaled, VisionTransformer,
};
use nninit::{Blueprint, Dtype, Error, Layer, Recipe, Rules};

use Layer::{BatchNorm, Conv, ConvTranspose, Embedding, LayerNorm, Linear};

/// One recipe, where it comes from, and layers that it tells apart.
pub(crate) struct Sample {
    /// As it is written in Rust.
    pub(crate) recipe: &'static str,
    pub(crate) source: &'static str,
    /// How it is held against the source.
    pub(crate) held: &'static str,
    pub(crate) layers: Vec<(&'static str, Layer, Vec<i64>)>,
    make: fn() -> Box<dyn Recipe>,
}

impl Sample {
    pub(crate) fn blueprint(&self) -> Result<Blueprint, Error> {
        self.blueprint_of(&self.layers)
    }

    /// With other layers.
    pub(crate) fn blueprint_of(
        &self,
        layers: &[(impl AsRef<str>, Layer, Vec<i64>)],
    ) -> Result<Blueprint, Error> {
        let mut rules = Rules::of((self.make)());
        let mut variables = Vec::new();
        for (path, layer, shape) in layers {
            let path = path.as_ref();
            let is_flat = shape.len() == 1;
            if !is_flat {
                rules = rules.layer(format!("{path}.weight"), *layer);
            }
            variables.push((format!("{path}.weight"), shape.clone()));
            let outputs = match layer {
                ConvTranspose => shape[1],
                _ => shape[0],
            };
            if *layer != Embedding {
                variables.push((format!("{path}.bias"), vec![outputs]));
            }
            if *layer == BatchNorm {
                variables.push((format!("{path}.running_mean"), vec![outputs]));
                variables.push((format!("{path}.running_var"), vec![outputs]));
            }
        }
        rules.blueprint(
            variables
                .into_iter()
                .map(|(name, shape)| (name, shape, Dtype::F32)),
        )
    }

    pub(crate) fn must_match(&self) -> Vec<String> {
        (self.make)().must_match()
    }
}

macro_rules! sample {
    ($recipe:expr, $source:literal, $held:literal, [$($path:literal: $layer:ident $shape:expr),* $(,)?]) => {
        Sample {
            recipe: stringify!($recipe),
            source: $source,
            held: $held,
            layers: vec![$(($path, $layer, $shape.to_vec())),*],
            make: || Box::new($recipe),
        }
    };
}

/// All of them, in the order of the page.
#[rustfmt::skip]
#[expect(clippy::too_many_lines, reason = "it is a table")]
pub(crate) fn all() -> Vec<Sample> {
    vec![
        sample!(
            TorchDefault,
            "`reset_parameters` of each of `torch.nn`'s layers",
            "bit-equal with torch",
            [
                "fc": Linear [64, 256], "conv": Conv [64, 32, 3, 3], "up": ConvTranspose [64, 32, 3, 3],
                "bn": BatchNorm [64], "ln": LayerNorm [64], "emb": Embedding [1000, 64],
            ]
        ),
        sample!(
            ResNet,
            "He et al. (2016), as torchvision's `ResNet`",
            "bit-equal with torchvision",
            ["conv": Conv [64, 32, 3, 3], "bn": BatchNorm [64], "fc": Linear [10, 64]]
        ),
        sample!(
            Fixup::new(8, ["conv1"], "conv2").shortcut("downsample").stem("conv1"),
            "Zhang et al. (2019), the authors' ResNet",
            "literal numbers",
            [
                "conv1": Conv [16, 3, 3, 3], "layer1.0.conv1": Conv [16, 16, 3, 3],
                "layer1.0.conv2": Conv [16, 16, 3, 3], "layer2.0.downsample": Conv [32, 16, 1, 1],
                "fc": Linear [10, 64],
            ]
        ),
        sample!(
            Gan,
            "Radford et al. (2016), as PyTorch's DCGAN tutorial",
            "bit-equal with torch running the tutorial's lines",
            ["down": Conv [64, 3, 4, 4], "up": ConvTranspose [64, 3, 4, 4], "bn": BatchNorm [64]]
        ),
        sample!(
            Transformer,
            "most code that builds its own transformer",
            "bit-equal with torch",
            ["fc": Linear [64, 256], "emb": Embedding [1000, 64], "ln": LayerNorm [64]]
        ),
        sample!(
            TorchTransformer,
            "`torch.nn.Transformer`",
            "bit-equal with torch",
            ["fc": Linear [64, 256], "emb": Embedding [1000, 64], "ln": LayerNorm [64]]
        ),
        sample!(
            Gpt2::new(12),
            "Radford et al. (2019), as Hugging Face's and nanoGPT's GPT-2",
            "bit-equal with transformers",
            [
                "wte": Embedding [1000, 64], "wpe": Embedding [128, 64], "h.0.attn.c_attn": Linear [192, 64],
                "h.0.attn.c_proj": Linear [64, 64], "h.0.mlp.c_fc": Linear [256, 64],
                "h.0.mlp.c_proj": Linear [64, 256], "ln_f": LayerNorm [64],
            ]
        ),
        sample!(
            Gpt2::original(),
            "OpenAI's own code of GPT-2",
            "literal numbers",
            [
                "wte": Embedding [1000, 64], "wpe": Embedding [128, 64], "h.0.attn.c_attn": Linear [192, 64],
                "h.0.attn.c_proj": Linear [64, 64],
            ]
        ),
        sample!(
            GptNeoX::new(24, 1024),
            "Black et al. (2022): small_init and wang_init",
            "literal numbers",
            [
                "embed_in": Embedding [1000, 1024], "layers.0.attention.query_key_value": Linear [3072, 1024],
                "layers.0.attention.dense": Linear [1024, 1024], "layers.0.mlp.dense_h_to_4h": Linear [4096, 1024],
                "layers.0.mlp.dense_4h_to_h": Linear [1024, 4096],
            ]
        ),
        sample!(
            Megatron::new(24, 0.02),
            "Megatron-LM: init_method_normal and scaled_init_method_normal",
            "literal numbers",
            [
                "embedding.word_embeddings": Embedding [1000, 64],
                "layers.0.self_attention.linear_qkv": Linear [192, 64],
                "layers.0.self_attention.linear_proj": Linear [64, 64], "layers.0.mlp.linear_fc1": Linear [256, 64],
                "layers.0.mlp.linear_fc2": Linear [64, 256],
            ]
        ),
        sample!(
            Llama::torchtitan(),
            "torchtitan's Llama 3: by the index of each layer",
            "bit-equal with torchtitan",
            [
                "tok_embeddings": Embedding [1000, 256], "layers.0.attention.wq": Linear [256, 256],
                "layers.0.attention.wo": Linear [256, 256], "layers.0.feed_forward.w1": Linear [1024, 256],
                "layers.0.feed_forward.w2": Linear [256, 1024], "layers.1.feed_forward.w3": Linear [1024, 256],
                "layers.31.attention.wo": Linear [256, 256], "output": Linear [1000, 256],
            ]
        ),
        sample!(
            Llama::torchtitan().tied(),
            "the same, with one weight for embedding and output",
            "bit-equal with torchtitan",
            [
                "tok_embeddings": Embedding [1000, 256], "layers.0.attention.wo": Linear [256, 256],
                "layers.0.feed_forward.w2": Linear [256, 1024], "layers.1.feed_forward.w3": Linear [1024, 256],
            ]
        ),
        sample!(
            Llama::hugging_face(),
            "Hugging Face's Llama, Mistral, Qwen2 and others",
            "bit-equal with transformers",
            ["embed_tokens": Embedding [1000, 64], "layers.0.self_attn.o_proj": Linear [64, 64]]
        ),
        sample!(
            Olmo::normal(),
            "OLMo-core: `normal`",
            "bit-equal with olmo_core",
            ["embeddings": Embedding [1000, 64], "blocks.0.attention.w_out": Linear [64, 64]]
        ),
        sample!(
            Olmo::llama(48),
            "OLMo-core: `llama`, by the number of layers",
            "bit-equal with olmo_core",
            [
                "embeddings": Embedding [1000, 64], "blocks.0.attention.w_q": Linear [64, 64],
                "blocks.0.attention.w_out": Linear [64, 64], "blocks.0.feed_forward.w2": Linear [64, 256],
                "blocks.0.feed_forward.w3": Linear [256, 64], "lm_head.w_out": Linear [1000, 64],
            ]
        ),
        sample!(
            Olmo::llama_depth(),
            "OLMo-core: `llama_depth`, by the index of each layer",
            "bit-equal with olmo_core",
            [
                "embeddings": Embedding [1000, 64], "blocks.0.attention.w_out": Linear [64, 64],
                "blocks.1.feed_forward.w2": Linear [64, 256], "blocks.1.feed_forward.w3": Linear [256, 64],
                "lm_head.w_out": Linear [1000, 64],
            ]
        ),
        sample!(
            Olmo::normalized(256, 32),
            "OLMo-core: `normalized`, nGPT",
            "bit-equal with olmo_core",
            [
                "embeddings": Embedding [1000, 256], "blocks.0.attention.w_out": Linear [256, 256],
                "blocks.0.feed_forward.w2": Linear [256, 1024], "blocks.0.feed_forward.w3": Linear [1024, 256],
            ]
        ),
        sample!(
            Olmo::fan_in(),
            "OLMo-core: `fan_in`",
            "bit-equal with olmo_core",
            ["embeddings": Embedding [1000, 256], "blocks.0.feed_forward.w2": Linear [256, 1024]]
        ),
        sample!(
            T5::new(512, 64).untied(),
            "Raffel et al. (2020), as Hugging Face's T5",
            "bit-equal with transformers",
            [
                "shared": Embedding [1000, 512], "encoder.block.0.q": Linear [512, 512],
                "encoder.block.0.k": Linear [512, 512], "encoder.block.0.o": Linear [512, 512],
                "encoder.block.0.relative_attention_bias": Embedding [32, 8],
                "encoder.block.0.wi": Linear [2048, 512], "encoder.block.0.wo": Linear [512, 2048],
                "lm_head": Linear [1000, 512],
            ]
        ),
        sample!(
            Bert::hugging_face().padding("word_embeddings", 0),
            "Devlin et al. (2019), as Hugging Face's BERT",
            "bit-equal with transformers",
            [
                "word_embeddings": Embedding [1000, 64], "position_embeddings": Embedding [128, 64],
                "query": Linear [64, 64], "norm": LayerNorm [64],
            ]
        ),
        sample!(
            Bert::original(),
            "the authors' TensorFlow code of BERT",
            "literal numbers",
            ["word_embeddings": Embedding [1000, 64], "query": Linear [64, 64]]
        ),
        sample!(
            VisionTransformer,
            "Dosovitskiy et al. (2021), as timm's `VisionTransformer`",
            "bit-equal with timm, but for its own rounding in `trunc_normal_`",
            ["patch_embed.proj": Conv [64, 3, 4, 4], "blocks.0.attn.qkv": Linear [192, 64], "head": Linear [10, 64]]
        ),
        sample!(
            Mae::new(),
            "He et al. (2022), the authors' code",
            "literal numbers; patches bit-equal with transformers",
            ["patch_embed.proj": Conv [768, 3, 16, 16], "blocks.0.attn.qkv": Linear [2304, 768]]
        ),
        sample!(
            DiT::new(),
            "Peebles & Xie (2023), the authors' code",
            "literal numbers",
            [
                "x_embedder.proj": Conv [384, 4, 2, 2], "t_embedder.mlp.0": Linear [384, 256],
                "t_embedder.mlp.2": Linear [384, 384], "y_embedder.embedding_table": Embedding [1001, 384],
                "blocks.0.attn.qkv": Linear [1152, 384], "blocks.0.adaLN_modulation.1": Linear [2304, 384],
                "final_layer.adaLN_modulation.1": Linear [768, 384], "final_layer.linear": Linear [32, 384],
            ]
        ),
        sample!(
            DeepNorm::new(12),
            "Wang et al. (2022), the paper",
            "literal numbers",
            [
                "layers.0.q_proj": Linear [64, 64], "layers.0.k_proj": Linear [64, 64],
                "layers.0.v_proj": Linear [64, 64], "layers.0.out_proj": Linear [64, 64],
                "layers.0.fc1": Linear [256, 64], "layers.0.fc2": Linear [64, 256],
            ]
        ),
        sample!(
            DeepNorm::pair(6, 6),
            "the same, of an encoder and its decoder",
            "literal numbers",
            [
                "encoder.0.q_proj": Linear [64, 64], "encoder.0.k_proj": Linear [64, 64],
                "encoder.0.v_proj": Linear [64, 64], "encoder.0.out_proj": Linear [64, 64],
                "encoder.0.fc1": Linear [256, 64], "encoder.0.fc2": Linear [64, 256],
                "decoder.0.v_proj": Linear [64, 64], "decoder.0.out_proj": Linear [64, 64],
                "decoder.0.fc1": Linear [256, 64], "decoder.0.fc2": Linear [64, 256],
            ]
        ),
        sample!(
            TFixup::new(6, 6),
            "Huang et al. (2020), the authors' code",
            "literal numbers",
            [
                "encoder.embed": Embedding [1000, 64], "encoder.0.q_proj": Linear [64, 64],
                "encoder.0.k_proj": Linear [64, 64], "encoder.0.v_proj": Linear [64, 64],
                "encoder.0.out_proj": Linear [64, 64], "encoder.0.fc1": Linear [256, 64],
                "encoder.0.fc2": Linear [64, 256], "decoder.embed": Embedding [1000, 64],
                "decoder.0.v_proj": Linear [64, 64], "decoder.0.out_proj": Linear [64, 64],
                "decoder.0.fc1": Linear [256, 64], "decoder.0.fc2": Linear [64, 256], "output": Linear [1000, 64],
            ]
        ),
        sample!(
            Spectral::new(),
            "Yang et al. (2023), as nanotron's `SPECTRAL_MUP`",
            "literal numbers",
            ["up": Linear [4096, 1024], "down": Linear [1024, 4096], "emb": Embedding [1000, 1024]]
        ),
        sample!(
            UnitScaled::new(),
            "Blake et al. (2024): u-μP",
            "bit-equal with unit_scaling",
            ["up": Linear [256, 64], "emb": Embedding [1000, 64], "ln": LayerNorm [64]]
        ),
        sample!(
            Mamba::new(24),
            "Gu & Dao (2023), `mamba_ssm`'s `_init_weights`",
            "literal numbers; `dt_proj`, `out_proj`, convolution and embedding bit-equal with transformers",
            [
                "embedding": Embedding [1000, 64], "layers.0.in_proj": Linear [256, 64],
                "layers.0.conv1d": Conv [128, 1, 4], "layers.0.dt_proj": Linear [128, 4],
                "layers.0.out_proj": Linear [64, 128],
            ]
        ),
        sample!(
            Lora::new(),
            "Hu et al. (2021), PEFT's default",
            "bit-equal with peft and loralib",
            [
                "q.lora_a": Linear [8, 64], "q.lora_b": Linear [64, 8], "emb.lora_a": Embedding [1000, 8],
                "emb.lora_b": Embedding [64, 8], "q": Linear [64, 64],
            ]
        ),
        sample!(
            Lora::gaussian(8),
            "PEFT's `init_lora_weights=\"gaussian\"`",
            "bit-equal with peft",
            ["q.lora_a": Linear [8, 64], "q.lora_b": Linear [64, 8]]
        ),
        sample!(
            Siren::new("net.0", 30.0),
            "Sitzmann et al. (2020), the authors' code",
            "literal numbers",
            ["net.0": Linear [256, 2], "net.1": Linear [256, 256], "net.2": Linear [1, 256]]
        ),
        sample!(
            Sphere::igr("lin8"),
            "Gropp et al. (2020), the authors' code",
            "literal numbers",
            ["lin0": Linear [512, 3], "lin8": Linear [1, 512]]
        ),
        sample!(
            Sphere::idr("lin8"),
            "Yariv et al. (2020), the authors' code",
            "literal numbers",
            ["lin0": Linear [512, 3], "lin8": Linear [1, 512]]
        ),
        sample!(
            Sphere::neus("lin8"),
            "Wang et al. (2021), the authors' code",
            "literal numbers",
            ["lin0": Linear [256, 3], "lin8": Linear [1, 256]]
        ),
        sample!(
            Sphere::sal("lin8"),
            "Atzmon & Lipman (2020), the authors' code",
            "literal numbers",
            ["lin0": Linear [512, 3], "lin8": Linear [1, 512]]
        ),
    ]
}
