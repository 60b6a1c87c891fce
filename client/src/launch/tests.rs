use super::*;

fn parse(text: &str) -> Result<Launch, String> {
    Launch::parse(text, &EmbeddedChain::properties_with([0; 32]))
}

const EXAMPLE: &str = include_str!("../../../examples/creator.toml");

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
    assert_eq!(launch.vault.splits.iter().map(|share| share.bp).collect::<Vec<_>>(), [8_000, 2_000]);
    assert_eq!(launch.vault.tiers[1].price, 12_500_000_000_000);
    assert_eq!(launch.vault.tiers[1].period, 2_592_000_000);
    assert_eq!((launch.vault.cooldown, launch.vault.token), (1_209_600_000, None));
    let token = AccountId::from([7; 32]);
    assert_eq!(launch.vault_of(token), VaultTerms { token: Some(token), ..launch.vault.clone() });
    assert_eq!(
        launch.content.iter().map(PlannedContent::most_tokens).collect::<Vec<_>>(),
        [20_000_000_000_000, 50_000_000_000_000, 0]
    );
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
        (with("symbol =", "symbl ="), "line 11", "unknown field `symbl`"),
        (with("symbol = \"MIRA\"", ""), "line", "missing field `symbol`"),
        (with("\"0.50\"", "\"-0.50\""), "token.base_price", "it is negative"),
        (with("\"0.50\"", "0.50"), "line", "in quotes"),
        (with("\"0.50\"", "\"0.0000000000001\""), "token.base_price", "smallest unit"),
        (with("buy_fee_bp = 300", "buy_fee_bp = 1001"), "token", "at most 10 %"),
        (with("cap = 100_000", "cap = 0"), "token", "cap must be more than 0"),
        (with("decimals = 12", "decimals = 25"), "token", "at most 24"),
        (with("name = \"Mira's Circle\"", "name = \" \""), "token.name", "must not be empty"),
        (with("\"14d\"", "\"91d\""), "vault.stake_cooldown", "at most 90 d"),
        (with("\"14d\"", "14"), "line", "expected a string"),
        (with("\"14d\"", "\"0d\""), "vault.stake_cooldown", "longer than nothing"),
        (with("stake_cooldown", "cooldown"), "line", "unknown field `cooldown`"),
        (with("share_bp = 2_000", "share_bp = 1_999"), "splits", "add up to 9999"),
        (with("account = \"juno\"", "account = \"mira\""), "splits", "named twice"),
        (with("account = \"juno\"", "account = \"\""), "splits", "is no address"),
        (with("price = 5", "price = -5"), "tier \"Listener\": price", "it is negative"),
        (with("price = 5", "price = 0"), "tier \"Listener\"", "more than nothing"),
        (with("period = \"30d\"", "period = \"30\""), "tier \"Listener\": period", "not a duration"),
        (with("period = \"30d\"", "period = \"1s\""), "tier \"Listener\"", "from 1 m"),
        (with("level = 1", "level = 0"), "tier \"Listener\"", "at least 1"),
        (with("seats = 50", "seats = 0"), "tier \"Backstage\"", "at least one seat"),
        (with("hash = \"d0d3", "hash = \"d0d"), "content \"Studio diary\": hash", "64 hexadecimal digits"),
        (with("age1v3z5", "age1v3z6"), "content \"Studio diary\": public_key", "no key of age"),
        (with("everyone = true", ""), "content \"First single\"", "say who may open it"),
        (with("[{ level = 1 }]", "[]"), "content \"Studio diary\": any_of", "has no condition"),
        (with("{ holds = 20 }", "{ holds = 0 }"), "content \"Studio diary\": any_of", "amount of 0"),
        (with("{ level = 1 }", "{ owns = 1 }"), "line", "unknown variant `owns`"),
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
    let error = Launch::read(Path::new("/nonexistent")).unwrap_err().to_string();
    assert!(error.starts_with("/nonexistent: can't be read"), "{error}");
}
