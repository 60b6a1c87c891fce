//! The launch file: TOML that becomes the terms of three contracts.

use parity_scale_codec::Encode;
use patronage::launch::{Launch, LaunchProfile};
use patronage_chain::Chain;
use patronage_core::{content::validate_file, limits::Limits, sale::TokenTerms, splits, vault_terms::VaultTerms};
use patronage_interfaces::{
    registry::{Content, Terms},
    vault::{MAX_COOLDOWN, MAX_INITIAL_TIERS},
    AccountId,
};

use crate::{
    decoding::agree,
    world::{contracts, with_scratch, Answers},
};

/// The answers of a PSP22 token: balance, decimals, symbol, each as `Result<_, LangError>`.
fn token_answers() -> impl Iterator<Item = Vec<u8>> {
    let answers = [(0_u8, 7_u128).encode(), (0_u8, 6_u8).encode(), (0_u8, Some("USD")).encode()];
    answers.into_iter().cycle().take(3 * 64)
}

/// The input is the text of a launch file.
pub fn check(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut chain = Answers::new(token_answers());
    let limits = Limits { max_balance: chain.properties().width.max() };
    let launch = match Launch::parse(text, &mut chain) {
        Ok(launch) => launch,
        Err(error) => {
            assert!(!error.is_empty());
            return;
        }
    };

    // The contracts accept all of it.
    assert_eq!(launch.token.validate(&limits), Ok(()));
    let own = contracts();
    let vault = launch.vault_of(own.token);
    assert!(vault.splits.is_empty() || splits::check(&vault.splits, vault.stakers).is_ok());
    assert!(vault.cooldown <= MAX_COOLDOWN);
    assert!(vault.tiers.len() <= MAX_INITIAL_TIERS as usize);
    for tier in &vault.tiers {
        assert_eq!(tier.validate(), Ok(()));
    }
    assert_eq!(agree::<TokenTerms, TokenTerms>(&launch.token.encode()).as_ref(), Some(&launch.token));
    let read = agree::<VaultTerms<AccountId>, VaultTerms<AccountId>>(&vault.encode());
    assert_eq!(read.as_ref(), Some(&vault));
    for content in &launch.content {
        assert_eq!(validate_file(&content.file.uri, &content.file.public_key), Ok(()));
        let terms = content.terms(own.token, own.vault);
        assert_eq!(terms.validate(&limits), Ok(()));
        assert_eq!(agree::<Terms, Terms>(&terms.encode()), Some(terms));
        assert_eq!(agree::<Content, Content>(&content.file.encode()).as_ref(), Some(&content.file));
    }

    // A second reader of TOML finds as many of everything, with these names.
    let table: toml::Table = text.parse().expect("TOML");
    let names = |list: &str, field: &str| -> Vec<String> {
        let items = table.get(list).and_then(toml::Value::as_array).cloned().unwrap_or_default();
        items.iter().filter_map(|item| Some(item.get(field)?.as_str()?.to_owned())).collect()
    };
    assert_eq!(names("tiers", "name"), launch.tiers);
    assert_eq!(vault.tiers.len(), launch.tiers.len());
    let titles: Vec<String> = launch.content.iter().map(|content| content.title.clone()).collect();
    assert_eq!(names("content", "title"), titles);
    let accounts = names("splits", "account");
    assert_eq!(vault.splits.len(), accounts.len());
    let alone = vec![launch.creator.clone()];
    assert_eq!(launch.recipients, if accounts.is_empty() { alone } else { accounts });
    let token = table.get("token").expect("a token");
    assert_eq!(token.get("name").and_then(toml::Value::as_str).map(str::as_bytes), Some(&launch.token.name.0[..]));

    // The reader of the profile reads the same file.
    let profile = with_scratch(|file| {
        file.fill(data);
        LaunchProfile::read(&file.path())
    });
    let profile = profile.expect("a launch file has a profile");
    assert!(launch.tiers.iter().all(|name| profile.tiers.contains_key(name)));
    assert!(titles.iter().all(|title| profile.content.contains_key(title)));
}
