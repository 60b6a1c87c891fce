//! A fan who stakes, and earns a part of the income.

use patronage::{
    actions::{income, stakes},
    launch::Launch,
    suite,
};
use patronage_chain::units::format_basis_points;
use patronage_core::{bp, streams::EPOCH};
use patronage_embedded::format_native;
use patronage_interfaces::vault::{Asset, PatronageVault, StakeChanged, StakeIncomeClaimed};

use super::{
    stage::{expect, signed, words, Stage, Told},
    story::Teller,
};

/// The regular stakes a half of the tokens, where stakers get a part. Returns the day of it, if it happens.
pub fn a_fan_stakes(launch: &Launch, stage: &mut Stage, teller: &mut Teller) -> Told<Option<u64>> {
    let who = stage.people.regular;
    let tokens = stage.tokens(who)? / 2;
    if launch.vault.stakers == 0 || tokens == 0 {
        return Ok(None);
    }
    let name = stage.people.name(&who).to_owned();
    teller.chapter(&format!("{name} stakes"));
    let acted = stage.act(who, |session| stakes::stake(session, who, tokens)).map_err(words)?;
    expect("what is staked is as told", acted.event::<StakeChanged>()?.staked, tokens)?;
    let text = format!(
        "{name} locks {} in the vault: from midnight on, {} of what comes in are for those who have staked",
        stage.units.token.format(tokens),
        format_basis_points(launch.vault.stakers)
    );
    teller.step(text, &[("tokens", tokens)]);
    Ok(Some(stage.chain.now() / EPOCH))
}

/// What came in today, `income`, earns for who has staked on an earlier `day`, once the day is over.
pub fn a_staker_earns(launch: &Launch, stage: &mut Stage, teller: &mut Teller, day: u64, income: &[u128]) -> Told<()> {
    let who = stage.people.regular;
    let name = stage.people.name(&who).to_owned();
    teller.chapter(&format!("{name} has a part in it"));
    let counts = day < stage.chain.now() / EPOCH;
    let part = |amount: &u128| if counts { bp::share_down(*amount, launch.vault.stakers) } else { 0 };
    let due = income.iter().map(part).fold(0, u128::saturating_add);
    stage.chain.advance(EPOCH);
    let earned = stage.ask(suite::vault(stage.suite().vault).stake_income_of(who, Asset::Native))?;
    expect("the only staker earns the stakers' part of all that came in", earned, due)?;
    if earned == 0 {
        teller.step(format!("nothing came in on a day on which {name}'s stake counted"), &[]);
        return Ok(());
    }
    let acted = stage.act(who, |session| income::claim(session, who, &[])).map_err(words)?;
    let claimed: StakeIncomeClaimed = acted.event()?;
    expect("a stake's income is paid as told", (claimed.amount, acted.moved), (earned, signed(earned)?))?;
    let text = format!("the day is over, and {name} claims {} for the stake", format_native(earned));
    teller.step(text, &[("amount", earned)]);
    Ok(())
}

/// The regular takes the stake out, which takes the cooldown.
pub fn a_staker_leaves(launch: &Launch, stage: &mut Stage, teller: &mut Teller) -> Told<()> {
    let (who, vault) = (stage.people.regular, stage.suite().vault);
    let stake = stage.ask(suite::vault(vault).fan(who))?.stake.unwrap_or_default();
    if stake.staked == 0 {
        return Ok(());
    }
    let before = stage.tokens(who)?;
    stage.act(who, |session| stakes::unstake(session, stake.staked)).map_err(words)?;
    stage.chain.advance(launch.vault.cooldown);
    stage.act(who, |session| stakes::withdraw(session, who, &[])).map_err(words)?;
    expect("the whole stake is back", stage.tokens(who)?, before.saturating_add(stake.staked))?;
    let text = format!("{} takes {} out of the stake", stage.people.name(&who), stage.units.token.format(stake.staked));
    teller.step(text, &[("tokens", stake.staked)]);
    Ok(())
}
