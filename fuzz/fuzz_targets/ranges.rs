//! Runs [`patronage_fuzz::ranges::check`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| patronage_fuzz::ranges::check(data));
