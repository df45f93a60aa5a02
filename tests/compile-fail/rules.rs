//! What is wrong with rules, each on its token, all in one compile.

use nninit::{Rules, rules};

fn patterns() -> Rules {
    rules! {
        "**weight" => zeros,
        "a..b" => zeros,
        "{fc,conv.weight" => zeros,
        "" => zeros,
        "!fc" => zeros,
        **.weight => zeros,
        emb.weight => zeros,
        name => zeros,
        "fc" => zeros,
        "fc" => ones,
    }
}

fn steps(hidden: i64) -> Rules {
    rules! {
        "a" => kaiming_nromal,
        "b" => normal(sdt = 0.02),
        "c" => normal(std = -1.0),
        "d" => constant,
        "e" => kaiming_normal(mode = "fan_upward"),
        "f" => weight(zeros),
        "g" => bias,
        "h" => ones(at = 0..hidden),
        "i" => [zeros, skip],
        "j" => [],
        "k" =>,
        "l" zeros,
        "m" => normal, std = 0.02,
        "n" => zeros "o" => ones,
        "p.*" => normal(stream = "q"),
        "q" => [zeros, ones(at = "first")],
        "r" => normal(std = "wide"),
        "s" => 3,
        "t" if 2 > 1 => zeros,
        "u" if ndim => zeros,
    }
}

fn main() {}
