//! The README shows the tested flipper.

#[test]
fn the_readme_shows_the_tested_flipper() {
    let readme = include_str!("../README.md");
    let flipper = include_str!("../../e2e-tests/fixtures/flipper/lib.rs");
    let contract = flipper.split("\n#[cfg(test)]").next().expect("there is a contract before its tests");
    let shown = readme.split("```rust,ignore\n").nth(1).and_then(|rest| rest.split("```").next());
    assert_eq!(shown.expect("the README has a contract").trim_end(), contract.trim_end());
}
