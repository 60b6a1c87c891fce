//! Compiler errors for wrong use of the macros.

use std::process::Command;

/// The compiler release of the `.stderr` files. Other releases word errors differently.
const RECORDED: &str = "rustc 1.96.";

#[test]
fn mistakes_have_clear_compiler_errors() {
    let compiler = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let version = Command::new(compiler).arg("--version").output().expect("the compiler runs").stdout;
    let version = String::from_utf8_lossy(&version);
    if !version.starts_with(RECORDED) {
        eprintln!("not compared: the expected output is of {RECORDED}x, and this is {version}");
        return;
    }
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}
