//! Runs [`patronage_fuzz::key_text::check`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| patronage_fuzz::key_text::check(data));
