//! Which part of a tensor is a weight by itself: `batch`, `chunks`, `repeat`, `transposed`.

use std::cell::RefCell;

use nninit::{Blueprint, Initialize, Rules, TorchRng, init};
use nninit_tests::bits;
use nninit_tests::generator::alone;
use nninit_tests::sources::Seed;
use tch::{Device, IndexOp, Kind, Tensor};

const FLOAT: (Kind, Device) = (Kind::Float, Device::Cpu);

const SEED: u64 = 7;

/// The largest entry of |WᵀW − I| or |WWᵀ − I|, whichever is smaller.
fn off(matrix: &Tensor) -> f64 {
    let matrix = matrix.flatten(1, -1).to_kind(Kind::Double);
    let size = matrix.size();
    let gram = if size[0] <= size[1] {
        matrix.mm(&matrix.tr())
    } else {
        matrix.tr().mm(&matrix)
    };
    let due = Tensor::eye(size[0].min(size[1]), (Kind::Double, Device::Cpu));
    (gram - due).abs().max().double_value(&[])
}

/// The law of `step` on a parameter of this shape, as a text of rules has it.
fn law(step: &str, shape: &[i64]) -> Result<String, String> {
    let rules: Rules = format!("w => {step}").parse().map_err(|e| format!("{e}"))?;
    let blueprint = rules
        .blueprint([("w", shape, nninit::Dtype::F32)])
        .map_err(|error| error.to_string())?;
    Ok(blueprint.entries()[0].steps()[0].law().unwrap().to_string())
}

#[test]
fn each_slice_has_its_own_fans() {
    let he = "kaiming_normal(nonlinearity = relu, batch = 1)";
    assert_eq!(law(he, &[4, 64, 128]).unwrap(), "N(0, 0.125²)");
    let he = "kaiming_normal(nonlinearity = relu, batch = 2)";
    assert_eq!(law(he, &[2, 3, 64, 128]).unwrap(), "N(0, 0.125²)");
    for (mode, std) in [
        ("fan_in", 1.0 / 288_f64.sqrt()),
        ("fan_out", 1.0 / 576_f64.sqrt()),
    ] {
        let step = format!("kaiming_normal(nonlinearity = linear, mode = {mode}, batch = 1)");
        let normal = law(&format!("normal(std = {std:?})"), &[1]).unwrap();
        assert_eq!(law(&step, &[8, 64, 32, 3, 3]).unwrap(), normal);
    }
    assert_eq!(
        law("kaiming_normal(nonlinearity = relu)", &[4, 64, 128]).unwrap(),
        "N(0, 0.01562²)",
        "without a word of it, PyTorch's number"
    );
}

#[test]
fn batch_cuts_the_tensor_that_fans_are_of_and_goes_with_the_other_modifiers() {
    let linear = |rest: &str| format!("lecun_normal({rest})");
    let of = |rest: &str, shape: &[i64]| law(&linear(rest), shape).unwrap();
    assert_eq!(
        of("batch = 1, fan_of = [4, 64, 16]", &[4, 64]),
        "N(0, 0.25²)"
    );
    assert_eq!(of("batch = 1, transposed", &[4, 16, 64]), "N(0, 0.25²)");
    assert_eq!(
        of("batch = 1, chunks = 4, transposed", &[4, 16, 64]),
        "N(0, 0.25²)"
    );
    // Three blocks [in, out] side by side: out is what `chunks` cuts.
    assert_eq!(
        law("xavier_normal(chunks = 3, transposed)", &[48, 144]).unwrap(),
        law("xavier_normal", &[48, 48]).unwrap(),
    );
    assert_eq!(
        of("repeat = 8, fan_of = [64, 16]", &[8, 64, 128]),
        "N(0, 0.25²)"
    );
}

#[test]
fn what_cannot_be_cut_says_what_to_write() {
    let refused = |step: &str, shape: &[i64], what: &str| {
        let error = law(step, shape).unwrap_err();
        assert!(error.contains(what), "{error}");
    };
    let orthogonal = "each slice of batch = 1 is [6]: needs at least 2 dimensions and this has 1";
    refused("orthogonal(batch = 1)", &[4, 6], orthogonal);
    refused(
        "kaiming_normal(batch = 2)",
        &[4, 6, 5],
        "each slice of batch = 2 is [5]: ",
    );
    refused(
        "zeros(batch = 3)",
        &[4, 6],
        "batch = 3 counts dimensions, and there are 2",
    );
    refused(
        "zeros(batch = -1)",
        &[4, 6],
        "`batch` is -1, and must be 0 or more",
    );
    let columns = "chunks = 3 does not divide the second dimension, 4";
    refused("orthogonal(chunks = 3, transposed)", &[3, 4], columns);
    refused(
        "zeros(repeat = 3)",
        &[4, 3],
        "repeat = 3 does not divide the first dimension, 4",
    );
    refused(
        "zeros(repeat = 2)",
        &[],
        "repeat = 2 does not divide the first dimension, 1",
    );
    refused(
        "orthogonal(transposed)",
        &[3, 4, 5],
        "`transposed` beside `orthogonal` is for matrices",
    );
    refused(
        "normal(transposed)",
        &[3, 4],
        "`transposed` corrects the fans",
    );
    for dirac in ["delta_orthogonal(batch = 1)", "dirac(batch = 1)"] {
        refused(dirac, &[2, 4, 4], "each slice of batch = 1 is [4, 4]: ");
    }
}

#[derive(Initialize)]
struct Stacked {
    #[init(orthogonal, batch = 1)]
    experts: Tensor,
    #[init(orthogonal, batch = 2)]
    heads: Tensor,
    #[init(orthogonal, batch = 1, chunks = 2)]
    cut: Tensor,
    #[init(orthogonal, chunks = 3, transposed)]
    c_attn: Tensor,
    #[init(orthogonal, batch = 1, chunks = 2, transposed)]
    layers: Tensor,
    #[init(eye, batch = 1)]
    eye: Tensor,
    #[init(sparse, sparsity = 0.25, batch = 1)]
    sparse: Tensor,
    #[init(dirac, batch = 1)]
    dirac: Tensor,
    #[init(delta_orthogonal, batch = 1)]
    delta: Tensor,
}

fn stacked() -> Stacked {
    let of = |shape: &[i64]| Tensor::full(shape, 9, FLOAT);
    Stacked {
        experts: of(&[4, 64, 128]),
        heads: of(&[2, 3, 8, 5]),
        cut: of(&[3, 8, 6]),
        c_attn: of(&[48, 144]),
        layers: of(&[2, 40, 80]),
        eye: of(&[5, 3, 4]),
        sparse: of(&[3, 8, 6]),
        dirac: of(&[2, 4, 4, 3]),
        delta: of(&[2, 40, 40, 3]),
    }
}

fn slices(of: &Tensor, batch: i64) -> Vec<Tensor> {
    of.flatten(0, batch - 1).unbind(0)
}

#[test]
fn each_slice_is_a_matrix_by_itself() {
    let mut model = stacked();
    let report = model.try_init(&mut Seed(SEED)).unwrap();
    let columns = |of: &Tensor, n| of.chunk(n, 1);
    let mut orthogonal = slices(&model.experts, 1);
    orthogonal.extend(slices(&model.heads, 2));
    orthogonal.extend(
        slices(&model.cut, 1)
            .iter()
            .flat_map(|slice| slice.chunk(2, 0)),
    );
    orthogonal.extend(columns(&model.c_attn, 3));
    orthogonal.extend(
        slices(&model.layers, 1)
            .iter()
            .flat_map(|slice| columns(slice, 2)),
    );
    orthogonal.extend(slices(&model.delta.select(3, 1), 1));
    assert_eq!(orthogonal.len(), 4 + 6 + 6 + 3 + 4 + 2);
    for (number, matrix) in orthogonal.iter().enumerate() {
        assert!(
            off(matrix) < 2e-6,
            "matrix {number} is off by {}",
            off(matrix)
        );
    }
    for (a, b) in orthogonal.iter().zip(&orthogonal[1..]) {
        assert!(
            a.size() != b.size() || *a != *b,
            "each has draws of its own"
        );
    }
    assert_eq!(
        model.eye,
        Tensor::eye_m(3, 4, FLOAT).expand([5, 3, 4], false)
    );
    let zeros = model
        .sparse
        .eq(0.0)
        .sum_dim_intlist([1_i64].as_slice(), false, Kind::Int64);
    assert_eq!(zeros, Tensor::full([3, 6], 2, (Kind::Int64, Device::Cpu)));
    let mut kernel = Tensor::zeros([4, 4, 3], FLOAT);
    init::dirac_(&mut kernel, 1).unwrap();
    assert_eq!(model.dirac, kernel.expand([2, 4, 4, 3], false));
    report.verify().unwrap();
    report.verify_bits().unwrap();
    let _ = model.layers.i((1, .., 40..)).f_mul_scalar_(1.5).unwrap();
    assert!(report.verify().is_err() && report.verify_bits().is_err());
}

/// Draws stand at their places in the whole parameter, so `chunks` and `batch` cut the same matrices.
#[test]
fn slices_are_what_chunks_makes_of_them() {
    #[derive(Initialize)]
    struct Slices {
        #[init(orthogonal, batch = 1, stream = "w")]
        #[init(orthogonal, at = 0..1, batch = 1)]
        w: Tensor,
    }
    #[derive(Initialize)]
    struct Chunks {
        #[init(orthogonal, chunks = 4, stream = "w")]
        w: Tensor,
    }
    for (rows, columns) in [(64, 128), (8, 6)] {
        let mut slices = Slices {
            w: Tensor::zeros([4, rows, columns], FLOAT),
        };
        let mut chunks = Chunks {
            w: Tensor::zeros([4 * rows, columns], FLOAT),
        };
        slices.init(&mut Seed(SEED));
        chunks.init(&mut Seed(SEED));
        let difference = slices.w.view([4 * rows, columns]) - chunks.w;
        assert!(difference.abs().max().double_value(&[]) < 1e-6);
    }
}

#[derive(Initialize)]
struct Looped {
    #[init(kaiming_normal, nonlinearity = "relu", batch = 1)]
    normal: Tensor,
    #[init(xavier_uniform, batch = 2)]
    uniform: Tensor,
    #[init(orthogonal, batch = 1)]
    orthogonal: Tensor,
    #[init(sparse, sparsity = 0.5, batch = 1)]
    sparse: Tensor,
    #[init(orthogonal, chunks = 2, transposed)]
    columns: Tensor,
    #[init(kaiming_normal, nonlinearity = "relu", repeat = 4)]
    icnr: Tensor,
}

fn looped() -> Looped {
    let of = |shape: &[i64]| Tensor::zeros(shape, FLOAT);
    Looped {
        normal: of(&[3, 5, 7]),
        uniform: of(&[2, 3, 4, 4]),
        orthogonal: of(&[3, 5, 7]),
        sparse: of(&[3, 6, 4]),
        columns: of(&[6, 8]),
        icnr: of(&[48, 7, 3, 3]),
    }
}

/// As a loop over the slices in PyTorch, bit for bit: each of these functions is held to PyTorch's own.
#[test]
fn torch_rng_draws_slice_by_slice() {
    let _alone = alone();
    let mut model = looped();
    model.init(&mut TorchRng::manual_seed(42));
    let due = looped();
    tch::manual_seed(42);
    let mut rng = TorchRng::current();
    let relu = nninit::Nonlinearity::Relu;
    let he = |weight: &mut Tensor, rng: &mut TorchRng| {
        init::kaiming_normal_(weight, 0.0, nninit::FanMode::FanIn, relu, rng).unwrap();
    };
    for mut slice in due.normal.unbind(0) {
        he(&mut slice, &mut rng);
    }
    for mut slice in due.uniform.view([6, 4, 4]).unbind(0) {
        init::xavier_uniform_(&mut slice, 1.0, &mut rng).unwrap();
    }
    for mut slice in due.orthogonal.unbind(0) {
        init::orthogonal_(&mut slice, 1.0, &mut rng).unwrap();
    }
    for mut slice in due.sparse.unbind(0) {
        init::sparse_(&mut slice, 0.5, 0.01, &mut rng).unwrap();
    }
    for mut slice in due.columns.chunk(2, 1) {
        init::orthogonal_(&mut slice, 1.0, &mut rng).unwrap();
    }
    let mut kernel = Tensor::zeros([12, 7, 3, 3], FLOAT);
    he(&mut kernel, &mut rng);
    let icnr = kernel.repeat_interleave_self_int(4, 0, None);
    for (ours, due) in [
        (&model.normal, &due.normal),
        (&model.uniform, &due.uniform),
        (&model.orthogonal, &due.orthogonal),
        (&model.sparse, &due.sparse),
        (&model.columns, &due.columns),
        (&model.icnr, &icnr),
    ] {
        bits::assert_same(ours, due);
    }
}

#[derive(Initialize)]
struct Repeated {
    #[init(kaiming_normal, nonlinearity = "relu", mode = "fan_out", repeat = 4)]
    icnr: Tensor,
    #[init(orthogonal, repeat = 2)]
    orthogonal: Tensor,
    #[init(uniform, batch = 1, chunks = 2, repeat = 3)]
    within: Tensor,
    #[init(zeros)]
    #[init(normal, at = (1.., 1..), repeat = 2)]
    region: Tensor,
    #[init(sample = rand_distr::Gamma::new(2.0, 0.5)?, repeat = 2)]
    gamma: Tensor,
    #[init(with = fill, repeat = 2)]
    own: Tensor,
    #[init(constant, val = 3, repeat = 2)]
    constant: Tensor,
}

fn fill(weight: &mut Tensor, stream: &mut nninit::Stream) -> Result<(), nninit::BoxError> {
    assert_eq!(weight.size(), [2, 3]);
    assert_ne!(rand::Rng::next_u64(stream), 0);
    weight.f_copy_(&Tensor::arange(6, FLOAT).view([2, 3]))?;
    Ok(())
}

#[derive(Initialize)]
struct Once {
    #[init(kaiming_normal, nonlinearity = "relu", mode = "fan_out")]
    icnr: Tensor,
    #[init(orthogonal)]
    orthogonal: Tensor,
    #[init(uniform)]
    within: Tensor,
    #[init(sample = rand_distr::Gamma::new(2.0, 0.5)?)]
    gamma: Tensor,
}

#[test]
fn neighbours_repeat_what_the_parameter_without_them_has() {
    for kind in [Kind::Float, Kind::Double, Kind::BFloat16] {
        let of = |shape: &[i64]| Tensor::full(shape, 9, (kind, Device::Cpu));
        let mut repeated = Repeated {
            icnr: of(&[48, 7, 3, 3]),
            orthogonal: of(&[80, 50]).tr().contiguous().tr(),
            within: of(&[2, 12, 5]),
            region: of(&[5, 4]),
            gamma: of(&[6, 5]),
            own: of(&[4, 3]),
            constant: of(&[4, 3]),
        };
        let mut once = Once {
            icnr: of(&[12, 7, 3, 3]),
            orthogonal: of(&[40, 50]),
            within: of(&[2, 4, 5]),
            gamma: of(&[3, 5]),
        };
        let report = repeated.try_init(&mut Seed(SEED)).unwrap();
        let plan = once.plan().unwrap();
        let law = plan.entries()[0].steps()[0].law().unwrap();
        assert_eq!(
            law.to_string(),
            "N(0, 0.1361²)",
            "√(2 / 108): of the kernel that is drawn"
        );
        once.init(&mut Seed(SEED));
        let times = |of: &Tensor, n, dim| of.repeat_interleave_self_int(n, dim, None);
        bits::assert_same(&repeated.icnr, &times(&once.icnr, 4, 0));
        bits::assert_same(&repeated.within, &times(&once.within, 3, 1));
        bits::assert_same(&repeated.gamma, &times(&once.gamma, 2, 0));
        let difference = &repeated.orthogonal - times(&once.orthogonal, 2, 0);
        assert!(difference.abs().max().double_value(&[]) < 1e-2);
        bits::assert_same(&repeated.region.i((1, ..)), &repeated.region.i((2, ..)));
        assert_ne!(repeated.region.i((2, 1..)), repeated.region.i((3, 1..)));
        assert_eq!(repeated.region.i((.., 0)), of(&[5]).zero_());
        let own: Vec<f64> = repeated
            .own
            .i((.., 1))
            .to_kind(Kind::Double)
            .try_into()
            .unwrap();
        assert_eq!(own, [1.0, 1.0, 4.0, 4.0]);
        assert_eq!(repeated.constant, of(&[4, 3]).fill_(3));
        report.verify().unwrap();
        report.verify_bits().unwrap();
        let _ = repeated.icnr.i((5, 0, 0, 0)).fill_(0.01);
        let error = report.verify().unwrap_err().to_string();
        assert!(
            error.contains("`icnr`") && error.contains("neighbour that they repeat"),
            "{error}"
        );
        assert!(report.verify_bits().is_err());
    }
}

#[test]
fn blueprints_keep_the_modifiers_in_files() {
    let plan = stacked().plan().unwrap().blueprint();
    let text = serde_json::to_string(&plan).unwrap();
    let read: Blueprint = serde_json::from_str(&text).unwrap();
    assert_eq!(read, plan);
    let shown = read.to_string();
    assert!(
        shown.contains("orthogonal, batch = 1, chunks = 2"),
        "{shown}"
    );
    let rules = "w => orthogonal(batch = 1, chunks = 2, repeat = 3)";
    assert_eq!(rules.parse::<Rules>().unwrap().to_string(), rules);
}

/// Slices are described, not listed.
#[test]
fn any_number_of_blocks_takes_no_memory() {
    let length = 1_i64 << 40;
    for step in ["normal(chunks = 1099511627776)", "normal(batch = 1)"] {
        assert_eq!(law(step, &[length]).unwrap(), "N(0, 1²)");
    }
    assert_eq!(law("eye(batch = 1)", &[length, 3, 3]).unwrap(), "eye");
    let mut many = Many {
        w: Tensor::zeros([300, 4, 4], FLOAT),
    };
    let report = many.try_init(&mut Seed(SEED)).unwrap();
    report.verify().unwrap();
    let _ = many.w.i((257, 0, 0)).fill_(9.0);
    let error = report.verify().unwrap_err().to_string();
    assert!(
        error.contains("block 257: the rows or columns are not orthogonal"),
        "{error}"
    );
}

#[derive(Initialize)]
struct Many {
    #[init(orthogonal, batch = 1)]
    w: Tensor,
}

/// Under a seed, cutting changes nothing where each element is drawn by itself.
#[test]
fn batch_changes_no_value_of_an_elementwise_law() {
    let same = |a: &str, b: &str, shape: &[i64]| {
        let of = |step: &str| {
            let rules: Rules = format!("w => {step}").parse().unwrap();
            rules.blueprint([("w", shape, nninit::Dtype::F32)]).unwrap()
        };
        of(a).same_values(&of(b))
    };
    assert!(same("normal", "normal(batch = 1)", &[4, 6, 6]));
    assert!(same("normal(chunks = 2)", "normal(batch = 2)", &[4, 6, 6]));
    assert!(same("orthogonal(batch = 0)", "orthogonal", &[4, 6, 6]));
    assert!(!same("orthogonal(batch = 1)", "orthogonal", &[4, 6, 6]));
    assert!(!same("normal(repeat = 2)", "normal", &[4, 6, 6]));
}

#[test]
fn free_functions_take_every_modifier() {
    use nninit::declare::Step;
    use nninit::schemes;

    let _alone = alone();
    let of = |shape: &[i64]| Tensor::full(shape, 9, FLOAT);
    let mut experts = of(&[4, 64, 128]);
    let step = Step::of(schemes::orthogonal()).batch(1);
    init::apply_(&mut experts, step.clone(), &mut Seed(SEED)).unwrap();
    assert!(experts.unbind(0).iter().all(|expert| off(expert) < 2e-6));

    let mut region = of(&[5, 4]);
    init::apply_(
        &mut region,
        Step::of(schemes::zeros()).at(1..3),
        &mut Seed(SEED),
    )
    .unwrap();
    assert_eq!(region.eq(0.0).sum(Kind::Int64).int64_value(&[]), 8);

    let (mut ours, mut due) = (of(&[7, 3]), of(&[7, 3]));
    init::apply_(&mut ours, schemes::normal(), &mut Seed(SEED)).unwrap();
    init::normal_(&mut due, 0.0, 1.0, &mut Seed(SEED)).unwrap();
    bits::assert_same(&ours, &due);
    init::apply_(&mut ours, schemes::normal(), &mut TorchRng::manual_seed(3)).unwrap();
    init::normal_(&mut due, 0.0, 1.0, &mut TorchRng::manual_seed(3)).unwrap();
    bits::assert_same(&ours, &due);

    let error = init::apply_(&mut of(&[4, 6]), step, &mut Seed(SEED)).unwrap_err();
    assert!(
        error.to_string().contains("each slice of batch = 1 is [6]"),
        "{error}"
    );
    let mut left = of(&[3]);
    init::apply_(&mut left, Step::skip(), &mut Seed(SEED)).unwrap();
    assert_eq!(left, of(&[3]));
}

/// A stack of matrices is not a convolution, and nothing but its shape tells.
#[test]
fn stacks_that_say_nothing_of_it_are_warned_of() {
    let _ = log::set_logger(&Heard);
    log::set_max_level(log::LevelFilter::Warn);
    let heard = |step: &str, shape: &[i64]| {
        HEARD.take();
        law(step, shape).unwrap();
        HEARD.take()
    };
    assert_eq!(
        heard("kaiming_normal(nonlinearity = relu)", &[4, 64, 128]),
        [
            "`w` [4, 64, 128]: kaiming_normal(nonlinearity = \"relu\"): a weight of three dimensions is taken for a \
             convolution's, whose 4 outputs sum over 8192 inputs each; write `batch = 1` if it is 4 matrices \
             [64, 128], `batch = 0` if not"
        ]
    );
    assert_eq!(heard("orthogonal", &[4, 64, 128]).len(), 1);
    assert_eq!(heard("orthogonal(chunks = 2)", &[4, 64, 128]).len(), 1);
    for (step, shape) in [
        ("orthogonal(batch = 1)", &[4, 64, 128][..]),
        ("orthogonal(batch = 0)", &[4, 64, 128]),
        ("lecun_normal(transposed)", &[4, 64, 128]),
        ("lecun_normal(groups = 2)", &[4, 64, 128]),
        ("lecun_normal(fan_of = [64, 128])", &[4, 64, 128]),
        ("normal", &[4, 64, 128]),
        ("lecun_normal", &[128, 64, 31]),
        ("lecun_normal", &[64, 128]),
        ("lecun_normal", &[4, 64, 128, 128]),
    ] {
        assert_eq!(heard(step, shape), [""; 0], "{step} {shape:?}");
    }
}

thread_local! {
    static HEARD: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// A logger that keeps what the thread logged.
struct Heard;

impl log::Log for Heard {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        HEARD.with_borrow_mut(|heard| heard.push(record.args().to_string()));
    }

    fn flush(&self) {}
}
