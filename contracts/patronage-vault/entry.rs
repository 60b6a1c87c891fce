//! The contract's messages, as the chain calls them. Their selectors, types and whether they take money are ink!'s.

use crate::patronage_vault::PatronageVaultContract as Vault;
use patronage_interfaces::{ownable::Ownable, patronage::Patronage, vault::PatronageVault};

patronage_thin::entry_points! {
    Vault;
    "new" => new(terms);
    "Patronage::standing_of" => Patronage::standing_of(fan);
    "Patronage::pay" => Patronage::pay(purpose);
    "PatronageVault::tip" => PatronageVault::tip(memo);
    "PatronageVault::tip_token" => PatronageVault::tip_token(token, amount, memo);
    "PatronageVault::tipped_of" => PatronageVault::tipped_of(fan, asset);
    "PatronageVault::subscribe" => PatronageVault::subscribe(tier, fan, tokens, max_price);
    "PatronageVault::top_up" => PatronageVault::top_up(fan, tier, tokens, max_price);
    "PatronageVault::switch_tier" => PatronageVault::switch_tier(tier, tokens, max_price);
    "PatronageVault::cancel" => PatronageVault::cancel();
    "PatronageVault::end_subscription" => PatronageVault::end_subscription(fan);
    "PatronageVault::grant" => PatronageVault::grant(fan, tier, until);
    "PatronageVault::revoke_grant" => PatronageVault::revoke_grant(fan);
    "PatronageVault::prune" => PatronageVault::prune(fan);
    "PatronageVault::refund_of" => PatronageVault::refund_of(fan);
    "PatronageVault::fan" => PatronageVault::fan(account);
    "PatronageVault::withdraw" => PatronageVault::withdraw(asset);
    "PatronageVault::credit_of" => PatronageVault::credit_of(who, asset);
    "PatronageVault::stake" => PatronageVault::stake(amount);
    "PatronageVault::unstake" => PatronageVault::unstake(amount);
    "PatronageVault::withdraw_stake" => PatronageVault::withdraw_stake();
    "PatronageVault::add_tier" => PatronageVault::add_tier(terms);
    "PatronageVault::update_tier" => PatronageVault::update_tier(tier, price, seats, open, uri);
    "PatronageVault::tier" => PatronageVault::tier(id);
    "PatronageVault::tier_count" => PatronageVault::tier_count();
    "PatronageVault::collect" => PatronageVault::collect(tier, max_epochs);
    "PatronageVault::collect_sale_fees" => PatronageVault::collect_sale_fees();
    "PatronageVault::claim" => PatronageVault::claim(asset, version);
    "PatronageVault::claimable_of" => PatronageVault::claimable_of(who, asset, version);
    "PatronageVault::set_splits" => PatronageVault::set_splits(shares);
    "PatronageVault::lock_splits_until" => PatronageVault::lock_splits_until(time);
    "PatronageVault::splits" => PatronageVault::splits(version);
    "PatronageVault::splits_version" => PatronageVault::splits_version();
    "PatronageVault::obligations" => PatronageVault::obligations(asset);
    "PatronageVault::set_paused" => PatronageVault::set_paused(paused);
    "PatronageVault::settings" => PatronageVault::settings();
    "Ownable::propose_owner" => Ownable::propose_owner(candidate);
    "Ownable::accept_ownership" => Ownable::accept_ownership();
    "Ownable::owner" => Ownable::owner();
    "Ownable::pending_owner" => Ownable::pending_owner();
}
