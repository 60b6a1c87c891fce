use patronage_interfaces::{
    patronage::Standing,
    registry::{Audience, Condition},
};

use patronage_embedded::EmbeddedChain;

use super::*;

fn parse(text: &str) -> Result<Launch, String> {
    Launch::parse(text, &mut EmbeddedChain::default())
}

const EXAMPLE: &str = include_str!("../../../../examples/creator.toml");

/// An account without a contract.
const NO_TOKEN: &str = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";

/// The example with `from`, which must be in it, replaced by `to`.
fn with(from: &str, to: &str) -> String {
    assert!(EXAMPLE.contains(from), "the example has no {from}");
    EXAMPLE.replacen(from, to, 1)
}

#[test]
fn the_example_is_read_in_the_units_of_the_contracts() {
    let launch = parse(EXAMPLE).unwrap();
    assert_eq!(launch.creator, "mira");
    assert_eq!(launch.token.base_price, 500_000_000_000);
    assert_eq!(launch.token.slope, 2_000_000_000);
    assert_eq!(launch.token.cap, Some(100_000_000_000_000_000));
    assert_eq!(launch.recipients, ["mira", "juno"]);
    assert_eq!(launch.vault.splits.iter().map(|share| share.bp).collect::<Vec<_>>(), [7_500, 2_000]);
    assert_eq!(launch.vault.stakers, 500);
    assert_eq!(launch.vault.tiers[1].price, 12_500_000_000_000);
    assert_eq!(launch.vault.tiers[1].period, 2_592_000_000);
    assert_eq!(launch.vault.tiers[1].minimum_stay, 604_800_000);
    assert_eq!(launch.vault.cooldown, 1_209_600_000);
    assert_eq!(launch.vault.token, None);
    let token = AccountId::from([7; 32]);
    assert_eq!(launch.vault_of(token), VaultTerms { token: Some(token), ..launch.vault.clone() });
    assert_eq!(
        launch.content.iter().map(PlannedContent::most_tokens).collect::<Vec<_>>(),
        [20_000_000_000_000, 50_000_000_000_000, 0]
    );
}

#[test]
fn stakers_have_a_part_beside_the_recipients_or_none() {
    let bp = |text: &str| parse(text).map(|launch| (launch.vault.stakers, launch.vault.splits.len()));
    let share = |text: &str| with("share = \"5%\"", text);
    assert_eq!(bp(&share("share_bp = 500")), Ok((500, 2)));
    let both = bp(&share("share = \"5%\"\nshare_bp = 500")).unwrap_err();
    assert_eq!(both, "stakers: share: set share or share_bp, not both");
    assert!(bp(&share("share = 5")).unwrap_err().contains("a share is written in quotes"));
    assert!(bp(&share("share = \"6%\"")).unwrap_err().contains("splits: the shares add up to 101 %"));
    assert!(bp(&share("part = \"5%\"")).unwrap_err().contains("unknown field `part`"));
    let all = bp(&share("share = \"100%\"")).unwrap_err();
    assert!(all.starts_with("stakers: the stakers can't have all of it"), "{all}");
    // Without recipients the creator gets the rest.
    let bare = "[creator]\naccount = \"ana\"\n[token]\nname = \"N\"\nsymbol = \"S\"\nbase_price = 1\n";
    assert_eq!(bp(bare), Ok((0, 0)));
    assert_eq!(bp(&format!("{bare}[stakers]\nshare = \"30%\"")), Ok((3_000, 0)));
}

/// The example with everything in it that it only shows.
fn everything() -> String {
    EXAMPLE.replace("#: ", "")
}

#[test]
fn what_the_example_only_shows_is_possible_too() {
    let launch = parse(&everything()).unwrap();
    assert_eq!(launch.token.referral_bp, 1_000);
    let guard = LaunchGuard { until: 1_767_463_200_000, max_tokens: 500_000_000_000_000 };
    assert_eq!(launch.token.launch_guard, guard);

    let (token, vault) = (AccountId::from([7; 32]), AccountId::from([8; 32]));
    assert_eq!(launch.tiers[2], "Insider");
    assert_eq!(launch.vault_of(token).tiers[2].asset, Asset::Psp22(token));
    assert_eq!(launch.vault_of(token).tiers[2].price, 20_000_000_000_000);
    assert_eq!(launch.vault_of(token).tiers[1].asset, Asset::Native);

    let diary = launch.content[0].terms(token, vault);
    assert_eq!(diary.price, Some(3_000_000_000_000));
    assert_eq!(diary.release, 1_769_904_000_000);
    assert_eq!(
        diary.audience,
        Audience::AnyOf(vec![
            vec![Condition::Subscribed { vault, level: 1, grace: 0 }],
            vec![Condition::Holds { token, amount: 20_000_000_000_000 }],
        ])
    );
}

#[test]
fn every_condition_of_publish_is_one_here() {
    let other = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
    let elsewhere = parse_address(other).unwrap();
    let (token, vault) = (AccountId::from([7; 32]), AccountId::from([8; 32]));
    let unit = 1_000_000_000_000;
    for (text, condition) in [
        ("staked 2", Condition::Staked { vault, amount: 2 * unit }),
        ("holds-or-staked 2", Condition::HoldsOrStaked { token, vault, amount: 2 * unit }),
        ("level 2 grace 3d", Condition::Subscribed { vault, level: 2, grace: 259_200_000 }),
        ("loyal 1d", Condition::SubscribedFor { vault, level: 1, lasting: 86_400_000 }),
        ("level 2 loyal 1d", Condition::SubscribedFor { vault, level: 2, lasting: 86_400_000 }),
        ("tipped 5", Condition::Tipped { vault, amount: 5 * unit }),
        ("bought First Single", Condition::Bought { content: 2 }),
        ("bought 1", Condition::Bought { content: 1 }),
        ("bought #1", Condition::Bought { content: 1 }),
        ("bought \\\"Live session, multitrack\\\"", Condition::Bought { content: 1 }),
        ("level 2 grace 1 d 12 h", Condition::Subscribed { vault, level: 2, grace: 129_600_000 }),
        ("after 2026-02-01 00:00:00 UTC", Condition::NotBefore { time: 1_769_904_000_000 }),
        ("listed #3", Condition::Listed { list: 3 }),
        ("listed 3", Condition::Listed { list: 3 }),
        ("after 2026-02-01", Condition::NotBefore { time: 1_769_904_000_000 }),
        (&format!("level 1 at {other}"), Condition::Subscribed { vault: elsewhere, level: 1, grace: 0 }),
    ] {
        let launch = parse(&with("\"level 2, holds 5\"", &format!("\"{text}\""))).unwrap();
        let Audience::AnyOf(rules) = launch.content[1].terms(token, vault).audience else { panic!("{text}") };
        assert_eq!(rules[0], [condition], "{text}");
    }
}

#[test]
fn content_can_be_for_sale_only() {
    let launch = parse(&with("everyone = true", "price = \"0.5\"")).unwrap();
    let terms = launch.content[2].terms(AccountId::from([7; 32]), AccountId::from([8; 32]));
    assert_eq!(terms.audience, Audience::Nobody);
    assert_eq!(terms.price, Some(500_000_000_000));
}

#[test]
fn access_is_foreseen_from_what_is_known_of_someone() {
    let (day, now) = (86_400_000, 1_767_225_600_000);
    let standing =
        Standing { level: 2, since: now - 10 * day, until: now + day, tipped: 5, staked: 7, staked_since: 1 };
    let seen = AccessSnapshot { tokens: 3, standing, now };
    let other = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
    for (text, opens) in [
        ("holds 0.000000000003", true),
        ("holds 0.000000000004", false),
        ("staked 0.000000000007", true),
        ("staked 0.000000000008", false),
        ("holds-or-staked 0.00000000001", true),
        ("holds-or-staked 0.000000000011", false),
        ("level 2", true),
        ("level 3", false),
        ("level 2, loyal 10d", true),
        ("loyal 11d", false),
        ("tipped 0.000000000005", true),
        ("tipped 0.000000000006", false),
        ("after 2026-01-01", true),
        ("after 2026-01-02", false),
        ("bought 1", false),
        ("listed 1", false),
        (&format!("level 1 at {other}"), false),
    ] {
        let launch = parse(&with("\"level 1\"", &format!("\"{text}\""))).unwrap();
        assert_eq!(launch.content[0].opens_to(&seen), opens, "{text}");
    }
    let late = AccessSnapshot { now: now + 2 * day, ..seen };
    for (text, opens) in
        [("level 1", false), ("level 1 grace 1d", false), ("level 1 grace 2d", true), ("loyal 1d", false)]
    {
        let launch = parse(&with("\"level 1\"", &format!("\"{text}\""))).unwrap();
        assert_eq!(launch.content[0].opens_to(&late), opens, "{text}");
    }
    let launch = parse(&with("everyone = true", "everyone = true\nrelease = 2026-01-02")).unwrap();
    assert_eq!([seen, late].map(|seen| launch.content[2].opens_to(&seen)), [false, true]);
}

#[test]
fn a_launch_needs_neither_splits_nor_tiers_nor_content() {
    let launch =
        parse("[creator]\naccount = \"mira\"\n[token]\nname = \"Mira\"\nsymbol = \"M\"\nbase_price = 1\n").unwrap();
    assert_eq!(launch.recipients, ["mira"]);
    assert!(launch.vault.splits.is_empty() && launch.tiers.is_empty() && launch.content.is_empty());
    assert_eq!(launch.vault.cooldown, 604_800_000);
}

#[test]
fn every_mistake_gets_one_line_that_names_its_place() {
    for (text, place, reason) in [
        (with("symbol =", "symbl ="), "line 19", "unknown field `symbl`"),
        (with("symbol = \"MIRA\"", ""), "line", "missing field `symbol`"),
        (with("\"0.50\"", "\"-0.50\""), "token.base_price", "it is negative"),
        (with("\"0.50\"", "0.50"), "line", "in quotes"),
        (with("\"0.50\"", "\"0.0000000000001\""), "token.base_price", "too many decimals"),
        (with("buy_fee = \"3%\"", "buy_fee = \"10.01%\""), "token", "at most 10 %"),
        (with("buy_fee = \"3%\"", "buy_fee_bp = 1001"), "token", "at most 10 %"),
        (with("buy_fee = \"3%\"", "buy_fee = 3"), "line", "in quotes with its unit, such as \"3%\""),
        (with("buy_fee = \"3%\"", "buy_fee = \"3\""), "token.buy_fee", "write 3% (300bp), or 3bp (0.03 %)"),
        (with("sell_fee = \"1%\"", "sell_fee = \"1,5%\""), "token.sell_fee", "write 2.5%"),
        (with("buy_fee = \"3%\"", "buy_fee = \"3%\"\nbuy_fee_bp = 300"), "token.buy_fee", "not both"),
        (with("share = \"20%\"", "share = 20"), "line", "in quotes with its unit"),
        (with("share = \"20%\"", "share = \"20\""), "splits, account \"juno\": share", "it has no unit"),
        (with("share = \"20%\"", ""), "splits, account \"juno\"", "such as share = \"20%\""),
        (with("name = \"Backstage\"", "name = \"LISTENER\""), "tiers", "it is taken by tier #0 \"Listener\""),
        (with("name = \"Backstage\"", "name = \"#0\""), "tiers", "reads as the number 0"),
        (with("name = \"Backstage\"", "name = \"\""), "tiers", "must not be empty"),
        (with("\"First single\"", "\"Studio  Diary\""), "content", "it is taken by content #0 \"Studio diary\""),
        (with("cap = 100_000", "cap = 0"), "token", "cap must be more than 0"),
        (with("decimals = 12", "decimals = 25"), "token", "at most 24"),
        (with("name = \"Mira's Circle\"", "name = \" \""), "token.name", "must not be empty"),
        (with("\"14d\"", "\"91d\""), "vault.stake_cooldown", "at most 90 d"),
        (with("\"14d\"", "14"), "line", "expected a string"),
        (with("\"14d\"", "\"0d\""), "vault.stake_cooldown", "longer than 0"),
        (with("stake_cooldown", "cooldown"), "line", "unknown field `cooldown`"),
        (with("share = \"20%\"", "share = \"1999bp\""), "splits", "add up to 99.99 %"),
        (with("account = \"juno\"", "account = \"mira\""), "splits", "named twice"),
        (with("account = \"juno\"", "account = \"\""), "splits", "is not an address"),
        (with("price = 5", "price = -5"), "tier \"Listener\": price", "it is negative"),
        (with("price = 5", "price = 0"), "tier \"Listener\"", "more than 0"),
        (with("period = \"30d\"", "period = \"30\""), "tier \"Listener\": period", "not a duration"),
        (with("period = \"30d\"", "period = \"1m\""), "tier \"Listener\": period", "minutes or months"),
        (with("period = \"30d\"", "period = \"1mo\""), "tier \"Listener\": period", "months have no fixed length"),
        (with("\"14d\"", "\"1M\""), "vault.stake_cooldown", "minutes or months"),
        (with("\"holds 20\"", "\"loyal 1m\""), "any_of, rule 2", "minutes or months"),
        (with("period = \"30d\"", "period = \"1s\""), "tier \"Listener\"", "from 1 min"),
        (with("level = 1", "level = 0"), "tier \"Listener\"", "at least 1"),
        (
            with("minimum_stay = \"7d\"", "minimum_stay = \"31d\""),
            "tier \"Listener\"",
            "at most one period, which is 30 d",
        ),
        (with("minimum_stay = \"7d\"", "minimum_stay = \"7\""), "tier \"Listener\": minimum_stay", "not a duration"),
        (with("seats = 50", "seats = 0"), "tier \"Backstage\"", "at least one seat"),
        (with("hash = \"d0d3", "hash = \"d0d"), "content \"Studio diary\": hash", "64 hexadecimal digits"),
        (with("age1v3z5", "age1v3z6"), "content \"Studio diary\": public_key", "not an age public key"),
        (
            with(
                "age1v3z5qlwuel0yfrps03enxzundx5e9n5hg3zqz3wzua5jl4vjfeksmue6j9",
                "age1qyqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqj7vrya",
            ),
            "content \"Studio diary\": public_key",
            "weak",
        ),
        (with("account = \"juno\"", "account = \"a\\nb\\u001b[2J\""), "splits", "a\\nb\\u{1b}[2J"),
        (with("everyone = true", ""), "content \"First single\"", "set who may open it"),
        (with("\"level 1\"", "\"\""), "content \"Studio diary\": any_of, rule 1", "not a condition"),
        (with("\"holds 20\"", "\"holds 0\""), "content \"Studio diary\": any_of", "amount of 0"),
        (with("\"holds 20\"", "\"owns 20\""), "content \"Studio diary\": any_of, rule 2", "not a condition"),
        (with("\"holds 20\"", "\"level 0\""), "content \"Studio diary\": any_of", "levels begin at 1"),
        (with("\"holds 20\"", "\"bought Nothing\""), "any_of, rule 2", "there is no content \"Nothing\""),
        (with("\"holds 20\"", "\"bought 3\""), "any_of, rule 2", "there is no content #3"),
        (with("\"holds 20\"", "\"after 7d\""), "any_of, rule 2", "\"7d\" is not a time"),
        (with("\"holds 20\"", "\"level 1 at mira\""), "any_of, rule 2", "is not an address"),
        (with("\"holds 20\"", &format!("\"holds 2 of {NO_TOKEN}\"")), "any_of, rule 2", "there is no PSP22 token"),
        (with("\"level 1\"", "[{ level = 1 }]"), "line", "a rule is written in quotes"),
        (with("everyone = true", "everyone = true\nprice = 1"), "content \"First single\"", "not both"),
        (with("everyone = true", "price = 0"), "content \"First single\": price", "more than 0"),
        (with("everyone = true", "price = -1"), "content \"First single\": price", "it is negative"),
        (with("everyone = true", "price = 1\nrelease = \"7d\""), "content \"First single\": release", "is not a time"),
        (with("everyone = true", "price = 1\nrelease = 7"), "line", "a time is a day"),
        (
            with("everyone = true", "price = 1\nrelease = 1969-01-01"),
            "content \"First single\": release",
            "before 1970",
        ),
        (
            with("period = \"30d\"", "period = \"30d\"\ntoken = \"mira\""),
            "tier \"Listener\": token",
            "is not an address",
        ),
        (
            with("period = \"30d\"", &format!("period = \"30d\"\ntoken = \"{NO_TOKEN}\"")),
            "tier \"Listener\": token",
            "there is no PSP22 token",
        ),
        (
            with("period = \"30d\"", &format!("period = \"30d\"\nin_tokens = true\ntoken = \"{NO_TOKEN}\"")),
            "tier \"Listener\"",
            "not both",
        ),
        (with("sell_fee = \"1%\" ", "sell_fee = \"1%\"\nreferral_bp = 10_001 "), "token.referral_bp", "at most 10000"),
        (with("[vault]", "launch_guard = { until = 2026-01-02 }\n[vault]"), "line", "missing field `max_tokens`"),
        (
            with("[vault]", "launch_guard = { until = 2026-01-02, max_tokens = 0 }\n[vault]"),
            "token.launch_guard.max_tokens",
            "nobody can buy",
        ),
        (
            with("[vault]", "launch_guard = { until = \"1d\", max_tokens = 1 }\n[vault]"),
            "token.launch_guard.until",
            "is not a time",
        ),
        ("[creator".to_owned(), "line 1", ""),
        (String::new(), "", "missing field `creator`"),
    ] {
        let error = parse(&text).expect_err(reason);
        assert!(error.contains(place) && error.contains(reason), "{place}, {reason}: {error}");
        assert_eq!(error.lines().count(), 1, "{error}");
    }
}

#[test]
fn a_file_that_is_not_there_is_an_error_with_its_path() {
    let error = Launch::read(Path::new("/nonexistent"), &mut EmbeddedChain::default()).unwrap_err().to_string();
    assert!(error.starts_with("/nonexistent: can't be read"), "{error}");
}
