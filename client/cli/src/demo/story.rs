//! What the demo tells: chapters of steps, and the books at the end; as text while it happens, or as one JSON document.

use std::{collections::BTreeMap, io::Write};

use patronage::escape::for_terminal;
use serde::Serialize;

/// The whole account.
#[derive(Debug, Default, Serialize)]
pub struct Story {
    /// In the order they happened.
    pub chapters: Vec<Chapter>,
    /// What must hold at the end.
    pub checks: Vec<Check>,
    /// Whether everything was as told.
    pub ok: bool,
    /// What was not, where something was not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// A part of the story.
#[derive(Debug, Serialize)]
pub struct Chapter {
    /// Heading.
    pub title: String,
    /// What happened, in order.
    pub steps: Vec<Step>,
}

/// Something that happened.
#[derive(Debug, Serialize)]
pub struct Step {
    /// In words, amounts in whole units.
    pub text: String,
    /// The same amounts to the smallest unit, as decimal strings (they can be larger than a JSON number keeps).
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub amounts: BTreeMap<&'static str, String>,
}

/// Something that must hold, and whether it does.
#[derive(Debug, Serialize)]
pub struct Check {
    /// What is compared, in words.
    pub text: String,
    /// What is there, in smallest units.
    pub held: String,
    /// What is owed, in smallest units.
    pub owed: String,
    /// Whether what is there covers what is owed.
    pub ok: bool,
}

/// Collects the story, and prints it on the way unless told to be silent.
#[derive(Debug)]
pub struct Teller {
    story: Story,
    aloud: bool,
}

impl Teller {
    /// A teller that prints as it goes where `aloud`.
    pub fn new(aloud: bool) -> Self {
        Self { story: Story::default(), aloud }
    }

    /// Begins a chapter.
    pub fn chapter(&mut self, title: &str) {
        self.print("");
        self.print(title);
        self.story.chapters.push(Chapter { title: title.to_owned(), steps: Vec::new() });
    }

    /// Tells a step with the exact amounts that its words round or group.
    pub fn step(&mut self, text: String, amounts: &[(&'static str, u128)]) {
        self.print(&format!("  {text}"));
        let amounts = amounts.iter().map(|(name, amount)| (*name, amount.to_string())).collect();
        if self.story.chapters.is_empty() {
            self.chapter("Before the launch");
        }
        if let Some(chapter) = self.story.chapters.last_mut() {
            chapter.steps.push(Step { text, amounts });
        }
    }

    /// Tells whether `held` covers `owed`.
    pub fn check(&mut self, text: String, held: u128, owed: u128) {
        let ok = held >= owed;
        self.print(&format!("  [{}] {text}", if ok { "ok" } else { "NOT COVERED" }));
        self.story.checks.push(Check { text, held: held.to_string(), owed: owed.to_string(), ok });
    }

    /// Ends the story with the first thing that was not as told, if any.
    pub fn end(mut self, outcome: Result<(), String>) -> Story {
        self.story.error = outcome.err();
        let covered = !self.story.checks.is_empty() && self.story.checks.iter().all(|check| check.ok);
        self.story.ok = self.story.error.is_none() && covered;
        self.story
    }

    fn print(&self, line: &str) {
        if self.aloud {
            // A reader who has seen enough, such as `head`, ends the telling and not the story.
            writeln!(std::io::stdout(), "{}", for_terminal(line)).unwrap_or(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_story_is_ok_only_when_its_books_were_checked_and_cover() {
        let told = |checks: &[(u128, u128)], outcome| {
            let mut teller = Teller::new(false);
            for (held, owed) in checks {
                teller.check("books".to_owned(), *held, *owed);
            }
            teller.end(outcome).ok
        };
        assert!(told(&[(5, 5), (6, 5)], Ok(())));
        assert!(!told(&[(5, 5), (4, 5)], Ok(())));
        assert!(!told(&[], Ok(())));
        assert!(!told(&[(5, 5)], Err("no".to_owned())));
    }
}
