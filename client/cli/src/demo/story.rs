//! The output of the demo: chapters of steps, and checks at the end. Printed as text during the run, or as one JSON document.

use std::{collections::BTreeMap, io::Write};

use patronage::escape::for_terminal;
use serde::Serialize;

/// The output of the demo.
#[derive(Debug, Default, Serialize)]
pub struct Story {
    /// The chapters in order.
    pub chapters: Vec<Chapter>,
    /// The checks at the end.
    pub checks: Vec<Check>,
    /// Whether all steps and checks succeeded.
    pub ok: bool,
    /// The first difference, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// A chapter.
#[derive(Debug, Serialize)]
pub struct Chapter {
    /// The title.
    pub title: String,
    /// The steps in order.
    pub steps: Vec<Step>,
}

/// A step.
#[derive(Debug, Serialize)]
pub struct Step {
    /// The text, with amounts in whole units.
    pub text: String,
    /// The amounts in smallest units, as decimal strings, because JSON numbers have fewer digits.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub amounts: BTreeMap<&'static str, String>,
}

/// A comparison of a holding with an obligation.
#[derive(Debug, Serialize)]
pub struct Check {
    /// The description.
    pub text: String,
    /// The holding, in smallest units.
    pub held: String,
    /// The obligation, in smallest units.
    pub owed: String,
    /// Whether the holding covers the obligation.
    pub ok: bool,
}

/// Collects the output, and prints it if requested.
#[derive(Debug)]
pub struct StoryWriter {
    story: Story,
    print: bool,
}

impl StoryWriter {
    /// An empty story. Prints each line if `print` is true.
    pub fn new(print: bool) -> Self {
        Self { story: Story::default(), print }
    }

    /// Starts a chapter.
    pub fn chapter(&mut self, title: &str) {
        self.print("");
        self.print(title);
        self.story.chapters.push(Chapter { title: title.to_owned(), steps: Vec::new() });
    }

    /// Adds a step with the exact amounts.
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

    /// Adds a check that `held` covers `owed`.
    pub fn check(&mut self, text: String, held: u128, owed: u128) {
        let ok = held >= owed;
        self.print(&format!("  [{}] {text}", if ok { "ok" } else { "NOT COVERED" }));
        self.story.checks.push(Check { text, held: held.to_string(), owed: owed.to_string(), ok });
    }

    /// Ends the story with the first difference, if any.
    pub fn end(mut self, outcome: Result<(), String>) -> Story {
        self.story.error = outcome.err();
        let covered = !self.story.checks.is_empty() && self.story.checks.iter().all(|check| check.ok);
        self.story.ok = self.story.error.is_none() && covered;
        self.story
    }

    fn print(&self, line: &str) {
        if self.print {
            // A closed pipe, as by `head`, does not end the demo.
            writeln!(std::io::stdout(), "{}", for_terminal(line)).unwrap_or(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_story_is_ok_only_with_checks_that_cover() {
        let is_ok = |checks: &[(u128, u128)], outcome| {
            let mut story = StoryWriter::new(false);
            for (held, owed) in checks {
                story.check("vault".to_owned(), *held, *owed);
            }
            story.end(outcome).ok
        };
        assert!(is_ok(&[(5, 5), (6, 5)], Ok(())));
        assert!(!is_ok(&[(5, 5), (4, 5)], Ok(())));
        assert!(!is_ok(&[], Ok(())));
        assert!(!is_ok(&[(5, 5)], Err("no".to_owned())));
    }
}
