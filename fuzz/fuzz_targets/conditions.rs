//! Runs [`patronage_fuzz::conditions::check`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| patronage_fuzz::conditions::check(data));
