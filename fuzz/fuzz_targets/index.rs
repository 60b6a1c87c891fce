//! Runs [`patronage_fuzz::index::check`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| patronage_fuzz::index::check(data));
