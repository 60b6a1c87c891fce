//! Runs [`patronage_fuzz::protocol::check`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| patronage_fuzz::protocol::check(data));
