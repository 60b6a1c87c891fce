//! The text that a fan signs: each challenge has one spelling.
#![no_main]

use libfuzzer_sys::fuzz_target;
use patronage_gateway::challenge::Challenge;

fuzz_target!(|text: &str| {
    if let Ok(challenge) = text.parse::<Challenge>() {
        assert_eq!(challenge.to_string(), text);
    }
});
