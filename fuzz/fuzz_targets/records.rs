//! Runs [`patronage_fuzz::records::check`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| patronage_fuzz::records::check(data));
