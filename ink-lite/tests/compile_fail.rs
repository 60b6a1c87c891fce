//! What does not compile, and what the compiler says of it.

use std::process::Command;

/// The release whose words the `.stderr` files hold. Other releases say the same in other words.
const RECORDED: &str = "rustc 1.96.";

#[test]
fn mistakes_are_explained_by_the_compiler() {
    let compiler = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let version = Command::new(compiler).arg("--version").output().expect("the compiler runs").stdout;
    let version = String::from_utf8_lossy(&version);
    if !version.starts_with(RECORDED) {
        eprintln!("not compared: the expected output is of {RECORDED}x, and this is {version}");
        return;
    }
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}
