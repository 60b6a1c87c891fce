//! Runs [`patronage_fuzz::challenge::check`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| patronage_fuzz::challenge::check(data));
