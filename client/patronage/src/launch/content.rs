use patronage_chain::{
    accounts::address,
    units::{parse_date, Unit, Units},
    Chain,
};
use patronage_core::{
    access::{AccessOracle, Audience, Condition, Evaluator, ListId},
    content::{self, validate_file, Entry, InvalidFile, InvalidTerms},
    limits::Limits,
};
use patronage_interfaces::{
    patronage::Standing,
    registry::{self, ContentId, Terms},
    AccountId,
};

use super::{
    at,
    file::{Content, Rule},
    other_token, parse_age_recipient, parse_hash,
};
use crate::{
    explain,
    references::{self, Kind},
    rules::{self, Glossary, Place},
    session::Failure,
};

/// A piece of content before the addresses of token and vault are known.
#[derive(Debug, Clone)]
pub struct PlannedContent {
    /// Title for people.
    pub title: String,
    /// The file.
    pub file: registry::Content,
    terms: content::Terms<Place>,
}

/// What is known of someone who asks for access.
#[derive(Debug, Clone, Copy, Default)]
pub struct Seen {
    /// What the account holds of the creator token, in smallest units.
    pub tokens: u128,
    /// What the account is to the creator's vault.
    pub standing: Standing,
    /// The block time in ms.
    pub now: u64,
}

impl AccessOracle<Place> for Seen {
    fn balance_of(&mut self, token: &Place) -> Option<u128> {
        (*token == Place::Own).then_some(self.tokens)
    }

    fn standing_of(&mut self, vault: &Place) -> Option<Standing> {
        (*vault == Place::Own).then_some(self.standing)
    }

    fn has_bought(&mut self, _: ContentId) -> bool {
        false
    }

    fn price_of(&mut self, _: ContentId) -> Option<u128> {
        None
    }

    fn is_listed(&mut self, _: ListId) -> bool {
        false
    }
}

impl PlannedContent {
    /// On which terms to publish it, now that the addresses are known.
    pub fn terms(&self, token: AccountId, vault: AccountId) -> Terms {
        let content::Terms { audience, price, release, retired } = &self.terms;
        let audience = match audience {
            Audience::Everyone => Audience::Everyone,
            Audience::Nobody => Audience::Nobody,
            Audience::AnyOf(rules) => {
                Audience::AnyOf(rules.iter().map(|rule| rules::placed(rule, token, vault)).collect())
            }
        };
        Terms { audience, price: *price, release: *release, retired: *retired }
    }

    /// Whether who is `seen` so, and has neither bought anything nor is on a list, nor known to other creators, may open it.
    pub fn opens_to(&self, seen: &Seen) -> bool {
        let entry = Entry { terms: self.terms.clone(), sold: false };
        Evaluator::new(*seen, seen.now).grant(0, &entry).is_some()
    }

    /// The most creator tokens (smallest units) that any condition asks for; 0 where none does.
    pub fn most_tokens(&self) -> u128 {
        let Audience::AnyOf(rules) = &self.terms.audience else { return 0 };
        let amounts = rules.iter().flatten().map(|condition| match condition {
            Condition::Holds { token: Place::Own, amount } | Condition::HoldsOrStaked { amount, .. } => *amount,
            _ => 0,
        });
        amounts.max().unwrap_or(0)
    }
}

/// All content of the file, for this `chain`.
///
/// # Errors
///
/// In words, for the first that can't be published so.
pub(super) fn planned(file: &[Content], chain: &mut dyn Chain, units: &Units) -> Result<Vec<PlannedContent>, String> {
    let titles: Vec<String> = file.iter().map(|content| content.title.clone()).collect();
    references::check_all(Kind::InFile, &titles).map_err(at("content"))?;
    let mut words = FileWords { chain, units, titles: &titles };
    file.iter().map(|content| one(content, &mut words)).collect()
}

fn one(content: &Content, words: &mut FileWords<'_>) -> Result<PlannedContent, String> {
    let place = |field: &str| format!("content \"{}\": {field}", content.title);
    let uri = content.uri.as_bytes().to_vec();
    let hash = parse_hash(&content.hash).map_err(at(&place("hash")))?;
    let public_key = parse_age_recipient(&content.public_key).map_err(at(&place("public_key")))?;
    validate_file(&uri, &public_key).map_err(|error| match error {
        InvalidFile::UriEmpty => place("uri: it must not be empty"),
        InvalidFile::UriTooLong { most } => place(&format!("uri: it has {} bytes and may have {most}", uri.len())),
        InvalidFile::InvalidKey => place("public_key: it is all zeros"),
    })?;
    let price = content.price.as_ref().map(|price| words.units.native.parse(&price.to_string())).transpose();
    let price = price.map_err(at(&place("price")))?;
    let release = content.release.as_ref().map(|time| parse_date(&time.to_string())).transpose();
    let release = release.map_err(at(&place("release")))?.unwrap_or(0);
    let audience = match (content.everyone, content.any_of.as_slice()) {
        (true, []) if price.is_none() => Audience::Everyone,
        (true, []) => {
            return Err(place("say everyone = true or a price, not both: nobody pays for what is open to all"))
        }
        (true, _) => return Err(place("say everyone = true or any_of rules, not both")),
        (false, []) if price.is_none() => {
            return Err(place("say who may open it: any_of rules, a price, or everyone = true"));
        }
        (false, []) => Audience::Nobody,
        (false, texts) => {
            let rules = (1_usize..).zip(texts).map(|(number, Rule::Text(text))| {
                rules::read(text, words).map_err(|failure| place(&format!("any_of, rule {number}: {failure}")))
            });
            Audience::AnyOf(rules.collect::<Result<_, _>>()?)
        }
    };
    let terms = content::Terms { audience, price, release, retired: false };
    terms.validate(&Limits { max_balance: words.units.native.most }).map_err(|error| match error {
        InvalidTerms::Audience(error) => place(&format!("any_of: {}", explain::audience(&error))),
        error => place(&format!("price: {}", explain::registry(&error.into(), &words.units.native))),
    })?;
    Ok(PlannedContent { title: content.title.clone(), file: registry::Content { uri, hash, public_key }, terms })
}

/// What the words of rules mean in a launch file.
struct FileWords<'a> {
    chain: &'a mut dyn Chain,
    units: &'a Units,
    titles: &'a [String],
}

impl Glossary for FileWords<'_> {
    fn units(&self) -> Units {
        self.units.clone()
    }

    fn unit_of(&mut self, token: AccountId) -> Result<Unit, Failure> {
        other_token(&address(&token), self.chain).map(|(_, unit)| unit).map_err(Failure::Request)
    }

    fn content(&mut self, text: &str) -> Result<ContentId, Failure> {
        let count = u32::try_from(self.titles.len()).unwrap_or(u32::MAX);
        references::resolve(Kind::InFile, text, self.titles, count).map_err(Failure::Request)
    }

    /// Only what is the same time whenever the file is read: a launch that was interrupted must go on as it began.
    fn time(&mut self, text: &str) -> Result<u64, Failure> {
        parse_date(text).map_err(Failure::Request)
    }
}
