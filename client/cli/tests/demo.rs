//! `patronage demo` as a user runs it. The bundles must have been built: `scripts/build`.

use std::process::{Command, Output};

use serde_json::Value;

const EXAMPLE: &str = include_str!("../../../examples/creator.toml");

fn demo(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_patronage")).arg("demo").args(arguments).output().expect("the command starts")
}

/// Runs the demo with a launch file of this text. `name` must be unique among the tests.
fn demo_of(name: &str, launch_file: &str, arguments: &[&str]) -> Output {
    let path = std::env::temp_dir().join(format!("patronage-demo-{}-{name}.toml", std::process::id()));
    std::fs::write(&path, launch_file).expect("the folder for temporary files can be written");
    let path_text = path.to_str().expect("its path is text");
    let output = demo(&[&["--config", path_text], arguments].concat());
    std::fs::remove_file(&path).expect("the file is still there");
    output
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("output is UTF-8")
}

fn story(output: &Output) -> Value {
    assert!(output.status.success(), "{}", text(&output.stderr));
    let story: Value = serde_json::from_slice(&output.stdout).expect("one JSON document and nothing else");
    assert_eq!(story["ok"], true);
    story
}

#[test]
fn the_example_is_told_to_its_end_and_the_books_cover() {
    let output = demo(&[]);
    let told = text(&output.stdout);
    assert!(output.status.success(), "{told}\n{}", text(&output.stderr));
    for line in [
        "Mira launches",
        "is refused",
        "stakes",
        "for the stake",
        "Ana: yes",
        "(the last one has ended)",
        "Ben cancels",
        "[ok]",
    ] {
        assert!(told.contains(line), "{line} is missing in\n{told}");
    }
    assert!(!told.contains("NOT COVERED"));
}

#[test]
fn json_tells_the_same_steps_with_exact_amounts() {
    let told = demo(&[]);
    let story = story(&demo(&["--json"]));
    let chapters = story["chapters"].as_array().expect("chapters");
    let steps: Vec<&Value> = chapters.iter().flat_map(|chapter| chapter["steps"].as_array().expect("steps")).collect();
    assert!(steps.len() > 20);
    for step in &steps {
        let line = step["text"].as_str().expect("text");
        assert!(text(&told.stdout).contains(line), "{line}");
    }
    let refund = steps.iter().find(|step| step["amounts"]["refund"] != Value::Null).expect("a fan cancels");
    assert_eq!(refund["amounts"]["refund"], "8583333333333");
    for check in story["checks"].as_array().expect("checks") {
        let amount = |key: &str| check[key].as_str().and_then(|text| text.parse::<u128>().ok()).expect(key);
        assert!(amount("held") >= amount("owed"));
    }
}

#[test]
fn two_runs_tell_the_same() {
    assert_eq!(demo(&["--json"]).stdout, demo(&["--json"]).stdout);
}

#[test]
fn a_bad_launch_file_gets_one_line_and_nothing_is_deployed() {
    let unknown = EXAMPLE.replacen("slope =", "slop =", 1);
    let negative = EXAMPLE.replacen("price = 5", "price = -5", 1);
    let splits = EXAMPLE.replacen("share = \"20%\"", "share = \"25%\"", 1);
    let outputs = [
        (demo(&["--config", "/nonexistent"]), "/nonexistent"),
        (demo_of("unknown", &unknown, &[]), "unknown field `slop`"),
        (demo_of("negative", &negative, &["--json"]), "it is negative"),
        (demo_of("splits", &splits, &[]), "add up to 105 %"),
        (demo_of("no-toml", "\u{0}", &[]), "line 1"),
    ];
    for (output, reason) in outputs {
        assert!(!output.status.success(), "{reason}");
        assert!(output.stdout.is_empty(), "{}", text(&output.stdout));
        let error = text(&output.stderr);
        assert!(error.contains(reason) && error.lines().count() == 1, "{reason}: {error}");
    }
}

#[test]
fn the_story_holds_for_other_launches_too() {
    let token = |terms: &str| format!("[creator]\naccount = \"ana\"\n[token]\nname = \"N\"\nsymbol = \"S\"\n{terms}\n");
    let tier = |terms: &str| format!("[[tiers]]\nname = \"T\"\n{terms}\n");
    for (name, launch_file) in [
        ("everything", EXAMPLE.replace("#: ", "")),
        ("guarded", token("base_price = 1\nlaunch_guard = { until = 2027-01-01, max_tokens = 1 }")),
        ("bare", token("base_price = 1")),
        ("stakers-and-creator", token("base_price = 1") + "[stakers]\nshare = \"99.99%\"\n"),
        (
            "stakers-of-a-minute",
            token("base_price = 1") + "[stakers]\nshare_bp = 1\n" + &tier("price = 1\nperiod = \"1min\"\nlevel = 1"),
        ),
        ("fixed-price", EXAMPLE.replacen("slope = \"0.002\"", "slope = 0", 1)),
        ("one-planck", token("base_price = \"0.000000000001\"")),
        ("dear-and-steep", token("base_price = \"1000000000000\"\nslope = \"1000000\"")),
        ("no-decimals", token("base_price = \"0.1\"\nslope = \"0.01\"\ndecimals = 0\ncap = 100")),
        ("24-decimals", token("base_price = \"0.1\"\nslope = \"0.01\"\ndecimals = 24")),
        ("one-token-only", token("base_price = 1\ndecimals = 0\ncap = 1")),
        ("free-at-first", token("base_price = 0\nslope = 1")),
        ("highest-fees", token("base_price = 1\nbuy_fee_bp = 1000\nsell_fee_bp = 1000")),
        ("tokens-only", token("base_price = 1") + &tier("price = 1\nin_tokens = true\nperiod = \"7d\"\nlevel = 1")),
        ("one-seat", token("base_price = 1") + &tier("price = 1\nperiod = \"7d\"\nlevel = 3\nseats = 1")),
        ("short-period", token("base_price = 1") + &tier("price = 1\nperiod = \"1min\"\nlevel = 1")),
        ("long-period", token("base_price = 1") + &tier("price = 100\nperiod = \"5200w\"\nlevel = 255")),
    ] {
        story(&demo_of(name, &launch_file, &["--json"]));
    }
}
