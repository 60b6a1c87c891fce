//! Runs [`patronage_fuzz::forwarded::check`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| patronage_fuzz::forwarded::check(data));
