//! Runs [`patronage_fuzz::node::check`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| patronage_fuzz::node::check(data));
