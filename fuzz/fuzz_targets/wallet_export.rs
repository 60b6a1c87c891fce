//! Runs [`patronage_fuzz::wallet_export::check`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| patronage_fuzz::wallet_export::check(data));
