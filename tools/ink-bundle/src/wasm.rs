//! Shrinks a compiled module: removes what the chain does not call, then optimises the rest by Binaryen.

use std::path::Path;

use anyhow::{anyhow, Context, Result};
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{ExportSection, Module};
use wasm_opt::{OptimizationOptions, Pass};
use wasmparser::{CustomSectionReader, Export, Parser};

/// The functions that the chain calls.
pub const ENTRY_POINTS: [&str; 2] = ["call", "deploy"];
/// What is done with the code after the linker, as it stands in the bundle's build information.
pub const PASSES: &str = "-Oz --flatten --rereloop -Oz -Oz --zero-filled-memory --strip-debug --strip-producers";

/// Returns the module for the chain, from the linker's. `folder` takes temporary files.
pub fn shrink(raw: &[u8], folder: &Path) -> Result<Vec<u8>> {
    // In this order, as an export keeps everything that it reaches.
    optimise(&strip(raw)?, folder)
}

/// Removes every export except the entry points, and every custom section.
fn strip(module: &[u8]) -> Result<Vec<u8>> {
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
    std::fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let file = folder.join("module.wasm");
    std::fs::write(&file, module).with_context(|| format!("cannot write {}", file.display()))?;
    // To take the control flow apart and put it together again gives up to 1 % less code, once it has been optimised before,
    // and needs to be optimised twice after it.
    for passes in [&[Pass::Flatten, Pass::Rereloop][..], &[], &[Pass::StripDebug, Pass::StripProducers]] {
        let mut options = OptimizationOptions::new_optimize_for_size_aggressively();
        options.zero_filled_memory(true);
        for pass in passes {
            options.add_pass(pass.clone());
        }
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
        let small = shrink(&raw, dir.path()).unwrap();
        let text = String::from_utf8_lossy(&small).into_owned();
        assert!(text.contains("call") && text.contains("deploy") && text.contains("memory"));
        for gone in ["helper", "__heap_base", "note", "secret"] {
            assert!(!text.contains(gone), "{gone} is still there");
        }
        assert!(small.len() < raw.len());
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
        assert_eq!(crate::check::check(&small), Ok(()));
        assert_eq!(small, shrink(&raw, dir.path()).unwrap());
    }

    #[test]
    fn a_malformed_module_is_an_error() {
        let error = shrink(b"\0asm garbage", Path::new("/nowhere")).unwrap_err();
        assert!(error.to_string().contains("no valid Wasm module"), "{error}");
    }
}
