//! Runs [`patronage_fuzz::deployment::check`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| patronage_fuzz::deployment::check(data));
