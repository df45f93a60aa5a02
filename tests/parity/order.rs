//! What of a plan draws when, against the same calls of libtorch made here.

use nninit::{BoxError, Initialize, Stream, TorchRng};
use rand::Rng;
use rand_distr::StandardNormal;
use tch::{Device, IndexOp, Kind, Tensor, nn};

use nninit_tests::bits::differing;
use nninit_tests::bits::next_draws;
use nninit_tests::generator::alone;

fn zeros(shape: &[i64]) -> Tensor {
    Tensor::zeros(shape, (Kind::Float, Device::Cpu))
}

fn assert_same(ours: &[&Tensor], theirs: &[&Tensor], ours_after: &Tensor) {
    for (n, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
        assert_eq!(differing(ours, theirs), 0, "tensor {n}");
    }
    assert_eq!(
        differing(ours_after, &next_draws()),
        0,
        "generator elsewhere"
    );
}

#[test]
fn regions_and_chunks_are_drawn_as_views() {
    #[derive(Initialize)]
    struct Gates {
        #[init(normal)]
        #[init(uniform, at = (.., 2..5))]
        weight: Tensor,
        #[init(orthogonal, chunks = 4)]
        recurrent: Tensor,
        #[init(zeros)]
        #[init(trunc_normal, at = 1)]
        bias: Tensor,
    }
    let _alone = alone();
    let mut gates = Gates {
        weight: zeros(&[6, 7]),
        recurrent: zeros(&[20, 5]),
        bias: zeros(&[3, 40]),
    };
    gates.init(&mut TorchRng::manual_seed(7));
    let after = next_draws();

    let (mut weight, recurrent, bias) = (zeros(&[6, 7]), zeros(&[20, 5]), zeros(&[3, 40]));
    let mut rng = TorchRng::current();
    tch::manual_seed(7);
    let _ = weight.normal_(0.0, 1.0);
    let _ = weight.i((.., 2..5)).uniform_(0.0, 1.0);
    for mut block in recurrent.chunk(4, 0) {
        nninit::init::orthogonal_(&mut block, 1.0, &mut rng).unwrap();
    }
    nninit::init::trunc_normal_(&mut bias.i(1), 0.0, 1.0, -2.0, 2.0, &mut rng).unwrap();
    assert_same(
        &[&gates.weight, &gates.recurrent, &gates.bias],
        &[&weight, &recurrent, &bias],
        &after,
    );
}

#[test]
fn a_tied_tensor_is_drawn_once_for_each_path_and_the_last_stays() {
    #[derive(Initialize)]
    struct Tied {
        #[init(normal)]
        head: Tensor,
        #[init(uniform)]
        between: Tensor,
        #[init(normal)]
        embedding: Tensor,
    }
    let _alone = alone();
    let embedding = zeros(&[4, 5]);
    let mut tied = Tied {
        head: embedding.shallow_clone(),
        between: zeros(&[3]),
        embedding,
    };
    tied.init(&mut TorchRng::manual_seed(7));
    let after = next_draws();

    let (mut shared, mut between) = (zeros(&[4, 5]), zeros(&[3]));
    tch::manual_seed(7);
    let _ = shared.normal_(0.0, 1.0);
    let _ = between.uniform_(0.0, 1.0);
    let _ = shared.normal_(0.0, 1.0);
    assert_same(
        &[&tied.embedding, &tied.between],
        &[&shared, &between],
        &after,
    );
}

#[test]
fn functions_of_the_user_s_run_in_their_place_and_draw_a_seed_only_for_their_stream() {
    fn from_libtorch(tensor: &mut Tensor, _: &mut Stream) -> Result<(), BoxError> {
        let _ = tensor.f_exponential_(1.0)?;
        Ok(())
    }
    fn from_the_stream(tensor: &mut Tensor, stream: &mut Stream) -> Result<(), BoxError> {
        let _ = tensor.f_fill_(i64::from(stream.next_u32()))?;
        Ok(())
    }
    #[derive(Initialize)]
    struct Own {
        #[init(with = from_libtorch)]
        exponential: Tensor,
        #[init(normal)]
        between: Tensor,
        #[init(with = from_the_stream)]
        number: Tensor,
        #[init(sample = StandardNormal)]
        sample: Tensor,
        #[init(normal)]
        last: Tensor,
    }
    let _alone = alone();
    let own = || Own {
        exponential: zeros(&[5]),
        between: zeros(&[5]),
        number: zeros(&[1]),
        sample: zeros(&[2000]),
        last: zeros(&[5]),
    };
    let mut first = own();
    first.init(&mut TorchRng::manual_seed(7));
    let after = next_draws();

    let (mut exponential, mut between, mut last) = (zeros(&[5]), zeros(&[5]), zeros(&[5]));
    let mut number = Tensor::zeros([], (Kind::Int64, Device::Cpu));
    tch::manual_seed(7);
    let _ = exponential.exponential_(1.0);
    let _ = between.normal_(0.0, 1.0);
    let seed = number.random_().int64_value(&[]) as u64;
    let drawn = Tensor::from_slice(&[Stream::new(seed, "number").next_u32() as f32]);
    let _ = number.random_();
    let _ = last.normal_(0.0, 1.0);
    assert_same(
        &[
            &first.exponential,
            &first.between,
            &first.number,
            &first.last,
        ],
        &[&exponential, &between, &drawn, &last],
        &after,
    );

    let mut again = own();
    again.init(&mut TorchRng::manual_seed(7));
    assert_eq!(differing(&first.sample, &again.sample), 0);
    let mut other = own();
    other.init(&mut TorchRng::manual_seed(8));
    assert_eq!(differing(&first.sample, &other.sample), 2000);
}

#[test]
fn the_seed_takes_effect_at_the_first_draw_and_once() {
    #[derive(Initialize)]
    struct One {
        #[init(normal)]
        weight: Tensor,
    }
    let _alone = alone();
    let one = || One {
        weight: zeros(&[9]),
    };
    let mut rng = TorchRng::manual_seed(7);
    // What tch's constructors draw meanwhile.
    let _ = next_draws();
    let (mut first, mut second) = (one(), one());
    first.init(&mut rng);
    second.init(&mut rng);
    let after = next_draws();

    let (mut a, mut b) = (zeros(&[9]), zeros(&[9]));
    tch::manual_seed(7);
    let _ = a.normal_(0.0, 1.0);
    let _ = b.normal_(0.0, 1.0);
    assert_same(&[&first.weight, &second.weight], &[&a, &b], &after);
}

#[test]
fn a_plan_that_fails_neither_seeds_nor_draws() {
    #[derive(Initialize)]
    struct Wrong {
        #[init(normal)]
        weight: Tensor,
        #[init(xavier_normal)]
        bias: Tensor,
    }
    let _alone = alone();
    let mut wrong = Wrong {
        weight: zeros(&[4, 4]),
        bias: zeros(&[4]),
    };
    tch::manual_seed(5);
    let expected = next_draws();
    tch::manual_seed(5);
    assert!(wrong.try_init(&mut TorchRng::manual_seed(7)).is_err());
    assert_eq!(differing(&next_draws(), &expected), 0);
    assert_eq!(differing(&wrong.weight, &zeros(&[4, 4])), 0);
}

#[test]
fn constructors_draw_for_every_layer_and_bare_layers_keep_what_they_drew() {
    #[derive(Initialize)]
    struct Net {
        bare: nn::Linear,
        #[init(skip)]
        skipped: nn::Linear,
        #[init(bias(zeros))]
        half: nn::Linear,
        #[init(normal)]
        own: Tensor,
    }
    let _alone = alone();
    let vs = nn::VarStore::new(Device::Cpu);
    let linear = |name| nn::linear(vs.root() / name, 3, 4, nn::LinearConfig::default());
    let mut net = Net {
        bare: linear("bare"),
        skipped: linear("skipped"),
        half: linear("half"),
        own: zeros(&[20]),
    };
    let skipped = net.skipped.ws.copy();
    net.init(&mut TorchRng::manual_seed(7).after_construction());
    let after = next_draws();

    let bound = 1.0 / 3.0_f64.sqrt();
    let mut built: Vec<_> = (0..3).flat_map(|_| [zeros(&[4, 3]), zeros(&[4])]).collect();
    let mut own = zeros(&[20]);
    tch::manual_seed(7);
    for tensor in &mut built {
        let _ = tensor.uniform_(-bound, bound);
    }
    let _ = own.normal_(0.0, 1.0);
    let (bare, half) = (net.bare.bs.as_ref().unwrap(), net.half.bs.as_ref().unwrap());
    assert_same(
        &[
            &net.bare.ws,
            bare,
            &net.skipped.ws,
            &net.half.ws,
            half,
            &net.own,
        ],
        &[
            &built[0],
            &built[1],
            &skipped,
            &built[4],
            &zeros(&[4]),
            &own,
        ],
        &after,
    );
}
