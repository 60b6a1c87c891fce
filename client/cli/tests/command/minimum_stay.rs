//! The minimum stay: the quote before paying, and the refund.

use patronage::{
    actions::subscriptions::{self, Payment},
    client::Client,
    error::Error,
};
use patronage_chain::accounts::account;
use patronage_embedded::EmbeddedChain;
use serde_json::Value;
use test_kit::{
    command::{amount, launch_example, ChainFolder, Shell},
    UNIT,
};

/// 7 of 30 days at 5 units, rounded up.
const WEEK: u128 = (5 * UNIT * 7).div_ceil(30);
const DAY: u64 = 86_400_000;

#[test]
fn what_is_not_refundable_is_shown_before_and_kept_after() {
    let home = ChainFolder::launched();
    let quote = home.json_of(&["subscribe", "listener", "--as", "ben", "--dry-run"])["quote"].clone();
    assert_eq!(quote["minimum_stay"], Value::from(7 * DAY));
    assert_eq!(amount(&quote["not_refundable"]), WEEK);
    let shown = home.output_of(&["subscribe", "listener", "--as", "ben", "--dry-run"]);
    assert!(shown.contains("not refundable") && shown.contains("1.166666666667 UNIT"), "{shown}");
    let done = home.json_of(&["subscribe", "listener", "--as", "ben"]);
    assert_eq!(amount(&done["events"][0]["not_refundable"]), WEEK);
    let left = home.json_of(&["cancel", "--as", "ben"]);
    assert_eq!(amount(&left["events"][0]["refund"]), 5 * UNIT - WEEK);
    assert_eq!(left["events"][0]["refund"], left["quote"]["refund"]);
    let kept = amount(&left["quote"]["kept_for_the_minimum_stay"]);
    assert_eq!(amount(&left["quote"]["earned_until_now"]) + kept, WEEK);

    let gift = home.json_of(&["subscribe", "listener", "--for", "cleo", "--as", "ben"]);
    assert_eq!(amount(&gift["quote"]["not_refundable"]), WEEK);
}

#[test]
fn a_switch_says_what_stays_not_refundable_and_carries_everything_else() {
    let home = ChainFolder::launched();
    home.json_of(&["subscribe", "listener", "--last", "90d", "--as", "ben"]);
    home.output_of(&["chain", "time", "+1d"]);
    let up = home.json_of(&["switch", "Backstage", "--as", "ben"]);
    assert!(amount(&up["quote"]["carried_over"]) > 14 * UNIT);
    assert_eq!(up["quote"]["carried_over"], up["events"][0]["carried_over"]);
    assert_eq!(up["quote"]["not_refundable"], up["events"][0]["not_refundable"]);
    assert_eq!(amount(&up["quote"]["not_refundable"]), (25 * UNIT / 2 * 7).div_ceil(30));
    home.output_of(&["chain", "time", "+3d"]);
    let down = home.json_of(&["switch", "listener", "--as", "ben"]);
    assert_eq!(down["quote"]["not_refundable"], down["events"][0]["not_refundable"]);
    assert!(amount(&down["quote"]["not_refundable"]) > WEEK, "what is left of the higher one stays");
}

#[test]
fn the_owner_offers_a_minimum_stay_and_refunds_all_when_ending() {
    let home = ChainFolder::launched();
    let add = ["tiers", "add", "Guest", "--price", "9", "--period", "30d", "--level", "1"];
    let error = home.error_of(&[&add[..], &["--minimum-stay", "31d", "--as", "mira"]].concat());
    assert_eq!(error["name"], "MinimumStayTooLong");
    assert!(error["message"].as_str().expect("words").contains("one period, which is 30 d"), "{error}");
    let added = home.json_of(&[&add[..], &["--minimum-stay", "30d", "--as", "mira"]].concat());
    assert_eq!([&added["quote"]["minimum_stay"], &added["events"][0]["minimum_stay"]], [30 * DAY; 2]);
    let tiers = home.json_of(&["tiers"])["report"]["tiers"].clone();
    assert_eq!([&tiers[0]["minimum_stay"], &tiers[2]["minimum_stay"]], [7 * DAY, 30 * DAY]);
    home.json_of(&["subscribe", "guest", "--as", "ana"]);
    let status = home.json_of(&["status", "ana"])["report"].clone();
    assert_eq!(status["refund_if_cancelled_now"], Value::from("0"));
    assert_eq!(amount(&status["not_refundable"]), 9 * UNIT);
    let ended = home.json_of(&["members", "end", "ana", "--as", "mira"]);
    assert!(amount(&ended["quote"]["refund"]) > 8 * UNIT);
    assert_eq!(ended["quote"]["refund"], ended["events"][0]["refund"]);
}

#[test]
fn a_giver_who_was_quoted_one_tier_does_not_pay_for_another() {
    let who = |name: &str| account(name).expect("a name");
    let mut chain = EmbeddedChain::default();
    for name in ["mira", "ana", "ben"] {
        chain.fund(&who(name), 10_000 * UNIT).expect("a new chain");
    }
    let deployment = launch_example(&mut chain);
    let mut client = Client::new(&mut chain, deployment).expect("it is launched");
    let (ana, ben, period) = (who("ana"), who("ben"), Payment::Periods(1));
    let joining = subscriptions::subscribe(&mut client, ana, ana, 0, Payment::Periods(3), None).expect("a tier");
    joining.execute(&mut client, &ana.into()).expect("it is open");
    let gift = subscriptions::top_up(&mut client, ben, ana, period).expect("ana is subscribed");
    let moving = subscriptions::switch(&mut client, ana, 1, 0, None).expect("ana is subscribed");
    moving.execute(&mut client, &ana.into()).expect("enough is left");
    let refused = gift.execute(&mut client, &ben.into()).err();
    assert!(matches!(&refused, Some(Error::Refused { error, .. }) if error == "OtherTier"), "{refused:?}");
}
