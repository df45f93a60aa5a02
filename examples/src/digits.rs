//! One small network on handwritten digits, from several initialisations.

mod data;
mod net;
mod training;

pub use data::{Digits, Images};
pub use net::{Net, Start};
pub use training::{Evaluation, Run, train};
