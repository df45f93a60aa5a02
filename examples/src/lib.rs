//! What the example programs are made of; the programs themselves lie beside this folder, one a file.

pub mod chart;
pub mod digits;
