//! Runs [`patronage_fuzz::server::check`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| patronage_fuzz::server::check(data));
