//! The books: whatever anyone may still ask of the contracts, they can pay at once, to the unit.

use patronage::{explain, launch::Launch, suite};
use patronage_chain::Messages;
use patronage_embedded::format_native;
use patronage_interfaces::{
    token::CreatorToken,
    vault::{Asset, PatronageVault, VaultError},
};
use psp22::PSP22;

use super::{
    stage::{expect, Stage, Told},
    stakers,
    story::Teller,
};

/// Compares what the contracts hold with what they owe.
pub fn check(stage: &mut Stage, teller: &mut Teller) -> Told<()> {
    teller.chapter("The books");
    let (token, vault) = (stage.suite().token, stage.suite().vault);

    let supply = stage.ask(suite::psp22(token).total_supply())?;
    let mut held = 0_u128;
    for who in stage.people.everyone() {
        held = held.saturating_add(stage.tokens(who)?);
    }
    let staked = stage.tokens(vault)?;
    expect("everyone's tokens and the vault's add up to the supply", held.saturating_add(staked), supply)?;
    if staked > 0 {
        let owed = stage.ask(suite::vault(vault).obligations(Asset::Psp22(token)))?;
        let text = format!(
            "the vault holds {}, which covers {} of stakes",
            stage.units.token.format(staked),
            stage.units.token.format(owed.stakes)
        );
        teller.check(text, staked, owed.total());
    }

    let reserve = stage.ask(suite::sale(token).reserve())?;
    let buyback = match supply {
        0 => 0,
        _ => {
            let all = stage.ask(suite::sale(token).quote_sell(supply))?;
            let all = all.map_err(|error| explain::sale(&error, &stage.units))?;
            all.amount.saturating_add(all.fee)
        }
    };
    let text = format!(
        "the reserve, {}, covers buying back all {} for {}",
        format_native(reserve),
        stage.units.token.format(supply),
        format_native(buyback)
    );
    teller.check(text, reserve, buyback);

    let fees = stage.ask(suite::sale(token).claimable(vault))?;
    let owed = reserve.saturating_add(fees);
    let balance = stage.balance(token);
    let text = format!(
        "the token holds {}, which covers its reserve and {} of fees",
        format_native(balance),
        format_native(fees)
    );
    teller.check(text, balance, owed);

    let obligations = stage.ask(suite::vault(vault).obligations(Asset::Native))?;
    let balance = stage.balance(vault);
    let text = format!(
        "the vault holds {}, which covers {} of subscriptions and {} of unclaimed income",
        format_native(balance),
        format_native(obligations.streams),
        format_native(obligations.unclaimed)
    );
    teller.check(text, balance, obligations.total());
    Ok(())
}

/// Everyone takes what is theirs, and every call must go through.
pub fn everyone_leaves(launch: &Launch, stage: &mut Stage, teller: &mut Teller) -> Told<()> {
    teller.chapter("And if everyone left at once");
    stakers::a_staker_leaves(launch, stage, teller)?;
    for who in stage.people.fans() {
        let tokens = stage.tokens(who)?;
        if tokens > 0 {
            let sold = stage.sell(who, tokens)?;
            let text = format!("{} sells for {}", stage.people.name(&who), format_native(sold.payout));
            teller.step(text, &[("payout", sold.payout)]);
        }
        if stage.ask(suite::vault(stage.suite().vault).fan(who))?.subscription.is_some() {
            let kept = stage.kept(who)?;
            let refund = stage.cancel(who)?;
            let text = format!("{} cancels for {}", stage.people.name(&who), format_native(refund));
            let text =
                if kept > 0 { format!("{text}, and the minimum stay keeps {}", format_native(kept)) } else { text };
            teller.step(text, &[("refund", refund)]);
        }
    }
    expect("no tokens are left", stage.ask(suite::psp22(stage.suite().token).total_supply())?, 0)?;

    let creator = stage.people.creator;
    // A stream that ended today counts in full from tomorrow on.
    stage.chain.advance(patronage_core::streams::EPOCH);
    for tier in 0..u32::try_from(launch.tiers.len()).unwrap_or(u32::MAX) {
        stage.collect(creator, tier)?;
    }
    stage.collect_fees(creator)?;
    for recipient in stage.people.recipients.clone() {
        let amount = stage.claim(recipient)?;
        if amount == 0 {
            continue;
        }
        let text = format!("{} claims {}", stage.people.name(&recipient), format_native(amount));
        teller.step(text, &[("amount", amount)]);
    }

    let again = stage.chain.send(&creator.into(), 0, suite::vault(stage.suite().vault).claim(Asset::Native, 0));
    expect(
        "nothing is paid twice",
        again.map_err(|error| error.to_string())?.value,
        Err(VaultError::NothingToClaim.into()),
    )?;
    let left = stage.ask(suite::vault(stage.suite().vault).obligations(Asset::Native))?;
    // Each recipient's part is rounded down, and what is left of one planck is less than one.
    let dust = u128::try_from(stage.people.recipients.len().saturating_sub(1)).unwrap_or(u128::MAX);
    teller.check(format!("the vault owes {} planck of rounding, no more", left.total()), dust, left.total());
    Ok(())
}
