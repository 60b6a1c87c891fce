//! Checks that the contracts can pay all their obligations at once.

use patronage::{contracts, launch::Launch, messages};
use patronage_chain::Messages;
use patronage_embedded::format_native;
use patronage_interfaces::{
    token::CreatorToken,
    vault::{Asset, PatronageVault, VaultError},
};
use psp22::PSP22;

use super::{
    env::{expect, DemoEnv, StepResult},
    stakers,
    story::StoryWriter,
};

/// Compares the contracts' holdings with their obligations.
pub fn check(env: &mut DemoEnv, story: &mut StoryWriter) -> StepResult<()> {
    story.chapter("Holdings and obligations");
    let (token, vault) = (env.contracts().token, env.contracts().vault);

    let supply = env.query(contracts::psp22(token).total_supply())?;
    let mut held = 0_u128;
    for who in env.people.everyone() {
        held = held.saturating_add(env.tokens(who)?);
    }
    let staked = env.tokens(vault)?;
    expect("everyone's tokens and the vault's add up to the supply", held.saturating_add(staked), supply)?;
    if staked > 0 {
        let owed = env.query(contracts::vault(vault).obligations(Asset::Psp22(token)))?;
        let text = format!(
            "the vault holds {}, which covers {} of stakes",
            env.units.token.format(staked),
            env.units.token.format(owed.stakes)
        );
        story.check(text, staked, owed.total());
    }

    let reserve = env.query(contracts::sale(token).reserve())?;
    let buyback = match supply {
        0 => 0,
        _ => {
            let all = env.query(contracts::sale(token).quote_sell(supply))?;
            let all = all.map_err(|error| messages::sale(&error, &env.units))?;
            all.amount.saturating_add(all.fee)
        }
    };
    let text = format!(
        "the reserve, {}, covers buying back all {} for {}",
        format_native(reserve),
        env.units.token.format(supply),
        format_native(buyback)
    );
    story.check(text, reserve, buyback);

    let fees = env.query(contracts::sale(token).claimable(vault))?;
    let owed = reserve.saturating_add(fees);
    let balance = env.balance(token);
    let text = format!(
        "the token holds {}, which covers its reserve and {} of fees",
        format_native(balance),
        format_native(fees)
    );
    story.check(text, balance, owed);

    let obligations = env.query(contracts::vault(vault).obligations(Asset::Native))?;
    let balance = env.balance(vault);
    let text = format!(
        "the vault holds {}, which covers {} of subscriptions and {} of unclaimed income",
        format_native(balance),
        format_native(obligations.streams),
        format_native(obligations.unclaimed)
    );
    story.check(text, balance, obligations.total());
    Ok(())
}

/// All fans sell and cancel, and all recipients claim. Every call must succeed.
pub fn everyone_leaves(launch: &Launch, env: &mut DemoEnv, story: &mut StoryWriter) -> StepResult<()> {
    story.chapter("Everyone leaves");
    stakers::a_staker_leaves(launch, env, story)?;
    for who in env.people.fans() {
        let tokens = env.tokens(who)?;
        if tokens > 0 {
            let sold = env.sell(who, tokens)?;
            let text = format!("{} sells for {}", env.people.name(&who), format_native(sold.payout));
            story.step(text, &[("payout", sold.payout)]);
        }
        if env.query(contracts::vault(env.contracts().vault).fan(who))?.subscription.is_some() {
            let kept = env.kept(who)?;
            let refund = env.cancel(who)?;
            let text = format!("{} cancels for {}", env.people.name(&who), format_native(refund));
            let text =
                if kept > 0 { format!("{text}, and the minimum stay keeps {}", format_native(kept)) } else { text };
            story.step(text, &[("refund", refund)]);
        }
    }
    expect("no tokens are left", env.query(contracts::psp22(env.contracts().token).total_supply())?, 0)?;

    let creator = env.people.creator;
    // A stream that ended today is fully collectable from tomorrow on.
    env.chain.advance(patronage_core::streams::EPOCH);
    for tier in 0..u32::try_from(launch.tiers.len()).unwrap_or(u32::MAX) {
        env.collect(creator, tier)?;
    }
    env.collect_fees(creator)?;
    for recipient in env.people.recipients.clone() {
        let amount = env.claim(recipient)?;
        if amount == 0 {
            continue;
        }
        let text = format!("{} claims {}", env.people.name(&recipient), format_native(amount));
        story.step(text, &[("amount", amount)]);
    }

    let again = env.chain.send(&creator.into(), 0, contracts::vault(env.contracts().vault).claim(Asset::Native, 0));
    expect(
        "nothing is paid twice",
        again.map_err(|error| error.to_string())?.value,
        Err(VaultError::NothingToClaim.into()),
    )?;
    let left = env.query(contracts::vault(env.contracts().vault).obligations(Asset::Native))?;
    // Each recipient's share is rounded down by less than one planck.
    let dust = u128::try_from(env.people.recipients.len().saturating_sub(1)).unwrap_or(u128::MAX);
    story.check(format!("the vault owes {} planck from rounding, and nothing else", left.total()), dust, left.total());
    Ok(())
}
