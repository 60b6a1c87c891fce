//! Zora: bots bought most of a new coin in the first blocks.

use patronage::contracts;
use patronage_interfaces::token::{CreatorToken, LaunchGuard, TokenError, TokenTerms};
use psp22::PSP22;
use test_kit::{token_fixture::TokenFixture, token_terms, DAY, TOKEN, UNIT};

/// A launch guard limits what an account buys and what is bought for it, whatever it has passed on. Accounts can be made for
/// nothing, so it slows a bot and does not stop one: the curve makes each further token dearer.
#[test]
fn a_sniper_gets_no_more_than_the_guard_permits_an_account() {
    let guard = LaunchGuard { until: patronage_embedded::GENESIS_TIME + DAY, max_tokens: 5 * TOKEN };
    let mut sale = TokenFixture::new(&TokenTerms { launch_guard: guard, ..token_terms() });
    let (ana, ben, cleo, token) = (sale.env.ana, sale.env.ben, sale.env.cleo, sale.token);
    let buy = |sale: &mut TokenFixture, who, whom, tokens| {
        sale.env.call(who, 100 * UNIT, contracts::sale(token).buy_exact(whom, tokens, None)).value
    };
    let none = Err(TokenError::LaunchLimit { room: 0 }.into());
    buy(&mut sale, ana, ana, 5 * TOKEN).unwrap();
    assert_eq!(buy(&mut sale, ana, ana, 1), none);
    // Neither through another recipient, nor through another buyer, nor after passing the tokens on.
    assert_eq!(buy(&mut sale, ana, ben, 1), none);
    assert_eq!(buy(&mut sale, ben, ana, 1), none);
    sale.env.call(ana, 0, contracts::psp22(token).transfer(cleo, 5 * TOKEN, vec![])).value.unwrap();
    assert_eq!(buy(&mut sale, ana, ana, 1), none);
    // Nor by deleting the count, nor by selling back.
    let prune = contracts::sale(token).prune_bought(ana);
    assert_eq!(sale.env.call(ana, 0, prune).value, Err(TokenError::GuardActive.into()));
    sale.sell(cleo, 5 * TOKEN, 0).value.unwrap();
    assert_eq!(buy(&mut sale, ana, ana, 1), none);
    sale.env.chain.advance(DAY);
    buy(&mut sale, ana, ana, 6 * TOKEN).unwrap();
}
