//! Runs [`patronage_fuzz::launch_file::check`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| patronage_fuzz::launch_file::check(data));
