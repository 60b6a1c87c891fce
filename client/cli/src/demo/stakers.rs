//! A fan stakes, and earns a share of the income.

use patronage::{
    actions::{income, stakes},
    contracts,
    launch::Launch,
};
use patronage_chain::units::format_basis_points;
use patronage_core::{bp, streams::EPOCH};
use patronage_embedded::format_native;
use patronage_interfaces::vault::{Asset, PatronageVault, StakeChanged, StakeIncomeClaimed};

use super::{
    env::{error_text, expect, signed, DemoEnv, StepResult},
    story::StoryWriter,
};

/// The regular fan stakes half of the tokens, if stakers have a share. Returns the day of the stake.
pub fn a_fan_stakes(launch: &Launch, env: &mut DemoEnv, story: &mut StoryWriter) -> StepResult<Option<u64>> {
    let who = env.people.regular;
    let tokens = env.tokens(who)? / 2;
    if launch.vault.stakers == 0 || tokens == 0 {
        return Ok(None);
    }
    let name = env.people.name(&who).to_owned();
    story.chapter(&format!("{name} stakes"));
    let result = env.act(who, |client| stakes::stake(client, who, tokens)).map_err(error_text)?;
    expect("the staked amount", result.event::<StakeChanged>()?.staked, tokens)?;
    let text = format!(
        "{name} stakes {} in the vault: from midnight on, stakers share {} of the income",
        env.units.token.format(tokens),
        format_basis_points(launch.vault.stakers)
    );
    story.step(text, &[("tokens", tokens)]);
    Ok(Some(env.chain.now() / EPOCH))
}

/// Claims the stakers' share of today's `income`, after the end of the day. The stake is of an earlier `day`.
pub fn a_staker_earns(
    launch: &Launch,
    env: &mut DemoEnv,
    story: &mut StoryWriter,
    day: u64,
    income: &[u128],
) -> StepResult<()> {
    let who = env.people.regular;
    let name = env.people.name(&who).to_owned();
    story.chapter(&format!("{name} earns as a staker"));
    let counts = day < env.chain.now() / EPOCH;
    let part = |amount: &u128| if counts { bp::share_down(*amount, launch.vault.stakers) } else { 0 };
    let due = income.iter().map(part).fold(0, u128::saturating_add);
    env.chain.advance(EPOCH);
    let earned = env.query(contracts::vault(env.contracts().vault).stake_income_of(who, Asset::Native))?;
    expect("the only staker earns the whole stakers' share", earned, due)?;
    if earned == 0 {
        story.step(format!("there was no income on a day on which {name}'s stake counted"), &[]);
        return Ok(());
    }
    let result = env.act(who, |client| income::claim(client, who, &[])).map_err(error_text)?;
    let claimed: StakeIncomeClaimed = result.event()?;
    expect("the income of a stake is paid as quoted", (claimed.amount, result.moved), (earned, signed(earned)?))?;
    let text = format!("the day is over, and {name} claims {} for the stake", format_native(earned));
    story.step(text, &[("amount", earned)]);
    Ok(())
}

/// The regular fan unstakes, and withdraws the stake after the cooldown.
pub fn a_staker_leaves(launch: &Launch, env: &mut DemoEnv, story: &mut StoryWriter) -> StepResult<()> {
    let (who, vault) = (env.people.regular, env.contracts().vault);
    let stake = env.query(contracts::vault(vault).fan(who))?.stake.unwrap_or_default();
    if stake.staked == 0 {
        return Ok(());
    }
    let before = env.tokens(who)?;
    env.act(who, |client| stakes::unstake(client, stake.staked)).map_err(error_text)?;
    env.chain.advance(launch.vault.cooldown);
    env.act(who, |client| stakes::withdraw(client, who, &[])).map_err(error_text)?;
    expect("the whole stake is back", env.tokens(who)?, before.saturating_add(stake.staked))?;
    let text = format!("{} unstakes and withdraws {}", env.people.name(&who), env.units.token.format(stake.staked));
    story.step(text, &[("tokens", stake.staked)]);
    Ok(())
}
