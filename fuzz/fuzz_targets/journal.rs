//! Runs [`patronage_fuzz::journal::check`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| patronage_fuzz::journal::check(data));
