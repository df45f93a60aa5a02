//! tch's layers under `TorchRng`, against PyTorch's `reset_parameters` and constructors.

use nninit::{Initialize, TorchRng};
use tch::{Device, Kind, Tensor, nn};

use crate::bits::kind;
use crate::reference::{Case, Reference};
use nninit_tests::bits::differing;
use nninit_tests::bits::next_draws;
use nninit_tests::python::say;

#[test]
fn layers_start_as_pytorch_s_do() {
    let Some(reference) = Reference::of("layers") else {
        return;
    };
    let mut tensors = 0;
    for (number, case) in reference.cases.iter().enumerate() {
        let mut vs = nn::VarStore::new(Device::Cpu);
        let mut layer = [case.build(&vs.root())];
        case.convert(&mut vs);
        let rng = TorchRng::manual_seed(number as i64);
        layer.init(&mut match case.text("seeded") {
            Some("before_construction") => rng.after_construction(),
            _ => rng,
        });
        let after = reference.tensor("after").get(number as i64);
        assert_eq!(
            differing(&next_draws(), &after),
            0,
            "{case}: generator elsewhere"
        );
        for (name, ours) in vs.variables() {
            let theirs = reference.tensor(&format!("{number}.{name}"));
            assert_eq!(differing(&ours, theirs), 0, "{case}: {name}");
            tensors += 1;
        }
    }
    assert_eq!(
        tensors,
        reference.tensors().len() - 1,
        "a part of a layer is missing"
    );
    say(&format!(
        "bit-equal: {} layers, {tensors} tensors",
        reference.cases.len()
    ));
}

/// A layer whose row 3 is padding.
#[derive(Initialize)]
struct Padded {
    #[init(zeros, at = 3)]
    embedding: nn::Embedding,
}

impl Case {
    fn build(&self, vs: &nn::Path<'_>) -> Box<dyn Initialize> {
        let convolution = |groups, bias| nn::ConvConfig {
            groups,
            bias,
            ..Default::default()
        };
        let transposed = |groups| nn::ConvTransposeConfig {
            groups,
            ..Default::default()
        };
        let linear = |bias| nn::LinearConfig {
            bias,
            ..Default::default()
        };
        match self.text("layer").unwrap() {
            "linear" => Box::new(nn::linear(vs, 5, 7, linear(true))),
            "linear_wide" => Box::new(nn::linear(vs, 64, 33, linear(true))),
            "linear_without_bias" => Box::new(nn::linear(vs, 5, 7, linear(false))),
            "linear_without_inputs" => Box::new(nn::Linear {
                ws: vs.zeros("weight", &[3, 0]),
                bs: Some(vs.zeros("bias", &[3])),
            }),
            "conv1d" => Box::new(nn::conv1d(vs, 4, 6, 3, convolution(1, true))),
            "conv2d" => Box::new(nn::conv2d(vs, 4, 6, 3, convolution(1, true))),
            "conv2d_without_bias" => Box::new(nn::conv2d(vs, 4, 6, 3, convolution(1, false))),
            "conv2d_grouped" => Box::new(nn::conv2d(vs, 4, 6, 3, convolution(2, true))),
            "conv2d_channels_last" => {
                let mut conv = nn::conv2d(vs, 4, 6, 3, convolution(1, true));
                let last = Tensor::zeros([6, 3, 3, 4], (Kind::Float, Device::Cpu));
                conv.ws.set_data(&last.movedim_int(-1, 1));
                Box::new(conv)
            }
            "conv3d" => Box::new(nn::conv3d(vs, 4, 6, 3, convolution(1, true))),
            "conv_transpose1d" => Box::new(nn::conv_transpose1d(vs, 4, 6, 3, transposed(1))),
            "conv_transpose2d" => Box::new(nn::conv_transpose2d(vs, 4, 6, 3, transposed(1))),
            "conv_transpose2d_grouped" => {
                Box::new(nn::conv_transpose2d(vs, 4, 6, 3, transposed(2)))
            }
            "conv_transpose3d" => Box::new(nn::conv_transpose3d(vs, 4, 6, 3, transposed(1))),
            "batch_norm1d" => Box::new(nn::batch_norm1d(vs, 6, nn::BatchNormConfig::default())),
            "batch_norm2d" => Box::new(nn::batch_norm2d(vs, 6, nn::BatchNormConfig::default())),
            "batch_norm2d_without_affine" => {
                let config = nn::BatchNormConfig {
                    affine: false,
                    ..Default::default()
                };
                Box::new(nn::batch_norm2d(vs, 6, config))
            }
            "batch_norm3d" => Box::new(nn::batch_norm3d(vs, 6, nn::BatchNormConfig::default())),
            "layer_norm" => Box::new(nn::layer_norm(
                vs,
                vec![3, 4],
                nn::LayerNormConfig::default(),
            )),
            "group_norm" => Box::new(nn::group_norm(vs, 2, 6, nn::GroupNormConfig::default())),
            "embedding" => Box::new(nn::embedding(vs, 10, 3, nn::EmbeddingConfig::default())),
            "embedding_padded" => Box::new(Padded {
                embedding: nn::embedding(vs, 10, 3, nn::EmbeddingConfig::default()),
            }),
            other => panic!("no layer {other}"),
        }
    }

    fn convert(&self, vs: &mut nn::VarStore) {
        match kind(self.text("kind").unwrap()) {
            Kind::Double => vs.double(),
            Kind::Half => vs.half(),
            Kind::BFloat16 => vs.bfloat16(),
            _ => {}
        }
    }
}
