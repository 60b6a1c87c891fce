//! Runs [`patronage_fuzz::profile::check`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| patronage_fuzz::profile::check(data));
