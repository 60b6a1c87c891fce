//! JSON bodies of gateway and fans, as each side reads the other's.
#![no_main]

use libfuzzer_sys::fuzz_target;
use patronage_gateway::protocol::{read, ChallengeAnswer, ChallengeRequest, Health, KeyAnswer, KeyRequest, Problem};

fuzz_target!(|data: &[u8]| {
    let Some((kind, body)) = data.split_first() else { return };
    match kind % 6 {
        0 => drop(read::<ChallengeRequest>(body)),
        1 => {
            if let Ok(request) = read::<KeyRequest>(body) {
                // A signature of another text is never valid.
                if let Ok(signature) = request.signature() {
                    assert!(!signature.verifies(&request.challenge.scope.account, "another text"));
                }
            }
        }
        2 => drop(read::<ChallengeAnswer>(body)),
        3 => drop(read::<KeyAnswer>(body)),
        4 => drop(read::<Health>(body)),
        _ => drop(read::<Problem>(body)),
    }
});
