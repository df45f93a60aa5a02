//! Blueprints in JSON: what is read passes all checks, and is written and read as the same again.

use nninit::Blueprint;

/// Reads a blueprint, and asks it everything.
pub(crate) fn blueprint(text: &str) {
    let Ok(blueprint) = serde_json::from_str::<Blueprint>(text) else {
        return;
    };
    let written = serde_json::to_string(&blueprint).expect("what was read can be written");
    let again: Blueprint = serde_json::from_str(&written).expect("what was written can be read");
    assert_eq!(again, blueprint);
    assert!(again.same_values(&blueprint));
    let _ = (
        blueprint.to_string(),
        blueprint.elements(),
        blueprint.bytes(),
    );
    for entry in blueprint.entries() {
        let _ = (entry.elements(), entry.bytes(), entry.is_skipped());
        for step in entry.steps() {
            let _ = (step.modifiers(), step.law().map(ToString::to_string));
        }
    }
}
