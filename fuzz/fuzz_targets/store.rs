//! Runs [`patronage_fuzz::store::check`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| patronage_fuzz::store::check(data));
