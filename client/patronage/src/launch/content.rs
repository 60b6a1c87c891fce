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
    error::Error,
    messages,
    references::{self, Kind},
    rules::{self, ContractRef, Resolver},
};

/// A piece of content, before the addresses of token and vault are known.
#[derive(Debug, Clone)]
pub struct PlannedContent {
    /// The title. The chain does not know it.
    pub title: String,
    /// The file.
    pub file: registry::Content,
    terms: content::Terms<ContractRef>,
}

/// The facts about an account from which access is predicted.
#[derive(Debug, Clone, Copy, Default)]
pub struct AccessSnapshot {
    /// Creator tokens that the account holds, in smallest units.
    pub tokens: u128,
    /// The account's standing at the creator's vault.
    pub standing: Standing,
    /// The block time in ms.
    pub now: u64,
}

impl AccessOracle<ContractRef> for AccessSnapshot {
    fn balance_of(&mut self, token: &ContractRef) -> Option<u128> {
        (*token == ContractRef::Own).then_some(self.tokens)
    }

    fn standing_of(&mut self, vault: &ContractRef) -> Option<Standing> {
        (*vault == ContractRef::Own).then_some(self.standing)
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
    /// The terms to publish it on, with the addresses of token and vault.
    pub fn terms(&self, token: AccountId, vault: AccountId) -> Terms {
        let content::Terms { audience, price, release, retired } = &self.terms;
        let audience = match audience {
            Audience::Everyone => Audience::Everyone,
            Audience::Nobody => Audience::Nobody,
            Audience::AnyOf(rules) => {
                Audience::AnyOf(rules.iter().map(|rule| rules::resolved(rule, token, vault)).collect())
            }
        };
        Terms { audience, price: *price, release: *release, retired: *retired }
    }

    /// Whether an account with these facts may open it. Assumes that the account has bought nothing, is on no list, and has no standing at
    /// other creators.
    pub fn opens_to(&self, snapshot: &AccessSnapshot) -> bool {
        let entry = Entry { terms: self.terms.clone(), sold: false };
        Evaluator::new(*snapshot, snapshot.now).grant(0, &entry).is_some()
    }

    /// The largest number of creator tokens in a condition, in smallest units. 0 if there is none.
    pub fn most_tokens(&self) -> u128 {
        let Audience::AnyOf(rules) = &self.terms.audience else { return 0 };
        let amounts = rules.iter().flatten().map(|condition| match condition {
            Condition::Holds { token: ContractRef::Own, amount } | Condition::HoldsOrStaked { amount, .. } => *amount,
            _ => 0,
        });
        amounts.max().unwrap_or(0)
    }
}

/// Checks all content of the file for this `chain`.
///
/// # Errors
///
/// A message for the first content that can't be published.
pub(super) fn planned(file: &[Content], chain: &mut dyn Chain, units: &Units) -> Result<Vec<PlannedContent>, String> {
    let titles: Vec<String> = file.iter().map(|content| content.title.clone()).collect();
    references::check_all(Kind::InFile, &titles).map_err(at("content"))?;
    let mut resolver = LaunchFileResolver { chain, units, titles: &titles };
    file.iter().map(|content| one(content, &mut resolver)).collect()
}

fn one(content: &Content, resolver: &mut LaunchFileResolver<'_>) -> Result<PlannedContent, String> {
    let place = |field: &str| format!("content \"{}\": {field}", content.title);
    let uri = content.uri.as_bytes().to_vec();
    let hash = parse_hash(&content.hash).map_err(at(&place("hash")))?;
    let public_key = parse_age_recipient(&content.public_key).map_err(at(&place("public_key")))?;
    validate_file(&uri, &public_key).map_err(|error| match error {
        InvalidFile::UriEmpty => place("uri: it must not be empty"),
        InvalidFile::UriTooLong { most } => {
            place(&format!("uri: it has {} bytes, but at most {most} are possible", uri.len()))
        }
        InvalidFile::InvalidKey => place("public_key: it is all zeros: make a key with age-keygen"),
    })?;
    let price = content.price.as_ref().map(|price| resolver.units.native.parse(&price.to_string())).transpose();
    let price = price.map_err(at(&place("price")))?;
    let release = content.release.as_ref().map(|time| parse_date(&time.to_string())).transpose();
    let release = release.map_err(at(&place("release")))?.unwrap_or(0);
    let audience = match (content.everyone, content.any_of.as_slice()) {
        (true, []) if price.is_none() => Audience::Everyone,
        (true, []) => {
            return Err(place(
                "set everyone = true or a price, not both: content that is open to everyone can't be sold",
            ))
        }
        (true, _) => return Err(place("set everyone = true or any_of rules, not both")),
        (false, []) if price.is_none() => {
            return Err(place("set who may open it: any_of rules, a price, or everyone = true"));
        }
        (false, []) => Audience::Nobody,
        (false, texts) => {
            let rules = (1_usize..).zip(texts).map(|(number, Rule::Text(text))| {
                rules::read(text, resolver).map_err(|error| place(&format!("any_of, rule {number}: {error}")))
            });
            Audience::AnyOf(rules.collect::<Result<_, _>>()?)
        }
    };
    let terms = content::Terms { audience, price, release, retired: false };
    terms.validate(&Limits { max_balance: resolver.units.native.max }).map_err(|error| match error {
        InvalidTerms::Audience(error) => place(&format!("any_of: {}", messages::audience(&error))),
        error => place(&format!("price: {}", messages::registry(&error.into(), &resolver.units.native))),
    })?;
    Ok(PlannedContent { title: content.title.clone(), file: registry::Content { uri, hash, public_key }, terms })
}

/// Resolves units, titles and times in the rules of a launch file.
struct LaunchFileResolver<'a> {
    chain: &'a mut dyn Chain,
    units: &'a Units,
    titles: &'a [String],
}

impl Resolver for LaunchFileResolver<'_> {
    fn units(&self) -> Units {
        self.units.clone()
    }

    fn unit_of(&mut self, token: AccountId) -> Result<Unit, Error> {
        other_token(&address(&token), self.chain).map(|(_, unit)| unit).map_err(Error::Request)
    }

    fn content(&mut self, text: &str) -> Result<ContentId, Error> {
        let count = u32::try_from(self.titles.len()).unwrap_or(u32::MAX);
        references::resolve(Kind::InFile, text, self.titles, count).map_err(Error::Request)
    }

    /// Accepts absolute times only. An interrupted launch must resume with the same terms.
    fn time(&mut self, text: &str) -> Result<u64, Error> {
        parse_date(text).map_err(Error::Request)
    }
}
