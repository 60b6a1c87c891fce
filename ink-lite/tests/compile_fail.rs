//! Compiler errors for wrong use of the macros. Each file in `compile_fail` has its errors beside it.
//!
//! The compiler runs on the libraries that the build of this test has made. A project of its own, as `trybuild` makes one,
//! would compile ink! once more, which takes minutes. `UPDATE=1` writes the errors anew.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use tempfile::TempDir;

/// The compiler release of the `.stderr` files. Other releases word errors differently.
const RECORDED: &str = "rustc 1.96.";

/// A contract without a mistake: the flipper of the README.
const CORRECT: &str = "../e2e-tests/fixtures/flipper/lib.rs";

/// The compiler, and the libraries that a contract needs.
struct Compiler {
    program: String,
    /// Folder with the libraries of all dependencies.
    dependencies: PathBuf,
    ink: PathBuf,
    ink_lite: PathBuf,
    out: TempDir,
}

impl Compiler {
    /// Finds the builds of ink! and `ink-lite` that belong together: with those, a correct contract compiles.
    fn new() -> Self {
        let this = env::current_exe().expect("the path of this test is known");
        let dependencies = this.parent().expect("this test is in a folder").to_owned();
        let candidates = |name| libraries(&dependencies, name);
        let pairs = candidates("libink_lite")
            .into_iter()
            .flat_map(|ink_lite| candidates("libink").into_iter().map(move |ink| (ink, ink_lite.clone())));
        for (ink, ink_lite) in pairs {
            let compiler = Self {
                program: program(),
                dependencies: dependencies.clone(),
                ink,
                ink_lite,
                out: TempDir::new().expect("the folder for temporary files can be written"),
            };
            if compiler.compile(CORRECT).status.success() {
                return compiler;
            }
        }
        panic!("a correct contract compiles with no build of ink! and ink-lite in {}", dependencies.display());
    }

    fn compile(&self, file: &str) -> Output {
        let library = |name: &str, path: &Path| format!("{name}={}", path.display());
        Command::new(&self.program)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .args(["--edition=2021", "--crate-type=lib", "--emit=metadata", "--color=never", "--cfg=feature=\"std\""])
            // ink! asks for a feature that only contracts have.
            .args(["-Aunexpected_cfgs", "-Adead_code", "-Aunused"])
            .arg("-L")
            .arg(format!("dependency={}", self.dependencies.display()))
            .args(["--extern", &library("ink", &self.ink), "--extern", &library("ink_lite", &self.ink_lite)])
            .arg("--out-dir")
            .arg(self.out.path())
            .arg(file)
            .output()
            .expect("the compiler runs")
    }
}

/// The compiler that cargo uses.
fn program() -> String {
    env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned())
}

/// Libraries called `name`, the newest first.
fn libraries(folder: &Path, name: &str) -> Vec<PathBuf> {
    let mut found: Vec<_> = fs::read_dir(folder)
        .expect("the folder of the test can be read")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "rlib"))
        .filter(|path| {
            path.file_stem().and_then(|stem| stem.to_str()?.rsplit_once('-')).is_some_and(|(stem, _)| stem == name)
        })
        .collect();
    found.sort_by_key(|path| std::cmp::Reverse(path.metadata().and_then(|metadata| metadata.modified()).ok()));
    found
}

/// What the compiler said, without what depends on how many types there are, and without its closing lines.
fn errors(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr);
    let mut lines: Vec<_> = text
        .lines()
        .map(|line| match line.trim_start().strip_prefix("and ").and_then(|rest| rest.strip_suffix(" others")) {
            Some(_) => "          and N others",
            None => line,
        })
        .filter(|line| !line.starts_with("error: aborting due to"))
        .filter(|line| !line.starts_with("For more information about this error"))
        .filter(|line| !line.starts_with("Some errors have detailed explanations"))
        .collect();
    while lines.last().is_some_and(|line| line.is_empty()) {
        lines.pop();
    }
    lines.join("\n") + "\n"
}

#[test]
fn mistakes_have_clear_compiler_errors() {
    let version = Command::new(program()).arg("--version").output().expect("the compiler runs").stdout;
    let version = String::from_utf8_lossy(&version);
    if !version.starts_with(RECORDED) {
        eprintln!("not compared: the expected output is of {RECORDED}x, and this is {version}");
        return;
    }
    let compiler = Compiler::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compile_fail");
    let mut cases: Vec<_> = fs::read_dir(&folder)
        .expect("the folder of the cases can be read")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect();
    cases.sort();
    assert!(!cases.is_empty(), "no cases in {}", folder.display());
    let mut different = Vec::new();
    for case in cases {
        let name = case.file_name().expect("a file has a name").to_string_lossy().into_owned();
        let output = compiler.compile(&format!("tests/compile_fail/{name}"));
        assert!(!output.status.success(), "{name} compiles");
        let (expected, actual) = (case.with_extension("stderr"), errors(&output));
        if env::var_os("UPDATE").is_some() {
            fs::write(&expected, &actual).expect("the expected errors can be written");
        } else if fs::read_to_string(&expected).unwrap_or_default() != actual {
            different.push(format!("{name}:\n{actual}"));
        }
    }
    assert!(
        different.is_empty(),
        "other errors than in the .stderr files (UPDATE=1 writes them):\n{}",
        different.join("\n")
    );
}
