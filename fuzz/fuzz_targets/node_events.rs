//! Runs [`patronage_fuzz::node_events::check`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| patronage_fuzz::node_events::check(data));
