//! What `.ci/run` asks of the sources, beyond what rustfmt and clippy do.
//!
//! `house rooms` fails where the runtime crate imports upwards or in a circle, `house design` where `DESIGN.md` names a
//! test that is not there, and `house lines` where a line is too long. With `--print` a complaint does not make it
//! fail.

mod arrows;
mod circles;
mod design;
mod lines;
mod modules;
mod rooms;

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let checked = match args.first().map(String::as_str) {
        Some("rooms") => {
            design::rooms(&root).and_then(|order| rooms::check(&root.join("nninit/src"), &order))
        }
        Some("design") => design::check(&root),
        Some("lines") => lines::check(&root),
        _ => Err("usage: house rooms|design|lines [--print]".into()),
    };
    match checked {
        Ok(complaints) if complaints.is_empty() => ExitCode::SUCCESS,
        Ok(complaints) => {
            println!(
                "{}",
                complaints.join(
                    "
"
                )
            );
            let only_print = args.iter().any(|arg| arg == "--print");
            ExitCode::from(u8::from(!only_print))
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
