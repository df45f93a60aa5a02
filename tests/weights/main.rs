//! Files of weights: what a plan takes from them, and files that are none.

mod adapt;
mod bad;
mod files;
mod pickles;
mod take;
