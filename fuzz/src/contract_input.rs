//! The input of every message and constructor of the three contracts: selector and arguments.

use std::fmt::Debug;

use content_registry::content_registry::ContentRegistryContract as Registry;
use creator_token::creator_token::CreatorToken as Token;
use ink::reflect::{
    ContractConstructorDecoder, ContractMessageDecoder, DispatchableConstructorInfo, DispatchableMessageInfo,
};
use parity_scale_codec::{Decode, Encode};
use patronage_vault::patronage_vault::PatronageVaultContract as Vault;

use crate::decoding::agree;

/// A message or constructor.
struct Entry {
    selector: u32,
    /// Reads the arguments with both decoders. Returns whether they are read, and whether ink!'s own decoder of the contract reads
    /// the whole input.
    read: fn(arguments: &[u8], input: &[u8]) -> (bool, bool),
}

/// Whether ink!'s own decoder accepts the input.
fn accepts<T: Decode>(input: &[u8]) -> bool {
    T::decode(&mut &input[..]).is_ok()
}

/// The arguments `G`, which contracts read one by one, as `L`.
fn arguments<L, G>(bytes: &[u8]) -> bool
where
    L: ink_lite::Decode + Encode + Debug,
    G: Decode + Encode,
{
    let strict = G::decode(&mut &bytes[..]).is_ok();
    let lite = agree::<L, G>(bytes).is_some();
    assert!(lite || !strict, "the contract refuses arguments that ink! reads");
    strict
}

macro_rules! entries {
    (@entry $contract:ty, $info:ident, $decoder:ident, $label:literal, none) => {
        Entry {
            selector: ink::selector_id!($label),
            read: |_, input| (true, accepts::<<$contract as $decoder>::Type>(input)),
        }
    };
    (@entry $contract:ty, $info:ident, $decoder:ident, $label:literal, same) => {
        Entry {
            selector: ink::selector_id!($label),
            read: |bytes, input| {
                type Arguments = <$contract as $info<{ ink::selector_id!($label) }>>::Input;
                (arguments::<Arguments, Arguments>(bytes), accepts::<<$contract as $decoder>::Type>(input))
            },
        }
    };
    // More arguments than tuples of `ink_lite` have, in groups. That has the same encoding.
    (@entry $contract:ty, $info:ident, $decoder:ident, $label:literal, $groups:ty) => {
        Entry {
            selector: ink::selector_id!($label),
            read: |bytes, input| {
                type Arguments = <$contract as $info<{ ink::selector_id!($label) }>>::Input;
                (arguments::<$groups, Arguments>(bytes), accepts::<<$contract as $decoder>::Type>(input))
            },
        }
    };
    ($name:ident: $contract:ty, $info:ident, $decoder:ident; $($label:literal $form:tt,)*) => {
        const $name: &[Entry] = &[$(entries!(@entry $contract, $info, $decoder, $label, $form),)*];
    };
}

entries! { TOKEN_NEW: Token, DispatchableConstructorInfo, ContractConstructorDecoder; "new" same, }
entries! { VAULT_NEW: Vault, DispatchableConstructorInfo, ContractConstructorDecoder; "new" same, }
entries! { REGISTRY_NEW: Registry, DispatchableConstructorInfo, ContractConstructorDecoder; "new" same, }

entries! { TOKEN: Token, DispatchableMessageInfo, ContractMessageDecoder;
    "CreatorToken::buy" same,
    "CreatorToken::buy_exact" same,
    "CreatorToken::sell" same,
    "CreatorToken::quote_buy" same,
    "CreatorToken::quote_buy_exact" same,
    "CreatorToken::quote_sell" same,
    "CreatorToken::transfer_many" same,
    "CreatorToken::claim" none,
    "CreatorToken::claimable" same,
    "CreatorToken::spot_price" none,
    "CreatorToken::reserve" none,
    "CreatorToken::curve" none,
    "CreatorToken::vest" same,
    "CreatorToken::release" same,
    "CreatorToken::vesting_of" same,
    "CreatorToken::lower_fees" same,
    "CreatorToken::set_paused" same,
    "CreatorToken::set_fee_recipient" same,
    "CreatorToken::fee_recipient" none,
    "CreatorToken::prune_bought" same,
    "Ownable::propose_owner" same,
    "Ownable::accept_ownership" none,
    "Ownable::owner" none,
    "Ownable::pending_owner" none,
    "PSP22::total_supply" none,
    "PSP22::balance_of" same,
    "PSP22::allowance" same,
    "PSP22::transfer" same,
    "PSP22::transfer_from" same,
    "PSP22::approve" same,
    "PSP22::increase_allowance" same,
    "PSP22::decrease_allowance" same,
    "PSP22Metadata::token_name" none,
    "PSP22Metadata::token_symbol" none,
    "PSP22Metadata::token_decimals" none,
    "PSP22Burnable::burn" same,
}

entries! { VAULT: Vault, DispatchableMessageInfo, ContractMessageDecoder;
    "Patronage::standing_of" same,
    "Patronage::pay" same,
    "PatronageVault::tip" same,
    "PatronageVault::tip_token" same,
    "PatronageVault::tipped_of" same,
    "PatronageVault::subscribe" same,
    "PatronageVault::top_up" same,
    "PatronageVault::switch_tier" same,
    "PatronageVault::cancel" none,
    "PatronageVault::end_subscription" same,
    "PatronageVault::grant" same,
    "PatronageVault::revoke_grant" same,
    "PatronageVault::prune" same,
    "PatronageVault::refund_of" same,
    "PatronageVault::fan" same,
    "PatronageVault::withdraw" same,
    "PatronageVault::credit_of" same,
    "PatronageVault::stake" same,
    "PatronageVault::unstake" same,
    "PatronageVault::withdraw_stake" none,
    "PatronageVault::claim_stake_income" same,
    "PatronageVault::stake_income_of" same,
    "PatronageVault::add_tier" same,
    "PatronageVault::update_tier" ((u32, u128, Option<u32>), (bool, Vec<u8>)),
    "PatronageVault::tier" same,
    "PatronageVault::tier_count" none,
    "PatronageVault::collect" same,
    "PatronageVault::collect_sale_fees" none,
    "PatronageVault::claim" same,
    "PatronageVault::claimable_of" same,
    "PatronageVault::set_splits" same,
    "PatronageVault::lock_splits_until" same,
    "PatronageVault::splits" same,
    "PatronageVault::splits_version" none,
    "PatronageVault::obligations" same,
    "PatronageVault::set_paused" same,
    "PatronageVault::settings" none,
    "Ownable::propose_owner" same,
    "Ownable::accept_ownership" none,
    "Ownable::owner" none,
    "Ownable::pending_owner" none,
}

entries! { REGISTRY: Registry, DispatchableMessageInfo, ContractMessageDecoder;
    "ContentRegistry::publish" same,
    "ContentRegistry::replace_file" same,
    "ContentRegistry::change_terms" same,
    "ContentRegistry::content" same,
    "ContentRegistry::terms" same,
    "ContentRegistry::content_count" none,
    "ContentRegistry::has_access" same,
    "ContentRegistry::check" same,
    "ContentRegistry::check_many" same,
    "ContentRegistry::balance_at" same,
    "ContentRegistry::standing_at" same,
    "ContentRegistry::purchase" same,
    "ContentRegistry::has_bought" same,
    "ContentRegistry::set_listed" same,
    "ContentRegistry::is_listed" same,
    "ContentRegistry::set_manager" same,
    "ContentRegistry::is_manager" same,
    "ContentRegistry::manager_count" none,
    "ContentRegistry::set_question_limits" same,
    "ContentRegistry::question_limits" none,
    "ContentRegistry::set_vault" same,
    "ContentRegistry::vault" none,
    "Ownable::propose_owner" same,
    "Ownable::accept_ownership" none,
    "Ownable::owner" none,
    "Ownable::pending_owner" none,
}

const ALL: [&[Entry]; 6] = [TOKEN, VAULT, REGISTRY, TOKEN_NEW, VAULT_NEW, REGISTRY_NEW];

/// The first byte chooses the message, and the rest are its arguments. From 240 on, the rest is a whole input.
pub fn check(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else { return };
    if *first >= 240 {
        return whole(rest);
    }
    let count = ALL.iter().map(|entries| entries.len()).sum::<usize>();
    let Some(entry) = ALL.iter().flat_map(|entries| *entries).nth(usize::from(*first) % count) else { return };
    let input = [&entry.selector.to_be_bytes(), rest].concat();
    let (read, accepted) = (entry.read)(rest, &input);
    assert_eq!(read, accepted, "ink!'s own decoder of the contract disagrees");
}

/// Every input that ink!'s own decoders accept has a selector of the list.
fn whole(input: &[u8]) {
    let Some((selector, arguments)) = input.split_first_chunk() else { return };
    let selector = u32::from_be_bytes(*selector);
    for (entries, accepted) in ALL.into_iter().zip([
        accepts::<<Token as ContractMessageDecoder>::Type>(input),
        accepts::<<Vault as ContractMessageDecoder>::Type>(input),
        accepts::<<Registry as ContractMessageDecoder>::Type>(input),
        accepts::<<Token as ContractConstructorDecoder>::Type>(input),
        accepts::<<Vault as ContractConstructorDecoder>::Type>(input),
        accepts::<<Registry as ContractConstructorDecoder>::Type>(input),
    ]) {
        match entries.iter().find(|entry| entry.selector == selector) {
            Some(entry) => assert_eq!((entry.read)(arguments, input).0, accepted),
            None => assert!(!accepted, "the message {selector:08x} is not in the list of this target"),
        }
    }
}
