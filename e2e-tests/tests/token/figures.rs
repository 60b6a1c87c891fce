//! The weight of the token, compared with the best other PSP22 token and with recorded weights. Weights are equal on
//! every machine. `cargo test --test token figures -- --nocapture` prints them.

use ::psp22::PSP22 as _;
use patronage::{
    bundle,
    contracts::{psp22, sale},
};
use patronage_chain::Receipt;
use patronage_interfaces::token::{CreatorToken as _, TokenTerms};
use test_kit::{token_fixture::TokenFixture, token_terms, UNIT};

/// Cardinal's psp22 2.0.0 without a sale, built by the official tool with Rust 1.85 and measured in drink: ref_time in
/// ps.
mod cardinal {
    pub const BALANCE_OF: u64 = 579_062_670;
    pub const TRANSFER: u64 = 1_444_138_141;
    pub const APPROVE: u64 = 1_243_929_841;
    pub const TRANSFER_FROM: u64 = 2_040_605_571;
}

/// `ours` in percent of `theirs`, rounded up. Printed with the name.
fn percent(name: &str, ours: u64, theirs: u64) -> u64 {
    println!("{name:<34} {ours:>13}  {:.3}", ours as f64 / theirs as f64);
    (ours * 100).div_ceil(theirs)
}

#[test]
fn a_call_stays_within_its_weight() {
    let code = bundle::code("creator_token").expect("the bundle is built").len();
    println!("code: {code} bytes");
    assert!(code <= 10_200, "{code} bytes");

    let terms = TokenTerms { buy_fee_bp: 250, sell_fee_bp: 100, referral_bp: 2_000, ..token_terms() };
    let mut fixture = TokenFixture::new(&terms);
    let (token, ana, ben, cleo) = (fixture.token, fixture.env.ana, fixture.env.ben, fixture.env.cleo);
    fixture.buy(ana, 100 * UNIT);
    fixture.buy(ben, 100 * UNIT);
    fn weight<R>(receipt: Receipt<R>) -> u64 {
        receipt.weight.ref_time()
    }

    let transfer = weight(fixture.env.call(ana, 0, psp22(token).transfer(ben, 1_000, vec![])));
    let approve = weight(fixture.env.call(ana, 0, psp22(token).approve(cleo, 1_000)));
    let transfer_from = weight(fixture.env.call(cleo, 0, psp22(token).transfer_from(ana, ben, 100, vec![])));
    let balance_of = weight(fixture.env.call(ana, 0, psp22(token).balance_of(ana)));
    let buy = weight(fixture.try_buy(ana, 100 * UNIT, ana, 0, None));
    let sell = weight(fixture.env.call(ana, 0, sale(token).sell(1_000, 0)));

    assert!(percent("transfer, of Cardinal's", transfer, cardinal::TRANSFER) <= 75);
    assert!(percent("approve, of Cardinal's", approve, cardinal::APPROVE) <= 71);
    assert!(percent("transfer_from, of Cardinal's", transfer_from, cardinal::TRANSFER_FROM) <= 80);
    assert!(percent("balance_of, of Cardinal's", balance_of, cardinal::BALANCE_OF) <= 66);
    assert!(percent("buy, of our transfer", buy, transfer) <= 147);
    assert!(percent("sell, of our transfer", sell, transfer) <= 140);
}
