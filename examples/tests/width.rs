//! What the example on widths shows, in short.

use nninit_examples::digits::Digits;
use nninit_examples::width::{Mlp, Scaling, coordinates};
use tch::{Device, nn};

/// The coordinate check of μP: some steps of Adam change what comes out of a hidden layer as much at any width.
#[test]
fn changes_grow_with_the_width_unless_mup_holds_them() {
    tch::set_num_threads(1);
    let data = Digits::load(1).unwrap();
    let changes = |scaling, width| coordinates(scaling, width, 1.0 / 256.0, 1, 3, &data).unwrap();
    for layer in [1, 2] {
        let growth = |scaling| changes(scaling, 1024)[layer] / changes(scaling, 64)[layer];
        // Adam moves each of 16 times as many weights as far as before.
        let standard = growth(Scaling::Standard);
        assert!(standard > 4.0, "{standard}");
        let held = growth(Scaling::MuP);
        assert!((0.5..2.0).contains(&held), "{held}");
    }
}

#[test]
fn both_are_one_network_at_the_base_width() {
    let law = |scaling, width| {
        let mut net = Mlp::new(&nn::VarStore::new(Device::Cpu).root(), width);
        let (report, rate) = net.start(scaling, 1).unwrap();
        let laws = report
            .entries()
            .iter()
            .map(|entry| entry.steps()[0].law().unwrap().to_string());
        (laws.collect::<Vec<_>>(), rate)
    };
    assert_eq!(law(Scaling::Standard, 64), law(Scaling::MuP, 64));
    let (laws, rate) = law(Scaling::MuP, 1024);
    assert_eq!(rate, 1.0 / 16.0);
    assert_eq!(laws[2], "N(0, 0.04419²)");
    assert_eq!(laws[6], "N(0, 0.125²)");
}
