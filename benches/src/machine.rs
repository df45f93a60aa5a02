//! Where the numbers come from.

use std::fs;

use crate::settings::cores;

/// The processor, and what runs on it.
pub(crate) fn description() -> String {
    let libtorch = option_env!("LIBTORCH_VERSION").unwrap_or("of unknown version");
    format!(
        "{}, {} cores, {}; libtorch {libtorch}; {} {}",
        processor().unwrap_or_else(|| "an unknown processor".to_owned()),
        cores(),
        instructions(),
        std::env::consts::OS,
        std::env::consts::ARCH,
    )
}

/// How many threads wanted to run on average over the last minute, where the system says so.
pub(crate) fn load() -> Option<f64> {
    let text = fs::read_to_string("/proc/loadavg").ok()?;
    text.split_whitespace().next()?.parse().ok()
}

fn processor() -> Option<String> {
    let text = fs::read_to_string("/proc/cpuinfo").ok()?;
    let field = |name: &str| {
        text.lines()
            .find_map(|line| line.strip_prefix(name)?.trim_start().strip_prefix(": "))
    };
    let name = field("model name")?.to_owned();
    Some(match (field("cpu family"), field("model\t")) {
        (Some(family), Some(model)) => format!("{name} (family {family}, model {model})"),
        _ => name,
    })
}

/// The widest that the samplers use here.
fn instructions() -> &'static str {
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512vl")
        {
            return "AVX-512";
        }
        if is_x86_feature_detected!("avx2") {
            return "AVX2";
        }
    }
    "the target's baseline instructions"
}
