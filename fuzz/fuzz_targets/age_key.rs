//! Runs [`patronage_fuzz::age_key::check`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| patronage_fuzz::age_key::check(data));
