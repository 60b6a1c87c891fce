//! The contract's messages, as the chain calls them. Their selectors, types and whether they take money are ink!'s.

use crate::creator_token::CreatorToken as Token;
use patronage_interfaces::{
    ownable::Ownable,
    token::{CreatorToken, PSP22Metadata},
};
use psp22::{PSP22Burnable, PSP22};

patronage_thin::entry_points! {
    Token;
    "new" => new(terms);
    "PSP22::balance_of" => PSP22::balance_of(owner);
    "PSP22::transfer" => PSP22::transfer(to, value, data);
    "PSP22::transfer_from" => PSP22::transfer_from(from, to, value, data);
    "PSP22::approve" => PSP22::approve(spender, value);
    "PSP22::allowance" => PSP22::allowance(owner, spender);
    "PSP22::total_supply" => PSP22::total_supply();
    "PSP22::increase_allowance" => PSP22::increase_allowance(spender, delta);
    "PSP22::decrease_allowance" => PSP22::decrease_allowance(spender, delta);
    "PSP22Burnable::burn" => PSP22Burnable::burn(value);
    "PSP22Metadata::token_name" => PSP22Metadata::token_name();
    "PSP22Metadata::token_symbol" => PSP22Metadata::token_symbol();
    "PSP22Metadata::token_decimals" => PSP22Metadata::token_decimals();
    "CreatorToken::buy" => CreatorToken::buy(recipient, min_tokens, referrer);
    "CreatorToken::buy_exact" => CreatorToken::buy_exact(recipient, tokens, referrer);
    "CreatorToken::sell" => CreatorToken::sell(tokens, min_payout);
    "CreatorToken::quote_buy" => CreatorToken::quote_buy(value);
    "CreatorToken::quote_buy_exact" => CreatorToken::quote_buy_exact(tokens);
    "CreatorToken::quote_sell" => CreatorToken::quote_sell(tokens);
    "CreatorToken::transfer_many" => CreatorToken::transfer_many(transfers);
    "CreatorToken::claim" => CreatorToken::claim();
    "CreatorToken::claimable" => CreatorToken::claimable(account);
    "CreatorToken::spot_price" => CreatorToken::spot_price();
    "CreatorToken::reserve" => CreatorToken::reserve();
    "CreatorToken::curve" => CreatorToken::curve();
    "CreatorToken::vest" => CreatorToken::vest(beneficiary, tokens, schedule);
    "CreatorToken::release" => CreatorToken::release(grantor, beneficiary);
    "CreatorToken::vesting_of" => CreatorToken::vesting_of(grantor, beneficiary);
    "CreatorToken::lower_fees" => CreatorToken::lower_fees(buy_fee_bp, sell_fee_bp);
    "CreatorToken::set_paused" => CreatorToken::set_paused(paused);
    "CreatorToken::set_fee_recipient" => CreatorToken::set_fee_recipient(recipient);
    "CreatorToken::fee_recipient" => CreatorToken::fee_recipient();
    "CreatorToken::prune_bought" => CreatorToken::prune_bought(account);
    "Ownable::propose_owner" => Ownable::propose_owner(candidate);
    "Ownable::accept_ownership" => Ownable::accept_ownership();
    "Ownable::owner" => Ownable::owner();
    "Ownable::pending_owner" => Ownable::pending_owner();
}
