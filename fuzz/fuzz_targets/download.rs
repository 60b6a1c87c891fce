//! Runs [`patronage_fuzz::download::check`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| patronage_fuzz::download::check(data));
