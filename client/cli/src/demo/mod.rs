//! The demo: a creator launches on the embedded chain, fans buy, tip and subscribe, and everyone leaves. Every amount that is printed is
//! compared with the chain. The first difference ends the demo as failed.

mod env;
mod launching;
mod people;
mod solvency;
mod stakers;
mod steps;
mod story;

use patronage::launch::Launch;

pub use story::{Story, StoryWriter};

/// Runs the demo for `launch`. Prints its steps if `print` is true.
pub fn run(launch: &Launch, print: bool) -> Story {
    let mut story = StoryWriter::new(print);
    let outcome = steps::run(launch, &mut story);
    story.end(outcome)
}
