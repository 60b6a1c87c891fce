//! Runs [`patronage_fuzz::uploads::check`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| patronage_fuzz::uploads::check(data));
