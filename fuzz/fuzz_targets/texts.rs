//! Runs [`patronage_fuzz::texts::check`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| patronage_fuzz::texts::check(data));
