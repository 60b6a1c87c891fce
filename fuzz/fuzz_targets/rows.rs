//! Runs [`patronage_fuzz::rows::check`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| patronage_fuzz::rows::check(data));
