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
use crate::stage::{Record, Stage};

/// How long unstaked tokens wait, in ms.
const COOLDOWN: u64 = 3 * DAY;
/// The tier for [`PRICE`].
const LOW: TierId = 0;
/// The tier for twice that.
const HIGH: TierId = 1;
/// The tier that is paid in the creator token.
const IN_TOKENS: TierId = 2;

/// Measures the patronage vault.
pub fn measure(record: &mut Record) -> Result<()> {
    let mut stage = Stage::new(record);
    let token = stage.prepare("creator_token", &token_terms())?;
    let (ana, ben, cleo, creator) = (stage.world.ana, stage.world.ben, stage.world.cleo, stage.world.creator);
    let in_tokens = TierTerms { asset: Asset::Psp22(token), ..tier_terms(3 * TOKEN, 1) };
    let tiers = vec![tier_terms(PRICE, 1), tier_terms(2 * PRICE, 2), in_tokens];
    let terms =
        VaultTerms { token: Some(token), cooldown: COOLDOWN, ..vault_terms(tiers, &[(creator, 6_000), (ben, 4_000)]) };
    let vault = stage.deploy("patronage_vault", &terms)?;
    for fan in [ana, ben, cleo] {
        stage.run(fan, 100 * UNIT, sale(token).buy(fan, 0, None))?;
        stage.run(fan, 0, psp22(token).approve(vault, u128::MAX))?;
    }
    tips(&mut stage, vault, token)?;
    subscriptions(&mut stage, vault)?;
    seats(&mut stage, vault)?;
    stakes(&mut stage, vault)?;
    income(&mut stage, vault, token)?;
    stakers(&mut stage, vault)?;
    owner(&mut stage, vault)
}

fn tips(stage: &mut Stage<'_>, vault: AccountId, token: AccountId) -> Result<()> {
    let (ana, memo) = (stage.world.ana, b"thank you".to_vec());
    stage.measure("the first of all", ana, UNIT, to(vault).tip(memo.clone()))?;
    stage.measure("another", ana, UNIT, to(vault).tip(memo.clone()))?;
    stage.measure("the first of a fan", stage.world.ben, UNIT, to(vault).tip(memo.clone()))?;
    stage.measure("the first of all", ana, 0, to(vault).tip_token(token, TOKEN, memo.clone()))?;
    stage.measure("another", ana, 0, to(vault).tip_token(token, TOKEN, memo))?;
    stage.measure("native", ana, 0, to(vault).tipped_of(ana, Asset::Native))?;
    stage.measure("tokens", ana, 0, to(vault).tipped_of(ana, Asset::Psp22(token)))?;
    Ok(())
}

fn subscriptions(stage: &mut Stage<'_>, vault: AccountId) -> Result<()> {
    let (ana, ben, cleo, creator) = (stage.world.ana, stage.world.ben, stage.world.cleo, stage.world.creator);
    stage.measure("the first of its day", ana, PRICE, to(vault).subscribe(LOW, ana, 0, PRICE))?;
    stage.measure("another of its day", ben, PRICE, to(vault).subscribe(LOW, ben, 0, PRICE))?;
    let in_tokens = to(vault).subscribe(IN_TOKENS, cleo, 3 * TOKEN, 3 * TOKEN);
    stage.measure("tokens", cleo, 0, in_tokens)?;
    stage.measure("of a subscriber", ana, 0, patronage(vault).standing_of(ana))?;
    stage.measure("of a stranger", ana, 0, patronage(vault).standing_of(stranger(0)))?;
    stage.measure("of a subscriber", ana, 0, to(vault).fan(ana))?;
    stage.measure("", ana, 0, to(vault).refund_of(ana))?;
    stage.world.chain.advance(DAY);
    stage.measure("", ana, PRICE, to(vault).top_up(ana, LOW, 0, PRICE))?;
    stage.measure("tokens", cleo, 0, to(vault).top_up(cleo, IN_TOKENS, TOKEN, 3 * TOKEN))?;
    stage.measure("", ana, PRICE, to(vault).switch_tier(HIGH, 0, 2 * PRICE))?;
    stage.measure("a day", creator, 0, to(vault).collect(LOW, 10))?;
    stage.measure("a day, tokens", creator, 0, to(vault).collect(IN_TOKENS, 10))?;
    stage.measure("", ana, 0, to(vault).cancel())?;
    stage.measure("tokens", cleo, 0, to(vault).cancel())?;
    stage.measure("", creator, 0, to(vault).end_subscription(ben))?;
    stage.measure("", ben, 0, to(vault).credit_of(ben, Asset::Native))?;
    stage.measure("", ben, 0, to(vault).withdraw(Asset::Native))?;
    Ok(())
}

fn seats(stage: &mut Stage<'_>, vault: AccountId) -> Result<()> {
    let (ana, ben, creator) = (stage.world.ana, stage.world.ben, stage.world.creator);
    let until = stage.world.chain.now() + DAY;
    stage.measure("", creator, 0, to(vault).grant(ana, LOW, until))?;
    stage.measure("", creator, 0, to(vault).revoke_grant(ana))?;
    stage.run(creator, 0, to(vault).grant(ana, LOW, until))?;
    stage.run(ben, PRICE, to(vault).subscribe(LOW, ben, 0, PRICE))?;
    stage.world.chain.advance(30 * DAY + PRUNE_AFTER);
    stage.measure("a grant", stage.world.cleo, 0, to(vault).prune(ana))?;
    stage.measure("five weeks, a day with ends", creator, 0, to(vault).collect(LOW, 100))?;
    stage.measure("a subscription", stage.world.cleo, 0, to(vault).prune(ben))?;
    Ok(())
}

fn stakes(stage: &mut Stage<'_>, vault: AccountId) -> Result<()> {
    let ana = stage.world.ana;
    stage.measure("the first", ana, 0, to(vault).stake(TOKEN))?;
    stage.measure("another", ana, 0, to(vault).stake(TOKEN))?;
    stage.measure("of a staker", ana, 0, to(vault).fan(ana))?;
    stage.measure("", ana, 0, to(vault).unstake(TOKEN))?;
    stage.world.chain.advance(COOLDOWN);
    stage.measure("", ana, 0, to(vault).withdraw_stake())?;
    Ok(())
}

fn income(stage: &mut Stage<'_>, vault: AccountId, token: AccountId) -> Result<()> {
    let (ana, ben, creator) = (stage.world.ana, stage.world.ben, stage.world.creator);
    stage.run(creator, 0, sale(token).set_fee_recipient(vault))?;
    stage.run(ana, 10 * UNIT, sale(token).buy(ana, 0, None))?;
    stage.measure("", ana, 0, to(vault).collect_sale_fees())?;
    stage.measure("", ana, UNIT, patronage(vault).pay(7))?;
    stage.measure("", ben, 0, to(vault).claimable_of(ben, Asset::Native, 0))?;
    stage.measure("the first", ben, 0, to(vault).claim(Asset::Native, 0))?;
    stage.run(ana, UNIT, to(vault).tip(vec![]))?;
    stage.measure("another", ben, 0, to(vault).claim(Asset::Native, 0))?;
    stage.measure("tokens", ben, 0, to(vault).claim(Asset::Psp22(token), 0))?;
    stage.measure("native", ana, 0, to(vault).obligations(Asset::Native))?;
    stage.measure("tokens", ana, 0, to(vault).obligations(Asset::Psp22(token)))?;
    stage.measure("", ana, 0, to(vault).splits(0))?;
    for tier in [LOW, HIGH, IN_TOKENS] {
        stage.run(creator, 0, to(vault).collect(tier, 1_000))?;
    }
    let shares = [(creator, 5_000), (ben, 5_000)].map(|(recipient, bp)| Share { recipient, bp });
    stage.measure("three tiers", creator, 0, to(vault).set_splits(shares.to_vec(), 0))?;
    stage.measure("", ana, 0, to(vault).splits_version())?;
    let until = stage.world.chain.now() + DAY;
    stage.measure("", creator, 0, to(vault).lock_splits_until(until))?;
    Ok(())
}

/// Splits with a part for those who stake.
fn stakers(stage: &mut Stage<'_>, vault: AccountId) -> Result<()> {
    let (ana, ben, cleo, creator) = (stage.world.ana, stage.world.ben, stage.world.cleo, stage.world.creator);
    let (tip, claim) = (|| to(vault).tip(b"thank you".to_vec()), || to(vault).claim_stake_income(Asset::Native));
    // Until the lock ends.
    stage.world.chain.advance(DAY);
    let shares = [(creator, 5_700), (ben, 3_800)].map(|(recipient, bp)| Share { recipient, bp });
    stage.measure("a part for stakers", creator, 0, to(vault).set_splits(shares.to_vec(), 500))?;
    stage.run(cleo, 0, to(vault).stake(TOKEN))?;
    stage.world.chain.advance(DAY);
    stage.measure("a part for stakers, the first", ana, UNIT, tip())?;
    stage.measure("a part for stakers, of the same day", ana, UNIT, tip())?;
    stage.world.chain.advance(DAY);
    stage.measure("a part for stakers, of the next day", ana, UNIT, tip())?;
    stage.measure("on a later day", cleo, 0, to(vault).stake(TOKEN / 100))?;
    stage.world.chain.advance(DAY);
    stage.measure("", cleo, 0, to(vault).stake_income_of(cleo, Asset::Native))?;
    stage.measure("two days", cleo, 0, claim())?;
    for _ in 0..15 {
        stage.run(cleo, 0, to(vault).stake(TOKEN / 100))?;
        stage.run(ana, UNIT, tip())?;
        stage.world.chain.advance(DAY);
    }
    stage.measure("fifteen days with changes", cleo, 0, claim())?;
    Ok(())
}

fn owner(stage: &mut Stage<'_>, vault: AccountId) -> Result<()> {
    let (ana, creator) = (stage.world.ana, stage.world.creator);
    stage.measure("", creator, 0, to(vault).add_tier(tier_terms(3 * PRICE, 3)))?;
    let update = to(vault).update_tier(LOW, 2 * PRICE, Some(100), true, b"ipfs://tier".to_vec());
    stage.measure("", creator, 0, update)?;
    stage.measure("", ana, 0, to(vault).tier(LOW))?;
    stage.measure("", ana, 0, to(vault).tier_count())?;
    stage.measure("", ana, 0, to(vault).settings())?;
    stage.measure("", creator, 0, to(vault).set_paused(true))?;
    stage.measure("", creator, 0, ownable(vault).propose_owner(ana))?;
    stage.measure("", ana, 0, ownable(vault).pending_owner())?;
    stage.measure("", ana, 0, ownable(vault).accept_ownership())?;
    stage.measure("", ana, 0, ownable(vault).owner())?;
    Ok(())
}
