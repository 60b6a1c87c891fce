//! The launch file: TOML that becomes the terms of three contracts.

use arbitrary::{Arbitrary, Unstructured};
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

/// A launch file that is valid with these values, by fields in order. A line without a value is as it is.
const FIELDS: [(&str, &str); 44] = [
    ("[creator]", ""),
    ("account", "\"mira\""),
    ("[profile]", ""),
    ("name", "\"Mira\""),
    ("words", "\"\""),
    ("[vault]", ""),
    ("stake_cooldown", "\"7d\""),
    ("[stakers]", ""),
    ("share", "\"10%\""),
    ("[token]", ""),
    ("name", "\"Mira\""),
    ("symbol", "\"MIRA\""),
    ("decimals", "6"),
    ("base_price", "\"0.5\""),
    ("slope", "\"0.001\""),
    ("cap", "50_000"),
    ("buy_fee", "\"3%\""),
    ("sell_fee_bp", "300"),
    ("referral", "\"250bp\""),
    ("[token.launch_guard]", ""),
    ("until", "2026-12-24T18:00:00Z"),
    ("max_tokens", "5"),
    ("[[splits]]", ""),
    ("account", "\"mira\""),
    ("share", "\"50%\""),
    ("[[splits]]", ""),
    ("account", "\"juno\""),
    ("share_bp", "4000"),
    ("[[tiers]]", ""),
    ("name", "\"Listener\""),
    ("price", "\"1.5\""),
    ("in_tokens", "false"),
    ("period", "\"30d\""),
    ("level", "1"),
    ("seats", "5"),
    ("minimum_stay", "\"1 d 12 h\""),
    ("uri", "\"https://x\""),
    ("[[content]]", ""),
    ("title", "\"Album\""),
    ("uri", "\"album.age\""),
    ("hash", "\"dbb7af82a7b9da2f0537395469aca6fb8cac728dcb6b4932e98b630a31c6a212\""),
    ("public_key", "\"age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj\""),
    ("any_of", "[\"level 1, holds 5\", \"bought #0\"]"),
    ("price", "3"),
];

/// Values at and beyond limits, and of other types.
const VALUES: [&str; 40] = [
    "0",
    "1",
    "-1",
    "2",
    "24",
    "25",
    "255",
    "256",
    "1000",
    "1001",
    "10000",
    "10001",
    "4294967295",
    "4294967296",
    "9223372036854775807",
    "0.5",
    "true",
    "[]",
    "\"\"",
    "\"0\"",
    "\"0.5\"",
    "\"0.0000001\"",
    "\"1.500\"",
    "\"340282366920938463463374607431768211455\"",
    "\"0%\"",
    "\"10%\"",
    "\"10.01%\"",
    "\"100%\"",
    "\"10001bp\"",
    "\"59s\"",
    "\"1min\"",
    "\"90d\"",
    "\"91d\"",
    "\"36500d\"",
    "\"36501d\"",
    "2026-12-24",
    "1969-12-31",
    "\"2026-12-24T18:00:00.5Z\"",
    "[\"level 1\"]",
    "\"5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY\"",
];

/// A launch file with other values. A byte for each field chooses its own value (below 128), another one (below 224), or a text.
fn composed(input: &mut Unstructured<'_>) -> arbitrary::Result<String> {
    let mut text = String::new();
    for (name, value) in FIELDS {
        if value.is_empty() {
            text.push_str(name);
            text.push('\n');
            continue;
        }
        let choice = u8::arbitrary(input)?;
        let value = match choice {
            0..128 => value.to_owned(),
            128..224 => VALUES[usize::from(choice - 128) % VALUES.len()].to_owned(),
            _ => {
                let length = usize::from(choice - 224);
                let bytes = input.bytes(length.min(input.len()))?;
                toml::Value::String(String::from_utf8_lossy(bytes).into_owned()).to_string()
            }
        };
        text.push_str(&format!("{name} = {value}\n"));
    }
    Ok(text)
}

/// The input is the text of a launch file.
pub fn check(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        launched(text);
    }
}

/// The input chooses the values of a launch file.
pub fn check_values(data: &[u8]) {
    if let Ok(text) = composed(&mut Unstructured::new(data)) {
        launched(&text);
    }
}

/// Checks what is launched from `text`.
fn launched(text: &str) {
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
        file.fill(text.as_bytes());
        LaunchProfile::read(&file.path())
    });
    let profile = profile.expect("a launch file has a profile");
    assert!(launch.tiers.iter().all(|name| profile.tiers.contains_key(name)));
    assert!(titles.iter().all(|title| profile.content.contains_key(title)));
}
