//! The patronage vault on a chain: every message, error and event, payments at extreme times, and random histories.

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
use patronage::contracts;
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
    assert_returned, stranger, tier_terms,
    vault_fixture::{VaultFixture, COOLDOWN, MINUTE, PRICE},
    vault_terms, TestEnv, DAY, EXISTENTIAL_DEPOSIT, TOKEN, UNIT,
};
