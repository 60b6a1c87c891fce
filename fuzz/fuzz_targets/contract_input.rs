//! Runs [`patronage_fuzz::contract_input::check`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| patronage_fuzz::contract_input::check(data));
