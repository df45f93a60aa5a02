//! Types of fields: what has to say how it is initialised, and what nninit cannot reach.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::{Arc, Mutex};

use nninit::Initialize;
use tch::{Tensor, nn};

struct Underived {
    fc: nn::Linear,
}

#[derive(Initialize)]
struct Unannotated {
    tensor: Tensor,
    tensors: Vec<Tensor>,
    optional: Option<Box<Tensor>>,
    underived: Underived,
    closure: Box<dyn Fn(&Tensor) -> Tensor>,
    module: Box<dyn nn::Module>,
    store: nn::VarStore,
    lstm: nn::LSTM,
    gru: Option<nn::GRU>,
    layers: Vec<nn::Sequential>,
    layers_t: nn::SequentialT,
    func: nn::Func<'static>,
    script: tch::CModule,
    shared: Rc<RefCell<nn::Linear>>,
    locked: Arc<Mutex<nn::Linear>>,
    keys: HashMap<i64, nn::Linear>,
    #[init(stream = "old")]
    renamed: Tensor,
}

#[derive(Initialize)]
struct Annotated {
    #[init(zeros)]
    number: i64,
    #[init(zeros)]
    text: String,
    #[init(orthogonal, chunks = 4)]
    lstm: nn::LSTM,
    #[init(fc(weight(zeros)))]
    underived: Underived,
    #[init(weight(zeros))]
    boxed: Box<dyn nn::Module>,
}

#[derive(Initialize)]
struct Generic<'a, T> {
    #[init(zeros)]
    item: T,
    borrowed: &'a Underived,
}

fn needs_initialize(_: impl Initialize) {}

fn main() {
    let generic = |generic: Generic<'_, i64>| needs_initialize(generic);
}
