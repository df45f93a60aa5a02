//! One small network on handwritten digits, from several initialisations.

mod data;
mod net;
mod training;

pub use data::{Digits, Images};
pub use net::{Net, Start};
pub use training::{Evaluation, Run, learn, train};

/// The seed that the program takes when it is given none.
pub const SEED: u64 = 42;
/// The epochs that the program trains when it is not told.
pub const EPOCHS: u32 = 30;
