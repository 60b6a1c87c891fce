//! Runs [`patronage_fuzz::age_file::check`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| patronage_fuzz::age_file::check(data));
