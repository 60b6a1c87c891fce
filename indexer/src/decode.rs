//! What an event of a creator's contracts says, as an [`Entry`].

use patronage::{
    contracts::Contracts,
    events::{event_of, text_of},
};
use patronage_chain::ContractEvent;
use patronage_interfaces::{
    registry, token,
    vault::{self, Asset},
    AccountId,
};

use crate::model::{Entry, Kind, Place};

/// An entry with nothing but its place, kind and account.
fn entry(place: Place, time: u64, kind: Kind, account: AccountId) -> Entry {
    Entry {
        place,
        time,
        kind,
        account,
        other: None,
        asset: None,
        amount: None,
        fee: None,
        tokens: None,
        tier: None,
        content: None,
        note: None,
        until: None,
    }
}

/// The entry of `event`. `siblings` are the other events of the creator in the same block, in order. `None` if it has no place in the history
/// of people and money.
pub fn decode(
    event: &ContractEvent,
    siblings: &[&ContractEvent],
    contracts: &Contracts,
    place: Place,
    time: u64,
) -> Option<Entry> {
    let new = |kind, account| entry(place, time, kind, account);
    of_token(event, siblings, contracts, &new)
        .or_else(|| of_vault(event, contracts, &new))
        .or_else(|| of_registry(event, siblings, contracts, &new))
}

/// Makes an entry of this kind and account.
type New<'a> = &'a dyn Fn(Kind, AccountId) -> Entry;

fn of_token(event: &ContractEvent, siblings: &[&ContractEvent], contracts: &Contracts, new: New<'_>) -> Option<Entry> {
    let contract = contracts.token;
    let native = Some(Asset::Native);
    if let Some(bought) = event_of::<token::Bought>(event, contract) {
        let other = (bought.recipient != bought.buyer).then_some(bought.recipient);
        let base = new(Kind::Bought, bought.buyer);
        return Some(Entry {
            other,
            asset: native,
            amount: Some(bought.paid),
            fee: Some(bought.fee),
            tokens: Some(bought.tokens),
            ..base
        });
    }
    if let Some(sold) = event_of::<token::Sold>(event, contract) {
        let base = new(Kind::Sold, sold.seller);
        return Some(Entry {
            asset: native,
            amount: Some(sold.payout),
            fee: Some(sold.fee),
            tokens: Some(sold.tokens),
            ..base
        });
    }
    if let Some(claimed) = event_of::<token::Claimed>(event, contract) {
        // The vault emits an event of its own for fees that it collects from the token.
        let wanted = claimed.account != contracts.vault;
        return wanted.then(|| Entry {
            asset: native,
            amount: Some(claimed.amount),
            ..new(Kind::TokenClaimed, claimed.account)
        });
    }
    let moved = event_of::<psp22::Transfer>(event, contract)?;
    let internal = |who: &AccountId| *who == contract || *who == contracts.vault;
    let from = moved.from?;
    match moved.to {
        Some(to) if !internal(&from) && !internal(&to) => {
            Some(Entry { other: Some(to), tokens: Some(moved.value), ..new(Kind::Transferred, from) })
        }
        Some(_) => None,
        None => {
            // A sale burns the sold tokens.
            let of_sale = |sibling: &&ContractEvent| {
                event_of::<token::Sold>(sibling, contract)
                    .is_some_and(|sold| sold.seller == from && sold.tokens == moved.value)
            };
            let burned = !siblings.iter().any(of_sale);
            burned.then(|| Entry { tokens: Some(moved.value), ..new(Kind::Burned, from) })
        }
    }
}

fn of_vault(event: &ContractEvent, contracts: &Contracts, new: New<'_>) -> Option<Entry> {
    let contract = contracts.vault;
    if let Some(tip) = event_of::<vault::Tipped>(event, contract) {
        let note = (!tip.memo.is_empty()).then(|| text_of(&tip.memo));
        return Some(Entry { asset: Some(tip.asset), amount: Some(tip.amount), note, ..new(Kind::Tip, tip.fan) });
    }
    if let Some(paid) = event_of::<vault::Paid>(event, contract) {
        // The registry emits an event of its own for a purchase.
        let kind = match paid.payer {
            payer if payer == contracts.registry => return None,
            payer if payer == contracts.token => Kind::SaleFees,
            _ => Kind::PaidIn,
        };
        return Some(Entry { asset: Some(Asset::Native), amount: Some(paid.amount), ..new(kind, paid.payer) });
    }
    if let Some(subscribed) = event_of::<vault::Subscribed>(event, contract) {
        let other = (subscribed.payer != subscribed.fan).then_some(subscribed.payer);
        let base = new(Kind::Subscribed, subscribed.fan);
        return Some(Entry {
            other,
            amount: Some(subscribed.paid),
            tier: Some(subscribed.tier),
            until: Some(subscribed.until),
            ..base
        });
    }
    if let Some(paid) = event_of::<vault::ToppedUp>(event, contract) {
        let other = (paid.payer != paid.fan).then_some(paid.payer);
        return Some(Entry {
            other,
            amount: Some(paid.paid),
            until: Some(paid.until),
            ..new(Kind::ToppedUp, paid.fan)
        });
    }
    if let Some(ended) = event_of::<vault::Ended>(event, contract) {
        let other = (ended.by != ended.fan).then_some(ended.by);
        return Some(Entry {
            other,
            amount: Some(ended.refund),
            tier: Some(ended.tier),
            ..new(Kind::Ended, ended.fan)
        });
    }
    if let Some(collected) = event_of::<vault::Collected>(event, contract) {
        let base = new(Kind::Collected, contract);
        return Some(Entry { amount: Some(collected.amount), tier: Some(collected.tier), ..base });
    }
    if let Some(claimed) = event_of::<vault::Claimed>(event, contract) {
        let base = new(Kind::Claimed, claimed.recipient);
        return Some(Entry { asset: Some(claimed.asset), amount: Some(claimed.amount), ..base });
    }
    if let Some(claimed) = event_of::<vault::StakeIncomeClaimed>(event, contract) {
        let base = new(Kind::StakeClaimed, claimed.fan);
        return (claimed.amount > 0).then_some(Entry {
            asset: Some(claimed.asset),
            amount: Some(claimed.amount),
            ..base
        });
    }
    if let Some(withdrawn) = event_of::<vault::Withdrawn>(event, contract) {
        let base = new(Kind::Withdrawn, withdrawn.fan);
        return Some(Entry { asset: Some(withdrawn.asset), amount: Some(withdrawn.amount), ..base });
    }
    let stake = event_of::<vault::StakeChanged>(event, contract)?;
    Some(Entry { tokens: Some(stake.staked), ..new(Kind::Staked, stake.fan) })
}

fn of_registry(
    event: &ContractEvent,
    siblings: &[&ContractEvent],
    contracts: &Contracts,
    new: New<'_>,
) -> Option<Entry> {
    let contract = contracts.registry;
    if let Some(bought) = event_of::<registry::Purchased>(event, contract) {
        let other = (bought.recipient != bought.payer).then_some(bought.recipient);
        // The owner can have another vault paid, whose income it is then.
        let is_ours = siblings.iter().any(|sibling| {
            event_of::<vault::Paid>(sibling, contracts.vault)
                .is_some_and(|paid| paid.payer == contract && paid.amount == bought.price)
        });
        return Some(Entry {
            other,
            asset: Some(Asset::Native),
            amount: is_ours.then_some(bought.price),
            content: Some(bought.id),
            ..new(Kind::Purchased, bought.payer)
        });
    }
    let published = event_of::<registry::Published>(event, contract)?;
    Some(Entry {
        content: Some(published.id),
        note: Some(text_of(&published.uri)),
        ..new(Kind::Published, published.publisher)
    })
}
