//! Weights fitted to other shapes, against timm's and Hugging Face's own code.

use nninit::adapt;
use nninit_tests::bits::differing;
use nninit_tests::sources::rng;
use nninit_tests::statistics::furthest_normal;
use tch::{Kind, Tensor};

use crate::{folder, read};

/// timm computes in the same order with the same kernels.
#[test]
fn channels_and_positions_are_timm_s() {
    let Some(folder) = folder() else { return };
    let theirs = read(&folder);
    let of = |name: &str| &theirs[&format!("adapted/{name}")];
    for channels in [1, 2, 4, 7] {
        let ours = adapt::input_channels(of("conv"), channels).unwrap();
        let theirs = of(&format!("conv_{channels}"));
        assert_eq!(differing(&ours, theirs), 0, "{channels}");
    }
    for (height, width) in [(5, 2), (2, 3), (6, 8)] {
        let theirs = of(&format!("positions_{height}_{width}"));
        let ours = adapt::positions(of("positions"), 1, [3, 4], [height, width]).unwrap();
        assert_eq!(differing(&ours, theirs), 0, "{height} × {width}");
        let table = of("positions").squeeze_dim(0);
        let ours = adapt::positions(&table, 1, [3, 4], [height, width]).unwrap();
        assert_eq!(
            differing(&ours, &theirs.squeeze_dim(0)),
            0,
            "{height} × {width}"
        );
    }
}

/// Both have the old rows, and new ones whose mean and covariance are the law's.
#[test]
fn a_vocabulary_grows_as_hugging_face_s_does() {
    let Some(folder) = folder() else { return };
    let theirs = read(&folder);
    let old = &theirs["adapted/tokens"];
    let grown = &theirs["adapted/tokens_grown"];
    let ours = adapt::vocabulary(old, 2050, &mut rng(1)).unwrap();
    let moved = ours.shallow_clone() + 3e-8;
    for table in [grown, &ours] {
        assert_eq!(differing(&table.narrow(0, 0, 50), old), 0);
        assert!(is_of_the_law(table, old));
    }
    // What is to be rejected: new rows a tenth of a standard deviation away, and wider by a tenth.
    assert!(!is_of_the_law(&moved, old));
    let mean = old.to_kind(Kind::Double).mean_dim(0, true, Kind::Double);
    assert!(!is_of_the_law(&((&ours - &mean) * 1.1 + &mean), old));
}

/// Whitened, the new rows are independent standard normals: so are, of n of them, the mean of each column times √n, and
/// of each pair of columns, nearly, the mean of the products times √n; a column's squares less 1 times √(n / 2).
fn is_of_the_law(table: &Tensor, old: &Tensor) -> bool {
    let old = old.to_kind(Kind::Double);
    let mean = old.mean_dim(0, true, Kind::Double);
    let centred = &old - &mean;
    let covariance = centred.tr().matmul(&centred) * (1e-9 / old.size()[0] as f64);
    let root = covariance.linalg_cholesky(false);
    let rows = table.size()[0] - old.size()[0];
    let new = table.narrow(0, old.size()[0], rows).to_kind(Kind::Double) - &mean;
    let white = root.linalg_solve_triangular(&new.tr(), false, true, false);
    let (n, width) = (rows as f64, white.size()[0]);
    let means = white.mean_dim(1, false, Kind::Double) * n.sqrt();
    let products =
        white.matmul(&white.tr()) / n - Tensor::eye(width, (Kind::Double, tch::Device::Cpu));
    let scale = Tensor::full([width, width], n.sqrt(), (Kind::Double, tch::Device::Cpu))
        * (1.0 - Tensor::eye(width, (Kind::Double, tch::Device::Cpu)) * (1.0 - 0.5_f64.sqrt()));
    let furthest = |of: &Tensor| of.abs().max().double_value(&[]);
    let tests = (width + width * (width + 1) / 2) as usize;
    furthest(&means).max(furthest(&(products * scale))) < furthest_normal(tests)
}
