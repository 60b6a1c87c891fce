//! Whose seat in a full tier can be pruned. The vault keeps no list of members, so this reads the chain's history.

use patronage_chain::units::format_time;
use patronage_interfaces::{
    vault::{PatronageVault, Subscribed, Subscription, Tier, TierId},
    AccountId,
};

use crate::{client::Client, contracts, error::Error, events::event_of};

/// An error message searches at most so many blocks for a member that can be pruned, as a node is queried for each block. Only an
/// explicit request for the list searches more.
const MAX_BLOCKS: u32 = 10_000;

/// If all seats of `tier` are taken, returns a message about which member can be pruned. Returns `None` if there is a seat for `fan`.
///
/// # Errors
///
/// If the vault returns no answer.
pub(super) fn full(
    client: &mut Client<'_>,
    fan: AccountId,
    tier: TierId,
    offer: &Tier,
) -> Result<Option<String>, Error> {
    let Some(seats) = offer.terms.seats.filter(|seats| offer.taken >= *seats) else { return Ok(None) };
    // The vault frees the fan's own seat first.
    let held = client.query(contracts::vault(client.contracts().vault).fan(fan))?.subscription;
    if held.is_some_and(|held| held.tier == tier) {
        return Ok(None);
    }
    let (name, typed) = (client.tier_name(tier), client.tier_argument(tier));
    let full = format!("all {seats} seats of tier {name} are taken");
    let blocks = client.chain.block()?.saturating_sub(client.deployment.block);
    let members = match blocks > MAX_BLOCKS {
        true => None,
        // If the history can't be read, the message says how to search it.
        false => members_of(client, tier).ok(),
    };
    let Some(members) = members else {
        return Ok(Some(format!(
            "{full}: `patronage members list --lapsed --tier {typed}` shows which members can be pruned, and `patronage members prune ACCOUNT` \
             prunes one; `patronage tiers` lists other tiers"
        )));
    };
    let now = client.chain.time()?;
    let others = "`patronage tiers` lists other tiers";
    Ok(Some(match members.first() {
        Some((fan, held)) if offer.prunable_from(held) <= now => {
            let who = client.account_argument(fan);
            let ended = format_time(held.stream.end);
            format!(
                "{full}, but the subscription of {who} ended on {ended}: run `patronage members prune {who}`, then subscribe again"
            )
        }
        Some((fan, held)) if held.stream.end <= now => {
            let who = client.account_argument(fan);
            let (ended, from) = (format_time(held.stream.end), format_time(offer.prunable_from(held)));
            format!(
                "{full}, but the subscription of {who} ended on {ended}: `patronage members prune {who}` is possible from {from} \
                 on; {others}"
            )
        }
        Some((_, held)) => {
            let (end, from) = (format_time(held.stream.end), format_time(offer.prunable_from(held)));
            format!(
                "{full}: the first subscription ends on {end} and can be pruned from {from} on, unless it is topped up; \
                 `patronage members list --tier {typed}` shows whose it is; {others}"
            )
        }
        None => format!("{full}: {others}"),
    }))
}

/// The members of `tier` with their subscriptions. The first to end comes first.
fn members_of(client: &mut Client<'_>, tier: TierId) -> Result<Vec<(AccountId, Subscription)>, Error> {
    let vault = client.contracts().vault;
    let mut fans = Vec::new();
    for past in client.chain.history(&[vault], client.deployment.block..=u32::MAX)? {
        let subscribed = event_of::<Subscribed>(&past.event, vault).filter(|event| event.tier == tier);
        fans.extend(subscribed.map(|event| event.fan).filter(|fan| !fans.contains(fan)));
    }
    let mut members = Vec::new();
    for fan in fans {
        let held = client.query(contracts::vault(vault).fan(fan))?.subscription;
        members.extend(held.filter(|held| held.tier == tier).map(|held| (fan, held)));
    }
    members.sort_by_key(|(_, held)| held.stream.end);
    Ok(members)
}
