//! Parses secrets: a phrase as printed by a wallet or saved by an editor, or a seed. Converts them to the canonical form of `sp-core`.

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
/// Minimum number of words for a text to look like a phrase.
const MIN_WORDS: usize = 12;

/// Why a text is not a secret. Contains nothing of the text, because a secret with a mistake is nearly the secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// Empty, or invisible characters only.
    #[error("is empty: write the secret phrase of the account, or 0x and 64 hexadecimal digits")]
    Empty,
    /// A phrase with a wrong number of words.
    #[error("has a phrase of {}: a phrase has 12, 15, 18, 21 or 24", words(*.0))]
    WordCount(usize),
    /// An unknown word, by its position from 1.
    #[error("has a phrase whose word {0} is not in the English list of words (BIP-39): check its spelling")]
    UnknownWord(usize),
    /// Only unknown words.
    #[error("has {}, and none is in the English list of words (BIP-39): write the English phrase of the account", words(*.0))]
    OtherLanguage(usize),
    /// A phrase with a wrong checksum.
    #[error("has a phrase with a wrong checksum: check for a wrong word, or two exchanged words")]
    Checksum,
    /// Numbered words whose numbers are not 1 to their count.
    #[error("has {0} words with numbers, and not each number from 1 to {0} once: write the words alone, in order")]
    Numbers(usize),
    /// A seed with a wrong number of digits.
    #[error("has 0x and {0} hexadecimal digits: a seed has 64{hint}", hint = digits_hint(*.0))]
    HexLength(usize),
    /// A seed with other characters.
    #[error("begins with 0x, as a seed does, but not only hexadecimal digits follow: check the digits")]
    HexDigits,
    /// A seed without its prefix.
    #[error("has 64 hexadecimal digits: if that is the account's seed, write 0x before it")]
    BareHex,
    /// A line break or another control character in the derivation path.
    #[error(
        "has a line break or tab in the derivation path behind the phrase: write the path and its password on one line"
    )]
    PathLine,
    /// A malformed derivation path.
    #[error("has a malformed derivation path: write it as in //hard/soft///password")]
    Path,
    /// A path without a phrase that is not of a development account.
    #[error("is a path, and not a secret: name a key file with --key")]
    FilePath,
    /// Another known kind of text.
    #[error("is {0}: write the secret phrase of the account, or 0x and 64 hexadecimal digits")]
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

/// Parses a secret URI of an sr25519 key. The words of the phrase may be on several lines, in capitals, numbered, and separated by any
/// characters. Quotation marks and white space around the text and around the phrase are ignored. In the derivation path, all characters
/// count.
///
/// # Errors
///
/// If `text` is not a secret.
pub fn key(text: &str) -> Result<sr25519::Pair, SecretError> {
    let uri = canonical(text)?;
    // Phrase and seed were checked, so the error is in the path.
    sr25519::Pair::from_string(&uri, None).map_err(|_| SecretError::Path)
}

/// Whether `text` looks like a secret, and must not be shown in a message.
pub fn resembles(text: &str) -> bool {
    let words = text.split(|letter: char| !letter.is_alphabetic()).filter(|word| word.chars().count() > 2).count();
    let compact: Zeroizing<String> = Zeroizing::new(text.chars().filter(|letter| !is_blank(*letter)).collect());
    // Without a derivation path.
    let compact = bare(bare(&compact).split('/').next().unwrap_or_default());
    let seed = digits_after_0x(compact).unwrap_or(compact);
    words >= MIN_WORDS || (seed.len() == SEED_DIGITS && seed.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// The canonical form of a secret URI: the words in lower case, separated by single spaces, or 0x and digits. The path is unchanged.
fn canonical(text: &str) -> Result<Secret, SecretError> {
    let text = bare(text);
    if let Some(kind) = other_kind(text) {
        return Err(SecretError::Other(kind));
    }
    let (phrase, path) = text.split_at(text.find('/').unwrap_or(text.len()));
    let phrase = bare(phrase);
    let mut uri = Secret::default();
    // The capacity is enough, so the text is never moved and leaves no copies behind.
    uri.reserve(text.len().saturating_mul(2));
    match (phrase.is_empty(), path.is_empty()) {
        (true, true) => return Err(SecretError::Empty),
        // Without a phrase, `sp-core` uses the public development phrase. Only development accounts are accepted in this form.
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

/// Checks the phrase or the seed, and appends it to `uri`.
fn add_phrase(uri: &mut Secret, text: &str) -> Result<(), SecretError> {
    // The normalization of BIP-39, which also maps wide and narrow letters.
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

/// The words in `text`. Numbered words are sorted by their numbers, as wallets print them in columns.
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

/// The words and numbers in `text`. All other characters are separators.
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

/// Whether `letter` is part of a word. In this normalization, accents are separate characters.
fn is_letter(letter: char) -> bool {
    letter.is_alphabetic() || ('\u{300}'..='\u{36f}').contains(&letter)
}

fn digits_after_0x(text: &str) -> Option<&str> {
    text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"))
}

/// The kind of `text`, if it is something that is often confused with the secret of an account.
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
