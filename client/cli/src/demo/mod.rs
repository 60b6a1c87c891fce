//! The main job from end to end on the embedded chain: a creator launches, fans come, and in the end everyone leaves with
//! what is theirs. Every figure told is checked against the chain; the first that differs ends the story as failed.

mod books;
mod launching;
mod people;
mod scenes;
mod stage;
mod stakers;
mod story;

use patronage::launch::Launch;

pub use story::{Story, Teller};

/// Tells the story of `launch`, printing it on the way where `aloud`.
pub fn tell(launch: &Launch, aloud: bool) -> Story {
    let mut teller = Teller::new(aloud);
    let outcome = scenes::play(launch, &mut teller);
    teller.end(outcome)
}
