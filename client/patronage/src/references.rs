//! References to tiers and content by name or number.
//!
//! The contracts have numbers only. The names are in the deployment file. A reference is resolved in this order:
//!
//! 1. `#3` is the number 3, even if a name is `#3`.
//! 2. A name matches an equal name. Case, surrounding spaces and the Unicode normalization form are ignored. A name takes precedence
//!    over a number, so that content called `1984` can be referred to.
//! 3. `3` is the number 3 if there is no such name.
//!
//! A reference that matches several names is an error, which lists them.

use icu_normalizer::ComposingNormalizerBorrowed;
use icu_properties::{props::DefaultIgnorableCodePoint, CodePointSetData};

/// The kind of thing that a reference names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A tier of the vault.
    Tier,
    /// Content of the registry.
    Content,
    /// Content of a launch file, by its position in the file.
    InFile,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Tier => "tier",
            Self::Content | Self::InFile => "content",
        }
    }

    /// How to list all things of this kind.
    fn list(self) -> &'static str {
        match self {
            Self::Tier => "`patronage tiers` lists them",
            Self::Content => "`patronage content` lists it",
            Self::InFile => "the file has it under [[content]]",
        }
    }
}

/// Resolves the reference `text` to a number below `count`. `names` are the names of the things of this `kind`, indexed by their numbers.
/// An empty name matches nothing.
///
/// # Errors
///
/// A message if nothing matches, or if several names do. It lists them.
pub fn resolve(kind: Kind, text: &str, names: &[String], count: u32) -> Result<u32, String> {
    let (word, list) = (kind.word(), kind.list());
    let unknown = |shown: &str| format!("there is no {word} {shown}: {list}");
    let numbered = |number: Option<u32>, digits: &str| {
        number.filter(|number| *number < count).ok_or_else(|| unknown(&format!("#{digits}")))
    };
    let folded = folded(text);
    if let Some(digits) = folded.strip_prefix('#').filter(|digits| is_number(digits)) {
        return numbered(digits.parse().ok(), digits);
    }
    let called: Vec<u32> = equal(&folded, names).filter(|number| *number < count).collect();
    match called.as_slice() {
        [number] => Ok(*number),
        [] if is_number(&folded) => numbered(folded.parse().ok(), &folded),
        [] => Err(unknown(&format!("\"{text}\""))),
        [first, ..] => {
            let shown: Vec<String> = called.iter().map(|number| shown(*number, names)).collect();
            let choice = argument(*first, names);
            Err(format!(
                "\"{text}\" is ambiguous, as it names {}: write a number, such as {choice}",
                shown.join(" and ")
            ))
        }
    }
}

/// Checks that a new thing can have this `name` in addition to the existing `names`.
///
/// # Errors
///
/// A message if the name is empty, taken, or can't be used as a reference.
pub fn check_new(kind: Kind, name: &str, names: &[String]) -> Result<(), String> {
    let word = kind.word();
    let fail = |why: String| Err(format!("\"{name}\" can't be the name of a {word}: {why}"));
    let folded = folded(name);
    if folded.is_empty() {
        return Err(format!("the name of a {word} must not be empty: choose a name"));
    }
    if name.chars().any(char::is_control) {
        return fail("it contains a control character, such as a line break: remove it".to_owned());
    }
    if name.trim() != name {
        return fail("it begins or ends with a space: remove the space".to_owned());
    }
    if let Some(digits) = folded.strip_prefix('#').filter(|digits| is_number(digits)) {
        return fail(format!("it reads as the number {digits}: choose another name"));
    }
    let other = equal(&folded, names).next();
    match other {
        None => Ok(()),
        Some(other) => {
            let same = names.get(other as usize).is_some_and(|other| other == name);
            let why = if same { "" } else { ", as case and spaces are ignored" };
            fail(format!("it is taken by {word} {}{why}: choose another name", shown(other, names)))
        }
    }
}

/// Checks that all `names` can be used together.
///
/// # Errors
///
/// As for [`check_new`], for the first name that can't be used.
pub fn check_all(kind: Kind, names: &[String]) -> Result<(), String> {
    let mut before = names.iter().enumerate().map(|(index, name)| (name, names.get(..index).unwrap_or_default()));
    before.try_for_each(|(name, before)| check_new(kind, name, before))
}

/// A note for a new `name` that is also the number of one of `names`. From then on, the reference resolves to the new name.
pub fn note(name: &str, names: &[String]) -> Option<String> {
    let number = folded(name);
    let other = is_number(&number).then(|| number.parse().ok()).flatten()?;
    let known = names.get(other as usize).is_some() && equal(&number, names).next().is_none();
    known.then(|| format!("\"{name}\" refers to this one from now on; use '#{other}' for {}", shown(other, names)))
}

/// The number `id` with its name, if it has one, such as `#0 "Listener"`.
pub fn shown(id: u32, names: &[String]) -> String {
    match named(id, names) {
        Some(name) => format!("#{id} \"{name}\""),
        None => format!("#{id}"),
    }
}

/// A shell argument that refers to the number `id`. This is its name if the name is unique and consists of letters, digits, spaces and
/// `-_.`, else its number. Names are untrusted text, and must not be interpreted by the shell.
pub fn argument(id: u32, names: &[String]) -> String {
    let plain = |name: &&String| {
        let harmless = |letter: char| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_' | '.');
        name.chars().all(harmless) && !name.starts_with('-') && equal(&folded(name), names).nth(1).is_none()
    };
    match named(id, names).filter(plain) {
        Some(name) if name.contains(' ') => format!("\"{name}\""),
        Some(name) => name.clone(),
        None if equal(&id.to_string(), names).next().is_none() => id.to_string(),
        // Without quotes, a shell reads it as a comment.
        None => format!("'#{id}'"),
    }
}

/// Parses the number in `text`, with or without `#`.
///
/// # Errors
///
/// A message if `text` is not a number.
pub fn parse_number(text: &str) -> Result<u32, String> {
    let digits = text.strip_prefix('#').unwrap_or(text);
    let number = is_number(digits).then(|| digits.parse().ok()).flatten();
    number.ok_or_else(|| format!("\"{text}\" is not a number: write 3 or '#3'"))
}

/// The name of number `id`. In a file, the number itself stands for an unknown name.
fn named(id: u32, names: &[String]) -> Option<&String> {
    names.get(id as usize).filter(|name| !name.is_empty() && **name != id.to_string())
}

/// The numbers with the folded name `wanted`.
fn equal<'a>(wanted: &'a str, names: &'a [String]) -> impl Iterator<Item = u32> + 'a {
    let called = move |name: &String| !name.is_empty() && folded(name) == wanted;
    (0_u32..).zip(names).filter(move |(_, name)| called(name)).map(|(number, _)| number)
}

/// Folds `text` for comparison: compatibility forms, case, white space and invisible characters are normalized.
fn folded(text: &str) -> String {
    let normal = ComposingNormalizerBorrowed::new_nfkc();
    let invisible = CodePointSetData::new::<DefaultIgnorableCodePoint>();
    let visible: String = normal.normalize(text).chars().filter(|letter| !invisible.contains(*letter)).collect();
    // Upper case first, as some letters differ in lower case only.
    let folded = visible.to_uppercase().to_lowercase();
    normal.normalize(&folded).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_hash_takes_precedence_over_a_name_and_a_name_over_a_number() {
        let names = names(&["1", "2", "1984", "", "Gold"]);
        for (text, number) in [
            ("1", 0),
            ("2", 1),
            ("#1", 1),
            ("#2", 2),
            ("1984", 2),
            ("0", 0),
            ("3", 3),
            ("#3", 3),
            ("gold", 4),
            (" GOLD ", 4),
            ("4", 4),
            ("5", 5),
        ] {
            assert_eq!(resolve(Kind::Tier, text, &names, 6), Ok(number), "{text}");
        }
        for text in ["6", "#6", "silver", "", " ", "#", "#x", "+1", "-1", "01", "#01", "99999999999", "#99999999999"] {
            assert!(resolve(Kind::Tier, text, &names, 6).unwrap_err().contains("`patronage tiers`"), "{text}");
        }
    }

    #[test]
    fn names_match_in_every_normalization_form() {
        let names =
            names(&["Caf\u{e9}", "STRASSE", "\u{39f}\u{394}\u{39f}\u{3a3}", "Night  Show", "zero\u{200b}width"]);
        for (text, number) in [
            ("Cafe\u{301}", 0),
            ("CAF\u{c9}", 0),
            ("stra\u{df}e", 1),
            ("\u{3bf}\u{3b4}\u{3bf}\u{3c2}", 2),
            ("night show", 3),
            ("zerowidth", 4),
            ("\u{ff2e}ight Show", 3),
        ] {
            assert_eq!(resolve(Kind::Content, text, &names, 5), Ok(number), "{text}");
        }
    }

    #[test]
    fn an_ambiguous_name_is_refused_with_all_matches() {
        let names = names(&["Song", "Diary", "Same", "same", "2"]);
        let error = resolve(Kind::Content, "SAME", &names, 5).unwrap_err();
        assert!(error.contains("#2 \"Same\" and #3 \"same\": write a number, such as '#2'"), "{error}");
    }

    #[test]
    fn an_unusable_name_is_refused_when_it_is_chosen() {
        let there = names(&["Gold", "1984"]);
        for (name, reason) in [
            ("Gold", "it is taken by tier #0 \"Gold\": choose"),
            ("GOLD", "case and spaces are ignored"),
            ("g\u{200b}old", "case and spaces are ignored"),
            ("1984", "it is taken by tier #1 \"1984\":"),
            ("", "must not be empty"),
            ("  ", "must not be empty"),
            ("\u{200b}", "must not be empty"),
            (" Silver", "begins or ends with a space"),
            ("Sil\nver", "control character"),
            ("#7", "reads as the number 7"),
            ("\u{ff03}7", "reads as the number 7"),
        ] {
            let error = check_new(Kind::Tier, name, &there).unwrap_err();
            assert!(error.contains(reason), "{name}: {error}");
        }
        for name in ["Silver", "7", "#hit", "A, B", "\"Heroes\"", "level 2"] {
            assert_eq!(check_new(Kind::Tier, name, &there), Ok(()), "{name}");
        }
        assert!(check_all(Kind::Tier, &names(&["a", "b", "A"])).unwrap_err().contains("tier #0 \"a\""));
        assert_eq!(check_all(Kind::Tier, &names(&["1", "2"])), Ok(()));
    }

    #[test]
    fn a_name_that_is_another_things_number_is_noted() {
        let there = names(&["Gold", "Silver"]);
        assert_eq!(
            note("1", &there),
            Some("\"1\" refers to this one from now on; use '#1' for #1 \"Silver\"".to_owned())
        );
        for name in ["2", "1984", "Bronze", "#1"] {
            assert_eq!(note(name, &there), None, "{name}");
        }
    }

    #[test]
    fn shell_arguments_are_harmless_and_resolve_to_their_number() {
        let names = names(&["Listener", "Studio diary", "$(reboot)", "-x", "Same", "same", "5"]);
        let typed: Vec<String> = (0..8).map(|id| argument(id, &names)).collect();
        assert_eq!(typed, ["Listener", "\"Studio diary\"", "2", "3", "4", "'#5'", "5", "7"]);
        for (id, typed) in (0..8).zip(&typed) {
            let plain = typed.trim_matches(['"', '\'']);
            assert_eq!(resolve(Kind::Tier, plain, &names, 8), Ok(id), "{typed}");
        }
    }
}
