use anyhow::Result;
use patronage::contracts::{ownable, patronage, psp22, sale, vault as to};
use patronage_interfaces::{
    ownable::Ownable as _,
    patronage::Patronage as _,
    token::CreatorToken as _,
    vault::{Asset, PatronageVault as _, Share, TierId, TierTerms, VaultTerms, PRUNE_AFTER},
    AccountId,
};
use psp22::PSP22 as _;
use test_kit::{stranger, tier_terms, vault_terms, DAY, TOKEN, UNIT};

use super::{token_terms, PRICE};
use crate::bench_env::{BenchEnv, Record};

/// Cooldown in ms.
const COOLDOWN: u64 = 3 * DAY;
/// The tier at [`PRICE`].
const LOW: TierId = 0;
/// The tier at twice that price.
const HIGH: TierId = 1;
/// The tier that is paid in the creator token.
const IN_TOKENS: TierId = 2;

/// Measures the patronage vault.
pub fn measure(record: &mut Record) -> Result<()> {
    let mut env = BenchEnv::new(record);
    let token = env.prepare("creator_token", &token_terms())?;
    let (ana, ben, cleo, creator) = (env.env.ana, env.env.ben, env.env.cleo, env.env.creator);
    let in_tokens = TierTerms { asset: Asset::Psp22(token), ..tier_terms(3 * TOKEN, 1) };
    let tiers = vec![tier_terms(PRICE, 1), tier_terms(2 * PRICE, 2), in_tokens];
    let terms =
        VaultTerms { token: Some(token), cooldown: COOLDOWN, ..vault_terms(tiers, &[(creator, 6_000), (ben, 4_000)]) };
    let vault = env.deploy("patronage_vault", &terms)?;
    for fan in [ana, ben, cleo] {
        env.run(fan, 100 * UNIT, sale(token).buy(fan, 0, None))?;
        env.run(fan, 0, psp22(token).approve(vault, u128::MAX))?;
    }
    tips(&mut env, vault, token)?;
    subscriptions(&mut env, vault)?;
    seats(&mut env, vault)?;
    stakes(&mut env, vault)?;
    income(&mut env, vault, token)?;
    stakers(&mut env, vault)?;
    owner(&mut env, vault)
}

fn tips(env: &mut BenchEnv<'_>, vault: AccountId, token: AccountId) -> Result<()> {
    let (ana, memo) = (env.env.ana, b"thank you".to_vec());
    env.measure("the first of all", ana, UNIT, to(vault).tip(memo.clone()))?;
    env.measure("another", ana, UNIT, to(vault).tip(memo.clone()))?;
    env.measure("the first of a fan", env.env.ben, UNIT, to(vault).tip(memo.clone()))?;
    env.measure("the first of all", ana, 0, to(vault).tip_token(token, TOKEN, memo.clone()))?;
    env.measure("another", ana, 0, to(vault).tip_token(token, TOKEN, memo))?;
    env.measure("native", ana, 0, to(vault).tipped_of(ana, Asset::Native))?;
    env.measure("tokens", ana, 0, to(vault).tipped_of(ana, Asset::Psp22(token)))?;
    Ok(())
}

fn subscriptions(env: &mut BenchEnv<'_>, vault: AccountId) -> Result<()> {
    let (ana, ben, cleo, creator) = (env.env.ana, env.env.ben, env.env.cleo, env.env.creator);
    env.measure("the first of its day", ana, PRICE, to(vault).subscribe(LOW, ana, 0, PRICE))?;
    env.measure("another of its day", ben, PRICE, to(vault).subscribe(LOW, ben, 0, PRICE))?;
    let in_tokens = to(vault).subscribe(IN_TOKENS, cleo, 3 * TOKEN, 3 * TOKEN);
    env.measure("tokens", cleo, 0, in_tokens)?;
    env.measure("of a subscriber", ana, 0, patronage(vault).standing_of(ana))?;
    env.measure("of a stranger", ana, 0, patronage(vault).standing_of(stranger(0)))?;
    env.measure("of a subscriber", ana, 0, to(vault).fan(ana))?;
    env.measure("", ana, 0, to(vault).refund_of(ana))?;
    env.env.chain.advance(DAY);
    env.measure("", ana, PRICE, to(vault).top_up(ana, LOW, 0, PRICE))?;
    env.measure("tokens", cleo, 0, to(vault).top_up(cleo, IN_TOKENS, TOKEN, 3 * TOKEN))?;
    env.measure("", ana, PRICE, to(vault).switch_tier(HIGH, 0, 2 * PRICE))?;
    env.measure("a day", creator, 0, to(vault).collect(LOW, 10))?;
    env.measure("a day, tokens", creator, 0, to(vault).collect(IN_TOKENS, 10))?;
    env.measure("", ana, 0, to(vault).cancel())?;
    env.measure("tokens", cleo, 0, to(vault).cancel())?;
    env.measure("", creator, 0, to(vault).end_subscription(ben))?;
    env.measure("", ben, 0, to(vault).credit_of(ben, Asset::Native))?;
    env.measure("", ben, 0, to(vault).withdraw(Asset::Native))?;
    Ok(())
}

fn seats(env: &mut BenchEnv<'_>, vault: AccountId) -> Result<()> {
    let (ana, ben, creator) = (env.env.ana, env.env.ben, env.env.creator);
    let until = env.env.chain.now() + DAY;
    env.measure("", creator, 0, to(vault).grant(ana, LOW, until))?;
    env.measure("", creator, 0, to(vault).revoke_grant(ana))?;
    env.run(creator, 0, to(vault).grant(ana, LOW, until))?;
    env.run(ben, PRICE, to(vault).subscribe(LOW, ben, 0, PRICE))?;
    env.env.chain.advance(30 * DAY + PRUNE_AFTER);
    env.measure("a grant", env.env.cleo, 0, to(vault).prune(ana))?;
    env.measure("five weeks, a day with ends", creator, 0, to(vault).collect(LOW, 100))?;
    env.measure("a subscription", env.env.cleo, 0, to(vault).prune(ben))?;
    Ok(())
}

fn stakes(env: &mut BenchEnv<'_>, vault: AccountId) -> Result<()> {
    let ana = env.env.ana;
    env.measure("the first", ana, 0, to(vault).stake(TOKEN))?;
    env.measure("another", ana, 0, to(vault).stake(TOKEN))?;
    env.measure("of a staker", ana, 0, to(vault).fan(ana))?;
    env.measure("", ana, 0, to(vault).unstake(TOKEN))?;
    env.env.chain.advance(COOLDOWN);
    env.measure("", ana, 0, to(vault).withdraw_stake())?;
    Ok(())
}

fn income(env: &mut BenchEnv<'_>, vault: AccountId, token: AccountId) -> Result<()> {
    let (ana, ben, creator) = (env.env.ana, env.env.ben, env.env.creator);
    env.run(creator, 0, sale(token).set_fee_recipient(vault))?;
    env.run(ana, 10 * UNIT, sale(token).buy(ana, 0, None))?;
    env.measure("", ana, 0, to(vault).collect_sale_fees())?;
    env.measure("", ana, UNIT, patronage(vault).pay(7))?;
    env.measure("", ben, 0, to(vault).claimable_of(ben, Asset::Native, 0))?;
    env.measure("the first", ben, 0, to(vault).claim(Asset::Native, 0))?;
    env.run(ana, UNIT, to(vault).tip(vec![]))?;
    env.measure("another", ben, 0, to(vault).claim(Asset::Native, 0))?;
    env.measure("tokens", ben, 0, to(vault).claim(Asset::Psp22(token), 0))?;
    env.measure("native", ana, 0, to(vault).obligations(Asset::Native))?;
    env.measure("tokens", ana, 0, to(vault).obligations(Asset::Psp22(token)))?;
    env.measure("", ana, 0, to(vault).splits(0))?;
    for tier in [LOW, HIGH, IN_TOKENS] {
        env.run(creator, 0, to(vault).collect(tier, 1_000))?;
    }
    let shares = [(creator, 5_000), (ben, 5_000)].map(|(recipient, bp)| Share { recipient, bp });
    env.measure("three tiers", creator, 0, to(vault).set_splits(shares.to_vec(), 0))?;
    env.measure("", ana, 0, to(vault).splits_version())?;
    let until = env.env.chain.now() + DAY;
    env.measure("", creator, 0, to(vault).lock_splits_until(until))?;
    Ok(())
}

/// Splits with a stakers' part.
fn stakers(env: &mut BenchEnv<'_>, vault: AccountId) -> Result<()> {
    let (ana, ben, cleo, creator) = (env.env.ana, env.env.ben, env.env.cleo, env.env.creator);
    let (tip, claim) = (|| to(vault).tip(b"thank you".to_vec()), || to(vault).claim_stake_income(Asset::Native));
    // After the end of the lock.
    env.env.chain.advance(DAY);
    let shares = [(creator, 5_700), (ben, 3_800)].map(|(recipient, bp)| Share { recipient, bp });
    env.measure("a part for stakers", creator, 0, to(vault).set_splits(shares.to_vec(), 500))?;
    env.run(cleo, 0, to(vault).stake(TOKEN))?;
    env.env.chain.advance(DAY);
    env.measure("a part for stakers, the first", ana, UNIT, tip())?;
    env.measure("a part for stakers, of the same day", ana, UNIT, tip())?;
    env.env.chain.advance(DAY);
    env.measure("a part for stakers, of the next day", ana, UNIT, tip())?;
    env.measure("on a later day", cleo, 0, to(vault).stake(TOKEN / 100))?;
    env.env.chain.advance(DAY);
    env.measure("", cleo, 0, to(vault).stake_income_of(cleo, Asset::Native))?;
    env.measure("two days", cleo, 0, claim())?;
    for _ in 0..15 {
        env.run(cleo, 0, to(vault).stake(TOKEN / 100))?;
        env.run(ana, UNIT, tip())?;
        env.env.chain.advance(DAY);
    }
    env.measure("fifteen days with changes", cleo, 0, claim())?;
    Ok(())
}

fn owner(env: &mut BenchEnv<'_>, vault: AccountId) -> Result<()> {
    let (ana, creator) = (env.env.ana, env.env.creator);
    env.measure("", creator, 0, to(vault).add_tier(tier_terms(3 * PRICE, 3)))?;
    let update = to(vault).update_tier(LOW, 2 * PRICE, Some(100), true, b"ipfs://tier".to_vec());
    env.measure("", creator, 0, update)?;
    env.measure("", ana, 0, to(vault).tier(LOW))?;
    env.measure("", ana, 0, to(vault).tier_count())?;
    env.measure("", ana, 0, to(vault).settings())?;
    env.measure("", creator, 0, to(vault).set_paused(true))?;
    env.measure("", creator, 0, ownable(vault).propose_owner(ana))?;
    env.measure("", ana, 0, ownable(vault).pending_owner())?;
    env.measure("", ana, 0, ownable(vault).accept_ownership())?;
    env.measure("", ana, 0, ownable(vault).owner())?;
    Ok(())
}
