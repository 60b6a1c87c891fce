//! Runs [`patronage_fuzz::events::check`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| patronage_fuzz::events::check(data));
