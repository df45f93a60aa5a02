//! What a call costs where there is next to nothing to write.

use anyhow::Result;
use nninit::init;
use rand::SeedableRng;
use rand::rngs::StdRng;
use tch::{Device, Kind, Tensor};

use crate::aim::Aim;
use crate::results::{Finding, Results};
use crate::settings::Settings;
use crate::timing::pairs;

/// Normals on 64 elements.
pub(crate) fn measure(settings: Settings, results: &mut Results) -> Result<()> {
    tch::set_num_threads(1);
    let mut ours = Tensor::zeros([64], (Kind::Float, Device::Cpu));
    let mut theirs = ours.shallow_clone();
    let mut rng = StdRng::seed_from_u64(0);
    let times = pairs(
        // Each takes microseconds.
        10 * settings.pairs,
        || Ok(_ = init::normal_(&mut ours, 0.0, 1.0, &mut rng)?),
        || Ok(_ = theirs.f_normal_(0.0, 1.0)?),
    )?;
    results.finding(Finding {
        what: format!(
            "`init::normal_` on 64 f32 ({:.0} ns) ÷ libtorch's `normal_` ({:.0} ns)",
            times.ours * 1e9,
            times.theirs * 1e9
        ),
        result: times.ratio.recip(),
        unit: "×",
        aim: Aim::at_most(1.0),
    });
    Ok(())
}
