//! Runs [`patronage_fuzz::rules::check`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| patronage_fuzz::rules::check(data));
