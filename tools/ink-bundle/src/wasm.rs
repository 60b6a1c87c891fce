//! Shrinks a compiled module: removes what the chain does not call, then optimises the rest by Binaryen.

use std::path::Path;

use anyhow::{anyhow, Context, Result};
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{ExportSection, Module};
use wasm_opt::{OptimizationOptions, Pass};
use wasm_passes::Tidy;
use wasmparser::{CustomSectionReader, Export, Parser};

/// The functions that the chain calls.
pub const ENTRY_POINTS: [&str; 2] = ["call", "deploy"];
/// What is done with the code after the linker, as it stands in the bundle's build information.
pub const PASSES: &str = "-Oz --flatten --rereloop -Oz -Oz --zero-filled-memory --strip-debug --strip-producers";

/// The stack that the linker provides, in bytes.
const STACK: u32 = 65_536;

/// Whether the passes of `wasm-passes` follow those of Binaryen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passes {
    /// They do.
    On,
    /// They do not: the code is Binaryen's.
    Off,
}

impl Passes {
    /// What decides the code beside Binaryen, for fingerprints.
    pub fn sources(self) -> &'static [&'static str] {
        match self {
            Passes::On => &wasm_passes::SOURCES,
            Passes::Off => &[],
        }
    }

    /// The version of the passes, as it stands in the bundle's build information.
    pub fn version(self) -> Option<&'static str> {
        (self == Passes::On).then_some(wasm_passes::VERSION)
    }

    /// What is appended to the name of the folder of bundles.
    pub fn suffix(self) -> &'static str {
        match self {
            Passes::On => "",
            Passes::Off => "-no-passes",
        }
    }
}

/// Gives the module that goes on the chain for one that came from the linker. `folder` takes temporary files.
pub fn shrink(raw: &[u8], folder: &Path, passes: Passes) -> Result<Vec<u8>> {
    if passes == Passes::Off {
        // In this order, as an export keeps everything alive that it reaches.
        return optimise(&strip(raw)?, folder);
    }
    // First, as the routines are known by the names that they are exported under.
    let (raw, _) = wasm_passes::memory::replace(raw).context("the linker gave no module for the chain")?;
    let module = optimise(&strip(&raw)?, folder)?;
    let tidy = |module: &[u8], tidy: Tidy| {
        let mut options = OptimizationOptions::new_optimize_for_size_aggressively();
        // However small a function is, it was made to be called.
        options.always_inline_max_size(0);
        if tidy == Tidy::Finish {
            options.add_pass(Pass::ReorderFunctions);
        }
        optimise_with(module, folder, &mut [options]).map_err(Into::into)
    };
    let (code, report) = wasm_passes::run(&module, &wasm_passes::Options { stack: STACK, optimiser: &tidy })?;
    if let Err(reason) = report.frames {
        eprintln!("  its stack frames stay as they are: {reason}");
    }
    Ok(code)
}

/// Removes every export but the entry points, and every custom section.
pub fn strip(module: &[u8]) -> Result<Vec<u8>> {
    let mut stripped = Module::new();
    Stripper
        .parse_core_module(&mut stripped, Parser::new(0), module)
        .map_err(|error| anyhow!("the linker gave no valid Wasm module: {error}"))?;
    Ok(stripped.finish())
}

struct Stripper;

impl Reencode for Stripper {
    type Error = std::convert::Infallible;

    fn parse_export(&mut self, exports: &mut ExportSection, export: Export<'_>) -> Result<(), Error<Self::Error>> {
        if ENTRY_POINTS.contains(&export.name) {
            wasm_encoder::reencode::utils::parse_export(self, exports, export)?;
        }
        Ok(())
    }

    fn parse_custom_section(&mut self, _: &mut Module, _: CustomSectionReader<'_>) -> Result<(), Error<Self::Error>> {
        Ok(())
    }
}

fn optimise(module: &[u8], folder: &Path) -> Result<Vec<u8>> {
    // To take the control flow apart and put it together again gives up to 1 % less code, once it has been optimised before,
    // and needs to be optimised twice after it.
    let mut runs =
        [&[Pass::Flatten, Pass::Rereloop][..], &[], &[Pass::StripDebug, Pass::StripProducers]].map(|passes| {
            let mut options = OptimizationOptions::new_optimize_for_size_aggressively();
            for pass in passes {
                options.add_pass(pass.clone());
            }
            options
        });
    optimise_with(module, folder, &mut runs)
}

fn optimise_with(module: &[u8], folder: &Path, runs: &mut [OptimizationOptions]) -> Result<Vec<u8>> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let file = folder.join("module.wasm");
    std::fs::write(&file, module).with_context(|| format!("cannot write {}", file.display()))?;
    for options in runs {
        options.zero_filled_memory(true);
        options.run(&file, &file).context("wasm-opt failed")?;
    }
    let optimised = std::fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
    std::fs::remove_file(&file).with_context(|| format!("cannot remove {}", file.display()))?;
    Ok(optimised)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODULE: &str = r#"(module
        (import "env" "memory" (memory 2 16))
        (func $dead (export "helper") unreachable)
        (func $used (result i32) (i32.load8_s (i32.const 7)))
        (global (export "__heap_base") i32 (i32.const 5))
        (func (export "call") (drop (call $used)) (i32.store (i32.const 0) (call $used)))
        (func (export "deploy"))
        (@custom "note" "secret"))"#;

    #[test]
    fn entry_points_and_what_they_reach_stay() {
        let dir = tempfile::tempdir().unwrap();
        let raw = wat::parse_str(MODULE).unwrap();
        for passes in [Passes::On, Passes::Off] {
            keeps_what_is_needed(&raw, passes, dir.path());
        }
    }

    fn keeps_what_is_needed(raw: &[u8], passes: Passes, dir: &Path) {
        let small = shrink(raw, dir, passes).unwrap();
        let text = String::from_utf8_lossy(&small).into_owned();
        assert!(text.contains("call") && text.contains("deploy") && text.contains("memory"));
        for gone in ["helper", "__heap_base", "note", "secret"] {
            assert!(!text.contains(gone), "{gone} is still there");
        }
        assert!(small.len() < raw.len());
        assert_eq!(std::fs::read_dir(dir).unwrap().count(), 0);
        assert_eq!(crate::check::check(&small), Ok(()));
        assert_eq!(small, shrink(raw, dir, passes).unwrap());
    }

    #[test]
    fn says_when_the_linkers_output_is_no_module() {
        for passes in [Passes::On, Passes::Off] {
            let error = shrink(b"\0asm garbage", Path::new("/nowhere"), passes).unwrap_err();
            assert!(error.to_string().contains("the linker gave no"), "{error}");
        }
    }

    #[test]
    fn the_stack_is_the_one_that_is_linked() {
        let flags = crate::compile::rustflags(&semver::Version::new(1, 96, 0));
        assert!(flags.contains(&format!("-Clink-arg=-zstack-size={STACK}")), "{flags:?}");
    }
}
