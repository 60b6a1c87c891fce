//! Secrets as people have them: a phrase as a wallet prints it or an editor saves it, or a seed; in the one form from which
//! the chain's own library makes the key.

use std::borrow::Cow;

use parity_bip39::{Error as PhraseError, Language, Mnemonic};
use patronage_text::{bare, is_blank};
use sp_core::{
    crypto::{AccountId32, Ss58Codec},
    sr25519, Pair,
};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::Secret;

/// Hexadecimal digits of a seed.
const SEED_DIGITS: usize = 64;
/// As many words make a text look like a phrase.
const FEWEST_WORDS: usize = 12;

/// What was found in place of a secret. Has nothing of the text itself: a secret with a mistake in it is nearly the secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// Nothing, or nothing that shows.
    #[error("is empty: it takes the secret phrase of the account, or 0x and 64 hexadecimal digits")]
    Empty,
    /// No phrase has so many words.
    #[error("has a phrase of {}: a phrase has 12, 15, 18, 21 or 24", words(*.0))]
    WordCount(usize),
    /// A word that no phrase has, by its position from 1.
    #[error("has a phrase whose word {0} is not in the English list of words (BIP-39): look for a typing error in it")]
    UnknownWord(usize),
    /// No word is one of a phrase.
    #[error("has {}, and none is in the English list of words (BIP-39), which phrases of accounts are made of", words(*.0))]
    OtherLanguage(usize),
    /// Each word can be in a phrase, and together they can't.
    #[error(
        "has a phrase whose checksum does not fit: a word is another one than it should be, or two have changed places"
    )]
    Checksum,
    /// The words are numbered, and not from 1 to their count.
    #[error("has numbers beside the {0} words of the phrase, and not each from 1 to {0} once: write the words alone, in order")]
    Numbers(usize),
    /// No seed has so many digits.
    #[error("has 0x and {0} hexadecimal digits: a seed has 64{hint}", hint = digits_hint(*.0))]
    HexLength(usize),
    /// Something else among the digits.
    #[error("begins with 0x, as a seed does, and not only hexadecimal digits follow")]
    HexDigits,
    /// A seed without what marks it.
    #[error("has 64 hexadecimal digits: if that is the account's seed, write 0x before it")]
    BareHex,
    /// A line break or another control character behind the phrase.
    #[error(
        "has a line break or tab in the derivation path behind the phrase: the path and its password are one line"
    )]
    PathLine,
    /// A derivation path that the library does not read.
    #[error("has a derivation path that can't be read: it is as in //hard/soft///password")]
    Path,
    /// A path without a phrase that is not a development account's.
    #[error("is a path, and no secret: name a key file with --key")]
    FilePath,
    /// Something that is known, and no secret of an account.
    #[error("is {0}: it takes the secret phrase of the account, or 0x and 64 hexadecimal digits")]
    Other(&'static str),
}

fn words(count: usize) -> String {
    match count {
        1 => "1 word".to_owned(),
        count => format!("{count} words"),
    }
}

fn digits_hint(count: usize) -> &'static str {
    match count {
        40 => " (40 are an address of Ethereum)",
        128 => " (128 are a key in a form that can't be used here)",
        _ => "",
    }
}

/// The sr25519 key of a secret URI as people have it. The words of the phrase may be on several lines, in capitals, numbered,
/// and with signs between them; quotation marks and blanks may be around the whole and around the phrase. Behind the phrase
/// every letter counts.
///
/// # Errors
///
/// What was found in its place.
pub fn key(text: &str) -> Result<sr25519::Pair, SecretError> {
    let uri = canonical(text)?;
    // Phrase and seed are checked, so it is the path.
    sr25519::Pair::from_string(&uri, None).map_err(|_| SecretError::Path)
}

/// Whether `text` looks like a secret that must not be shown, though something else was asked for.
pub fn resembles(text: &str) -> bool {
    let words = text.split(|letter: char| !letter.is_alphabetic()).filter(|word| word.chars().count() > 2).count();
    let compact: Zeroizing<String> = Zeroizing::new(text.chars().filter(|letter| !is_blank(*letter)).collect());
    let seed = digits_after_0x(bare(&compact)).unwrap_or(bare(&compact));
    words >= FEWEST_WORDS || (seed.len() == SEED_DIGITS && seed.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// The secret URI as the library reads it: the words in lower case with one space between them, or 0x and digits; then, to
/// the letter, the path.
fn canonical(text: &str) -> Result<Secret, SecretError> {
    let text = bare(text);
    if let Some(kind) = other_kind(text) {
        return Err(SecretError::Other(kind));
    }
    let (phrase, path) = text.split_at(text.find('/').unwrap_or(text.len()));
    let phrase = bare(phrase);
    let mut uri = Secret::default();
    // So that the text never moves, and leaves no copies behind.
    uri.reserve(text.len().saturating_mul(2));
    match (phrase.is_empty(), path.is_empty()) {
        (true, true) => return Err(SecretError::Empty),
        // The library takes the development phrase, whose money is everybody's. Only development accounts are meant so.
        (true, false) if !path.starts_with("//") => return Err(SecretError::FilePath),
        (true, false) => {}
        (false, _) => add_phrase(&mut uri, phrase)?,
    }
    if path.contains(char::is_control) {
        return Err(SecretError::PathLine);
    }
    uri.push_str(path);
    Ok(uri)
}

/// Adds the phrase or the seed to `uri`, once it is checked.
fn add_phrase(uri: &mut Secret, text: &str) -> Result<(), SecretError> {
    // As the list of words has them (BIP-39): letters of other widths are the same letters.
    let mut normal = Secret::default();
    normal.reserve(text.len().saturating_mul(4));
    normal.extend(text.nfkd());
    let mut compact = Secret::default();
    compact.reserve(normal.len());
    compact.extend(normal.chars().filter(|letter| !is_blank(*letter)));
    let hexadecimal = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if let Some(digits) = digits_after_0x(&compact) {
        if !hexadecimal(digits) {
            return Err(SecretError::HexDigits);
        }
        if digits.len() != SEED_DIGITS {
            return Err(SecretError::HexLength(digits.len()));
        }
        uri.push_str("0x");
        uri.extend(digits.chars().map(|digit| digit.to_ascii_lowercase()));
        return Ok(());
    }
    if compact.len() == SEED_DIGITS && hexadecimal(&compact) && compact.contains(|letter: char| letter.is_ascii_digit())
    {
        return Err(SecretError::BareHex);
    }
    let begin = uri.len();
    for (at, word) in in_order(&normal)?.into_iter().enumerate() {
        if at > 0 {
            uri.push(' ');
        }
        uri.extend(word.chars().flat_map(char::to_lowercase));
    }
    let phrase = uri.get(begin..).unwrap_or_default();
    Mnemonic::parse_in_normalized(Language::English, phrase).map(|_| ()).map_err(|error| match error {
        PhraseError::BadWordCount(count) => SecretError::WordCount(count),
        PhraseError::UnknownWord(_) if !phrase.split(' ').any(is_known) => {
            SecretError::OtherLanguage(phrase.split(' ').count())
        }
        PhraseError::UnknownWord(at) => SecretError::UnknownWord(at.saturating_add(1)),
        _ => SecretError::Checksum,
    })
}

fn is_known(word: &str) -> bool {
    Language::English.find_word(word).is_some()
}

/// The words in `text`, in the order of their numbers where they have some: wallets print them in columns.
fn in_order(text: &str) -> Result<Vec<&str>, SecretError> {
    let (mut words, mut number, mut stray) = (Vec::new(), None, false);
    for run in runs(text) {
        if run.starts_with(|letter: char| letter.is_ascii_digit()) {
            stray |= number.replace(run.parse::<usize>().unwrap_or(usize::MAX)).is_some();
        } else {
            words.push((number.take(), run));
        }
    }
    let numbered = words.iter().any(|(number, _)| number.is_some()) || stray || number.is_some();
    let count = words.len();
    if !numbered || !matches!(count, 12 | 15 | 18 | 21 | 24) {
        return Ok(words.into_iter().map(|(_, word)| word).collect());
    }
    words.sort_by_key(|(number, _)| *number);
    let complete = words.iter().zip(1..).all(|((number, _), expected)| *number == Some(expected));
    if stray || number.is_some() || !complete {
        return Err(SecretError::Numbers(count));
    }
    Ok(words.into_iter().map(|(_, word)| word).collect())
}

/// The words and numbers in `text`. Whatever else is there separates them.
fn runs(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|letter| !is_letter(letter) && !letter.is_ascii_digit());
        let first = rest.chars().next()?;
        let same = |letter: char| if first.is_ascii_digit() { letter.is_ascii_digit() } else { is_letter(letter) };
        let (run, after) = rest.split_at(rest.find(|letter| !same(letter)).unwrap_or(rest.len()));
        rest = after;
        Some(run)
    })
}

/// Whether `letter` is one of a word. An accent, which stands alone in this form, is one too.
fn is_letter(letter: char) -> bool {
    letter.is_alphabetic() || ('\u{300}'..='\u{36f}').contains(&letter)
}

fn digits_after_0x(text: &str) -> Option<&str> {
    text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"))
}

/// What `text` is, where it is something that people take for the secret of an account.
fn other_kind(text: &str) -> Option<&'static str> {
    let begins = |prefix: &str| text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    let first_line: Cow<'_, str> = text.lines().next().unwrap_or_default().into();
    Some(match () {
        () if begins("-----BEGIN") && first_line.contains("SSH") => "an SSH key",
        () if begins("-----BEGIN") && first_line.contains("PGP") => "an OpenPGP file",
        () if begins("-----BEGIN AGE") || begins("age-encryption.org") => "an encrypted age file",
        () if begins("-----BEGIN") => "a key in PEM",
        () if begins("AGE-SECRET-KEY-") || text.contains("\nAGE-SECRET-KEY-") => {
            "the key of a content, not of an account"
        }
        () if begins("age1") || begins("ssh-") => "a public key",
        () if begins("xprv") || begins("xpub") => "an extended key of Bitcoin",
        () if begins("http://") || begins("https://") || begins("ws://") || begins("wss://") => "an address of the web",
        () if begins("[") && text.split(',').count() > 24 => "a list, as other chains write keys",
        () if AccountId32::from_ss58check_with_version(text).is_ok() => "the address of an account, which is public",
        () => return None,
    })
}

#[cfg(test)]
#[path = "secret_tests.rs"]
mod tests;
