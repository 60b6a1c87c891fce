//! Names and numbers by which people refer to tiers and content.
//!
//! The contracts know numbers only; the names are in the creator's file. Everything that takes a reference resolves it here:
//!
//! 1. `#3` is the number 3, whatever is called so.
//! 2. A name is the one that it equals, without regard to case, to spaces around it, or to how Unicode writes its letters. An
//!    equal name wins over a number, so content called `1984` can be named.
//! 3. `3` is the number 3 where nothing is called so.
//!
//! What could be several is an error that lists them.

use icu_normalizer::ComposingNormalizerBorrowed;
use icu_properties::{props::DefaultIgnorableCodePoint, CodePointSetData};

/// What a reference is to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A tier of the vault.
    Tier,
    /// Content of the registry.
    Content,
    /// Content of a launch file, by its place there.
    InFile,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Tier => "tier",
            Self::Content | Self::InFile => "content",
        }
    }

    /// What shows all that there are.
    fn list(self) -> &'static str {
        match self {
            Self::Tier => "`patronage tiers` lists them",
            Self::Content => "`patronage content` lists it",
            Self::InFile => "the file has it under [[content]]",
        }
    }
}

/// The number of what `text` refers to, among `count` things of a `kind` that are called `names`, by their numbers. An empty
/// name is none.
///
/// # Errors
///
/// In words, when nothing is called so, or several are: then with all of them.
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

/// Whether what is made now can be called `name` beside what is called `names` already.
///
/// # Errors
///
/// In words, when nobody could refer to it by that name.
pub fn check_new(kind: Kind, name: &str, names: &[String]) -> Result<(), String> {
    let word = kind.word();
    let fail = |why: String| Err(format!("\"{name}\" can't be the name of a {word}: {why}"));
    let folded = folded(name);
    if folded.is_empty() {
        return Err(format!("the name of a {word} must not be empty: people refer to it by that"));
    }
    if name.chars().any(char::is_control) {
        return fail("it has a control character in it, such as a line break: leave that out".to_owned());
    }
    if name.trim() != name {
        return fail("it begins or ends with a space: leave that out".to_owned());
    }
    if let Some(digits) = folded.strip_prefix('#').filter(|digits| is_number(digits)) {
        return fail(format!("it reads as the number {digits}: choose another name"));
    }
    let other = equal(&folded, names).next();
    match other {
        None => Ok(()),
        Some(other) => {
            let same = names.get(other as usize).is_some_and(|other| other == name);
            let why = if same { "" } else { ", as case and spaces make no difference" };
            fail(format!("that is {word} {} already{why}: choose another name", shown(other, names)))
        }
    }
}

/// Whether things can be called `names` together.
///
/// # Errors
///
/// As for [`check_new`], for the first that can't.
pub fn check_all(kind: Kind, names: &[String]) -> Result<(), String> {
    let mut before = names.iter().enumerate().map(|(index, name)| (name, names.get(..index).unwrap_or_default()));
    before.try_for_each(|(name, before)| check_new(kind, name, before))
}

/// What to say of a new `name` that is the number of something else, which is called one of `names`: the name wins from then on.
pub fn note(name: &str, names: &[String]) -> Option<String> {
    let number = folded(name);
    let other = is_number(&number).then(|| number.parse().ok()).flatten()?;
    let known = names.get(other as usize).is_some() && equal(&number, names).next().is_none();
    known.then(|| format!("\"{name}\" is this one from now on; {} is '#{other}'", shown(other, names)))
}

/// The number `id` with its name where it has one, such as `#0 "Listener"`.
pub fn shown(id: u32, names: &[String]) -> String {
    match named(id, names) {
        Some(name) => format!("#{id} \"{name}\""),
        None => format!("#{id}"),
    }
}

/// What to type for the number `id` in a shell: its name where that is one word or several of plain letters and refers to
/// nothing else, and otherwise its number. A name is a stranger's text, and must not become a command of the shell.
pub fn argument(id: u32, names: &[String]) -> String {
    let plain = |name: &&String| {
        let harmless = |letter: char| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_' | '.');
        name.chars().all(harmless) && !name.starts_with('-') && equal(&folded(name), names).nth(1).is_none()
    };
    match named(id, names).filter(plain) {
        Some(name) if name.contains(' ') => format!("\"{name}\""),
        Some(name) => name.clone(),
        None if equal(&id.to_string(), names).next().is_none() => id.to_string(),
        // Without quotes a shell takes it for a comment.
        None => format!("'#{id}'"),
    }
}

/// The number in `text`, with or without `#`.
///
/// # Errors
///
/// In words, when it is none.
pub fn parse_number(text: &str) -> Result<u32, String> {
    let digits = text.strip_prefix('#').unwrap_or(text);
    let number = is_number(digits).then(|| digits.parse().ok()).flatten();
    number.ok_or_else(|| format!("\"{text}\" is no number: write 3 or '#3'"))
}

/// The name of number `id`. A file may have the number itself where the name is not known.
fn named(id: u32, names: &[String]) -> Option<&String> {
    names.get(id as usize).filter(|name| !name.is_empty() && **name != id.to_string())
}

/// Numbers of what is called `folded`.
fn equal<'a>(wanted: &'a str, names: &'a [String]) -> impl Iterator<Item = u32> + 'a {
    let called = move |name: &String| !name.is_empty() && folded(name) == wanted;
    (0_u32..).zip(names).filter(move |(_, name)| called(name)).map(|(number, _)| number)
}

/// `text` in the form in which names are compared: compatibility forms, case and what is not seen make no difference.
fn folded(text: &str) -> String {
    let normal = ComposingNormalizerBorrowed::new_nfkc();
    let unseen = CodePointSetData::new::<DefaultIgnorableCodePoint>();
    let seen: String = normal.normalize(text).chars().filter(|letter| !unseen.contains(*letter)).collect();
    // Upper case first: some letters that differ in lower case are the same there.
    let folded = seen.to_uppercase().to_lowercase();
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
    fn a_name_wins_over_a_number_and_a_number_with_its_sign_over_all() {
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
    fn a_name_is_the_same_however_unicode_writes_it() {
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
    fn what_is_ambiguous_is_refused_with_all_that_it_could_be() {
        let names = names(&["Song", "Diary", "Same", "same", "2"]);
        let error = resolve(Kind::Content, "SAME", &names, 5).unwrap_err();
        assert!(error.contains("#2 \"Same\" and #3 \"same\": write a number, such as '#2'"), "{error}");
    }

    #[test]
    fn a_name_that_nobody_could_refer_to_is_refused_where_it_is_made() {
        let there = names(&["Gold", "1984"]);
        for (name, reason) in [
            ("Gold", "that is tier #0 \"Gold\" already: choose"),
            ("GOLD", "case and spaces make no difference"),
            ("g\u{200b}old", "case and spaces make no difference"),
            ("1984", "that is tier #1 already"),
            ("", "must not be empty"),
            ("  ", "must not be empty"),
            ("\u{200b}", "must not be empty"),
            (" Silver", "begins or ends with a space"),
            ("Sil\nver", "control character"),
            ("#7", "reads as the number 7"),
            ("\u{ff03}7", "reads as the number 7"),
        ] {
            let error = check_new(Kind::Tier, name, &there).unwrap_err();
            let reason = reason.replace("#1 already", "#1 \"1984\" already");
            assert!(error.contains(&reason), "{name}: {error}");
        }
        for name in ["Silver", "7", "#hit", "A, B", "\"Heroes\"", "level 2"] {
            assert_eq!(check_new(Kind::Tier, name, &there), Ok(()), "{name}");
        }
        assert!(check_all(Kind::Tier, &names(&["a", "b", "A"])).unwrap_err().contains("tier #0 \"a\""));
        assert_eq!(check_all(Kind::Tier, &names(&["1", "2"])), Ok(()));
    }

    #[test]
    fn a_name_that_is_the_number_of_something_else_is_noted() {
        let there = names(&["Gold", "Silver"]);
        assert_eq!(note("1", &there), Some("\"1\" is this one from now on; #1 \"Silver\" is '#1'".to_owned()));
        for name in ["2", "1984", "Bronze", "#1"] {
            assert_eq!(note(name, &there), None, "{name}");
        }
    }

    #[test]
    fn what_to_type_is_no_command_of_the_shell() {
        let names = names(&["Listener", "Studio diary", "$(reboot)", "-x", "Same", "same", "5"]);
        let typed: Vec<String> = (0..8).map(|id| argument(id, &names)).collect();
        assert_eq!(typed, ["Listener", "\"Studio diary\"", "2", "3", "4", "'#5'", "5", "7"]);
        for (id, typed) in (0..8).zip(&typed) {
            let plain = typed.trim_matches(['"', '\'']);
            assert_eq!(resolve(Kind::Tier, plain, &names, 8), Ok(id), "{typed}");
        }
    }
}
