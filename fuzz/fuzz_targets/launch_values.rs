//! Runs [`patronage_fuzz::launch_file::check_values`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| patronage_fuzz::launch_file::check_values(data));
