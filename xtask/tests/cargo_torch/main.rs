//! `cargo torch` on machines that pretend: no network, no real Python, no real cargo.
#![cfg(unix)]

mod machine;

use std::fs;

use machine::{Machine, Ran};

const PLACE: &str = "cache/nninit/torch-2.13.0/site-packages/torch";

#[test]
fn a_right_link_is_used_and_cargo_is_left_to_find_it() {
    let machine = Machine::new("right-link");
    machine.torch("torch", "2.13.0+cu130");
    machine.link("torch");
    let folder = machine.text("workspace/xtask/src");
    let ran = machine.run(&["test", "-p", "a b"]).ok(&[]);
    assert_eq!(
        ran.stdout,
        format!("cargo test -p a b in {folder} with nothing\n")
    );
    machine.run(&["fail"]).ended(7, &[]);
    machine.run(&[]).ok(&[
        "libtorch 2.13.0+cu130 (CPU libraries)",
        "the link ",
        "torch-sys 0.26.0",
    ]);
    assert_eq!(machine.count("asked"), 0);
}

#[test]
fn help_needs_nothing() {
    let machine = Machine::without_python("help");
    fs::remove_file(machine.path("workspace/Cargo.lock")).unwrap();
    machine
        .run(&["--help"])
        .ok(&["cargo torch [ARGS]", "LIBTORCH", "$PYTHON"]);
    machine.run(&[]).failed(&["Cargo.lock"]);
}

#[test]
fn the_users_libtorch_wins() {
    let machine = Machine::new("users-libtorch");
    machine.torch("mine", "2.13.0+cpu");
    machine.torch("linked", "2.13.0");
    let mine = machine.text("mine");
    let machine = machine.with("LIBTORCH", &mine);
    machine.run(&["build"]).ok(&[&format!("with {mine}\n")]);
    assert_eq!(machine.linked().as_deref(), Some("mine"));
    machine.run(&[]).ok(&["LIBTORCH, as you set it"]);

    fs::remove_file(machine.path("workspace/.libtorch")).unwrap();
    machine.link("linked");
    machine.run(&["build"]).ok(&[&format!("with {mine}\n")]);
    assert_eq!(machine.linked().as_deref(), Some("linked"));
    assert_eq!(machine.count("asked"), 0);
}

#[test]
fn what_makes_torch_sys_look_elsewhere_is_said() {
    let machine = Machine::new("overrides");
    machine.torch("torch", "2.13.0");
    machine.link("torch");
    let machine = machine.with("LIBTORCH_USE_PYTORCH", "1");
    machine
        .run(&["build"])
        .ok(&["note: LIBTORCH_USE_PYTORCH is set", "cargo build"]);
}

#[test]
fn an_unpacked_archive_says_its_version_otherwise() {
    let machine = Machine::new("archive");
    machine.file("archive/lib/libtorch_cpu.so", "");
    machine.file("archive/include/torch.h", "");
    machine.file("archive/build-version", "2.13.0+cu126\n");
    let archive = machine.text("archive");
    machine
        .with("LIBTORCH", archive)
        .run(&[])
        .ok(&["libtorch 2.13.0+cu126"]);
}

#[test]
fn a_users_libtorch_that_will_not_do_is_an_error() {
    let machine = Machine::new("users-wrong-libtorch");
    machine.torch("old", "2.12.1");
    for (value, said) in [
        (
            machine.text("old"),
            "libtorch 2.12.1 (CPU libraries); wanted is libtorch 2.13.0",
        ),
        (machine.text("nowhere"), "there is no libtorch there"),
        ("libtorch".into(), "not an absolute path"),
        (String::new(), "not an absolute path"),
    ] {
        let machine = Machine::new("users-wrong-libtorch-case").with("LIBTORCH", value);
        machine
            .run(&["build"])
            .failed(&["LIBTORCH is set to", said, "unset it"]);
        assert_eq!(machine.linked(), None);
    }
}

#[test]
fn a_python_that_has_the_right_torch_is_linked() {
    let machine = Machine::new("python-with-torch");
    machine.torch("lib/torch", "2.13.0+cpu");
    let torch = machine.text("lib/torch");
    let machine = machine.with("FAKE_TORCH", torch);
    machine.run(&[]).ok(&[
        "the torch of python3",
        "libtorch 2.13.0+cpu",
        ".libtorch -> ",
    ]);
    assert_eq!(machine.linked().as_deref(), Some("lib/torch"));
    assert!(machine.cached().is_empty());
    assert_eq!(machine.count("venv"), 0);
}

#[test]
fn python_names_the_one_to_use() {
    let machine = Machine::new("chosen-python");
    machine.torch("site-packages/torch", "2.13.0");
    machine.program("elsewhere/bin/snake", include_str!("python.sh"));
    let snake = machine.text("elsewhere/bin/snake");
    machine
        .with("PYTHON", snake)
        .run(&[])
        .ok(&["snake (3.12.1)", "Installing torch 2.13.0"]);

    let machine = Machine::new("chosen-python-is-missing");
    machine.torch("site-packages/torch", "2.13.0");
    machine
        .with("PYTHON", "no-such")
        .run(&[])
        .failed(&["no-such", "set PYTHON"]);
}

#[test]
fn the_active_environment_comes_first() {
    let machine = Machine::new("active-environment");
    machine.torch("site-packages/torch", "2.13.0");
    machine.torch("venv/site-packages/torch", "2.13.0");
    machine.program("venv/bin/python", include_str!("python.sh"));
    let venv = machine.text("venv");
    let machine = machine.with("VIRTUAL_ENV", venv);
    machine.run(&["build"]).ok(&[]);
    assert_eq!(
        machine.linked().as_deref(),
        Some("venv/site-packages/torch")
    );
}

#[test]
fn what_is_installed_serves_every_checkout() {
    let machine = Machine::new("install");
    machine.torch("old", "2.12.0");
    let old = machine.text("old");
    let machine = machine.with("FAKE_TORCH", old);
    let said = [
        "Installing torch 2.13.0 and numpy",
        "to download",
        "on disk",
        "our own environment",
    ];
    machine.run(&[]).ok(&said);
    assert_eq!(machine.linked().as_deref(), Some(PLACE));
    machine.run(&["build"]).ok(&["cargo build"]);
    Ran::of(
        machine
            .start("other-workspace", &["build"])
            .wait_with_output()
            .unwrap(),
    )
    .ok(&["cargo build"]);
    assert_eq!(machine.cached(), ["torch-2.13.0"]);
    assert_eq!(machine.count("-m pip install"), 1);
}

#[test]
fn what_an_interrupted_install_left_is_no_hindrance() {
    let machine = Machine::new("interrupted");
    machine.file(
        "cache/nninit/torch-2.13.0.part.1/site-packages/torch/half",
        "",
    );
    machine.file("cache/nninit/torch-2.13.0/bin/other", "");
    machine.run(&["build"]).ok(&["cargo build"]);
    assert_eq!(machine.cached(), ["torch-2.13.0"]);
    assert!(!machine.path(PLACE).join("half").exists());
}

#[test]
fn what_pythonpath_shows_is_not_the_environment_s() {
    let machine = Machine::new("pythonpath");
    machine.torch("shown/torch", "2.12.0");
    let shown = machine.text("shown");
    let machine = machine.with("PYTHONPATH", shown);
    machine.run(&["build"]).ok(&["cargo build"]);
    assert_eq!(machine.linked().as_deref(), Some(PLACE));
    fs::remove_file(machine.path("workspace/.libtorch")).unwrap();
    machine.run(&["build"]).ok(&["cargo build"]);
    assert_eq!(machine.linked().as_deref(), Some(PLACE));
    assert_eq!(machine.count("-m pip install"), 1);
}

#[test]
fn the_cache_folder_may_be_written_in_any_way() {
    let machine = Machine::new("roundabout");
    fs::create_dir_all(machine.path("cache/other")).unwrap();
    std::os::unix::fs::symlink(machine.path("cache"), machine.path("linked-cache")).unwrap();
    let ways =
        ["cache/other/../", "linked-cache", "cache/./", "cache"].map(|way| machine.text(way));
    let mut machine = machine;
    for way in ways {
        machine = machine.with("XDG_CACHE_HOME", way);
        machine.run(&["build"]).ok(&["cargo build"]);
        assert_eq!(machine.linked().as_deref(), Some(PLACE));
        fs::remove_file(machine.path("workspace/.libtorch")).unwrap();
    }
    assert_eq!(machine.count("-m pip install"), 1);
}

#[test]
fn a_killed_install_does_not_stop_the_next_one() {
    let machine = Machine::new("killed");
    let endless = machine.text("endless");
    let machine = machine.with("FAKE_ENDLESS", &endless);
    let mut killed = machine.start("workspace", &["build"]);
    while !machine.path("endless").exists() {
        std::thread::yield_now();
    }
    killed.kill().unwrap();
    killed.wait().unwrap();
    let ran = machine.run(&["build"]);
    machine.file("endless/stop", "");
    ran.ok(&["cargo build"]);
    assert_eq!(machine.linked().as_deref(), Some(PLACE));
}

#[test]
fn several_at_once_replace_a_link() {
    let machine = Machine::new("several-links");
    machine.torch("site-packages/torch", "2.13.0");
    for _ in 0..20 {
        let _ = fs::remove_file(machine.path("workspace/.libtorch"));
        machine.link("nowhere");
        let runs = [(); 4].map(|()| machine.start("workspace", &["build"]));
        for run in runs {
            Ran::of(run.wait_with_output().unwrap()).ok(&["cargo build"]);
        }
        assert_eq!(machine.linked().as_deref(), Some("site-packages/torch"));
    }
    let around = fs::read_dir(machine.path("workspace")).unwrap();
    assert_eq!(around.count(), 3, "only .libtorch, Cargo.lock and xtask");
}

#[test]
fn two_at_once_install_once() {
    let machine = Machine::new("two-at-once").with("FAKE_SECONDS", "0.3");
    let runs =
        ["workspace", "workspace", "other-workspace"].map(|place| machine.start(place, &["build"]));
    for run in runs {
        Ran::of(run.wait_with_output().unwrap()).ok(&["cargo build"]);
    }
    assert_eq!(machine.count("-m pip install"), 1);
    assert_eq!(machine.cached(), ["torch-2.13.0"]);
}

#[test]
fn an_install_that_fails_leaves_nothing() {
    for (case, variable, value, said) in [
        (
            "no-room",
            "FAKE_PIP",
            "OSError: [Errno 28] No space left on device",
            "the disk filled up",
        ),
        (
            "no-net",
            "FAKE_PIP",
            "'NewConnectionError('\nERROR: No matching distribution",
            "network",
        ),
        (
            "no-wheel",
            "FAKE_PIP",
            "ERROR: No matching distribution found",
            "knows no torch 2.13.0",
        ),
        (
            "no-luck",
            "FAKE_PIP",
            "ERROR: of some other kind",
            "of some other kind",
        ),
        (
            "no-venv",
            "FAKE_VENV",
            "ensurepip is not available",
            "ensurepip is not available",
        ),
        (
            "no-module",
            "FAKE_LACKS",
            "ensurepip",
            "python3 (3.12.1): lacks its `ensurepip` module",
        ),
        (
            "no-load",
            "FAKE_IMPORT",
            "libfoo.so: cannot open",
            "libfoo.so: cannot open",
        ),
    ] {
        let machine = Machine::new(case).with(variable, value);
        machine.run(&["build"]).failed(&[said]);
        assert_eq!(machine.linked(), None, "{case}");
        assert!(
            machine.cached().is_empty(),
            "{case}: {:?}",
            machine.cached()
        );
    }
}

#[test]
fn without_a_python_there_is_advice() {
    let machine = Machine::without_python("no-python");
    machine
        .run(&["build"])
        .failed(&["python3: No such file", "install Python 3", "LIBTORCH"]);
    machine.program("bin/python3", "#!/bin/sh\nexit 9009\n");
    machine.run(&["build"]).failed(&["no working Python 3"]);
    assert_eq!(machine.linked(), None);
}

#[test]
fn a_full_disk_is_seen_beforehand() {
    let machine = Machine::new("df");
    let df = "#!/bin/sh\necho 'Filesystem 1024-blocks Used Available Capacity Mounted'\necho 'd 9 9 976563 99% /'\n";
    machine.program("bin/df", df);
    machine
        .run(&["build"])
        .failed(&["only 1.0 GB are free", "XDG_CACHE_HOME"]);
    assert_eq!(machine.count("venv"), 0);
    assert_eq!(machine.linked(), None);
}

#[test]
fn a_cache_that_cannot_be_written_is_an_error() {
    let machine = Machine::new("unwritable");
    machine.file("cache", "a file where a folder should be");
    machine
        .run(&["build"])
        .failed(&["cannot write", "XDG_CACHE_HOME"]);
    let homeless = machine.with("XDG_CACHE_HOME", "relative");
    homeless
        .run(&["build"])
        .failed(&["no cache folder", "HOME"]);
    assert_eq!(homeless.linked(), None);
}

#[test]
fn a_link_that_leads_nowhere_or_to_another_version_is_replaced() {
    for (case, version) in [("dangling-link", None), ("old-link", Some("2.11.0"))] {
        let machine = Machine::new(case);
        if let Some(version) = version {
            machine.torch("before", version);
        }
        machine.link("before");
        machine.torch("site-packages/torch", "2.13.0");
        machine
            .run(&["build"])
            .ok(&["cargo clean --quiet --package torch-sys", "cargo build"]);
        assert_eq!(
            machine.linked().as_deref(),
            Some("site-packages/torch"),
            "{case}"
        );
    }
}

#[test]
fn a_folder_in_the_links_place_is_not_removed() {
    let machine = Machine::new("folder");
    machine.torch("workspace/.libtorch", "2.11.0");
    machine
        .run(&["build"])
        .failed(&["is not a link, with libtorch 2.11.0", "move it away"]);
    assert!(machine.path("workspace/.libtorch/version.py").exists());
    machine.torch("workspace/.libtorch", "2.13.0");
    machine.run(&["build"]).ok(&["cargo build"]);
}
