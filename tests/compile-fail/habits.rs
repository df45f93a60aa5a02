//! What people write who come from clap, serde or PyTorch, and what stands there while someone types.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::mem::ManuallyDrop;
use std::sync::Mutex;

use nninit::Initialize;
use tch::{Tensor, nn};

#[derive(Initialize)]
struct Other {
    #[init(weight = xavier_uniform, bias = zeros)]
    assigned: nn::Linear,
    #[init(weight = "xavier_uniform")]
    assigned_string: nn::Linear,
    #[init(weight = nn_init::normal(0.0, 0.02))]
    assigned_call: nn::Linear,
    #[init(normal = 0.02)]
    assigned_scheme: Tensor,
    #[init("xavier_uniform")]
    quoted: Tensor,
    #[init(nn_init::xavier_uniform)]
    path: Tensor,
    #[init(nninit::init::normal_, std = 0.02)]
    function: Tensor,
    #[init(my::scheme)]
    of_ones_own: Tensor,
}

#[derive(Initialize)]
struct OtherSigns {
    #[init(weight: xavier_uniform, bias(zeros))]
    colon: nn::Linear,
    #[init(weight => xavier_uniform, bias(zeros))]
    arrow: nn::Linear,
    #[init(scheme = xavier_uniform)]
    named: Tensor,
    #[init(init = "xavier_uniform")]
    quoted: Tensor,
    #[init(self.scheme)]
    value: Tensor,
    #[init(stream = "", normal)]
    unnamed: Tensor,
}

#[derive(Initialize)]
struct OtherClosures {
    #[init(with = |tensor| tensor.fill_(1.0))]
    one: Tensor,
    #[init(by_index = |row, column| (row + column) as f64)]
    two: Tensor,
    #[init(|w, s| Ok(()))]
    alone: Tensor,
}

#[derive(Initialize)]
#[init(recipe = "resnet")]
struct OtherRecipe {
    fc: nn::Linear,
}

#[derive(Initialize)]
struct Unfinished {
    #[init(normal, std = 0.5 *)]
    operator: Tensor,
    #[init(normal, std = self.)]
    field: Tensor,
    #[init(with = |t, s|)]
    closure: Tensor,
    #[init(weight(normal(std = -)))]
    inside: nn::Linear,
}

struct Underived {
    fc: nn::Linear,
}

struct Borrowing {
    tensor: &'static Tensor,
}

#[derive(Initialize)]
struct Hidden<'a> {
    items: Vec<Underived>,
    pairs: HashMap<String, Option<Box<Underived>>>,
    keys: HashMap<u32, nn::Linear>,
    sorted: BTreeMap<u32, nn::Linear>,
    queue: VecDeque<nn::Linear>,
    kept: ManuallyDrop<Tensor>,
    reference: &'a Underived,
    tensor: &'static Tensor,
    optional: Option<&'a Tensor>,
    inside: Borrowing,
    lock: &'a Mutex<Tensor>,
    hides: &'static nn::Sequential,
}

fn seeds(model: &mut nn::Linear) {
    model.init(42);
    model.init(&mut 42);
}

fn rules() -> nninit::Rules {
    nninit::rules! {
        "a" => nn_init::zeros,
        "b" => normal(std = 0.5 *),
        "c" => with = |t, s|,
        "d" => "zeros",
    }
}

fn main() {}
