//! Runs [`patronage_fuzz::api::check`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| patronage_fuzz::api::check(data));
