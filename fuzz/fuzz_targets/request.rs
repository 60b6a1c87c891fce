//! Runs [`patronage_fuzz::request::check`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| patronage_fuzz::request::check(data));
