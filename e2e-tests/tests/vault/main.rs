//! The patronage vault on a chain: every message, refusal and event, money at awkward times, and random histories.

mod attackers;
mod collecting;
mod figures;
mod grants;
mod histories;
mod income;
mod owner;
mod splits;
mod stakers;
mod staying;
mod subscriptions;
mod switching;
mod terms;
mod tips;
mod tokens;

use ink::{
    env::Environment,
    scale::{Decode, Encode},
};
use patronage::contracts as suite;
use patronage_chain::{Message, Receipt};
use patronage_interfaces::{
    patronage::{Patronage, Standing},
    vault::{
        Asset, Obligations, PatronageVault, Settlement, Stream, Subscription, Tier, TierId, TierTerms, VaultError,
        VaultTerms,
    },
    AccountId, Timestamp,
};
use test_kit::{
    assert_returned,
    scene::{Scene, COOLDOWN, MINUTE, PRICE},
    stranger, tier_terms, vault_terms, World, DAY, EXISTENTIAL_DEPOSIT, TOKEN, UNIT,
};
