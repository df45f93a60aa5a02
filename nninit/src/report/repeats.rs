//! Runs of values that stand twice in a model.

use super::bounds::Finding;
use super::tally::{Anchor, WINDOW};

/// Anchors of all parameters.
#[derive(Debug, Default)]
pub(super) struct Repeats {
    owners: Vec<Owner>,
    anchors: Vec<(Anchor, u32)>,
}

#[derive(Debug)]
struct Owner {
    name: String,
    /// A bound on the probability of any single value.
    one_value: f64,
}

impl Repeats {
    /// Takes the anchors of one more.
    pub(super) fn see(&mut self, name: &str, one_value: f64, anchors: &[Anchor]) {
        let owner = self.owners.len() as u32;
        self.owners.push(Owner {
            name: name.to_owned(),
            one_value,
        });
        self.anchors
            .extend(anchors.iter().map(|&anchor| (anchor, owner)));
    }

    /// Which of them, by number, holds values that stand elsewhere as well: one finding each.
    pub(super) fn findings(mut self) -> Vec<(u32, Finding)> {
        self.anchors
            .sort_unstable_by_key(|&(anchor, owner)| (anchor.digest, owner, anchor.place));
        let pairs = (self.anchors.len() as f64).powi(2) / 2.0;
        let mut findings: Vec<Option<Finding>> = self.owners.iter().map(|_| None).collect();
        for same in self.anchors.chunk_by(|a, b| a.0.digest == b.0.digest) {
            let (first, owner) = same[0];
            for &(again, holder) in &same[1..] {
                let finding = &mut findings[holder as usize];
                if finding.is_some() {
                    continue;
                }
                let Owner { name, one_value } = &self.owners[owner as usize];
                let likelier = one_value.max(self.owners[holder as usize].one_value);
                *finding = Some(Finding {
                    // Two values agree but for their signs.
                    chance: pairs * (2.0 * likelier).min(1.0).powi(WINDOW as i32),
                    what: format!(
                        "the values from element {} on are those of {name} from element {} on, their signs aside",
                        again.place, first.place
                    ),
                });
            }
        }
        let found = (0..).zip(findings);
        found
            .filter_map(|(owner, finding)| Some((owner, finding?)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_twice_is_told_once_of_the_later_one() {
        let anchor = |digest, place| Anchor { digest, place };
        let mut repeats = Repeats::default();
        repeats.see("`a`", 1e-6, &[anchor(7, 0), anchor(9, 40), anchor(11, 80)]);
        repeats.see(
            "`b`",
            1e-6,
            &[anchor(1, 0), anchor(9, 140), anchor(11, 180)],
        );
        let findings = repeats.findings();
        assert_eq!(findings.len(), 1);
        let (owner, finding) = &findings[0];
        assert_eq!(*owner, 1);
        let due =
            "the values from element 140 on are those of `a` from element 40 on, their signs aside";
        assert_eq!(finding.what, due);
        assert!(finding.chance < 1e-100);
    }
}
