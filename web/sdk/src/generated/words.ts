// Written by scripts/generate.mjs from the bundles and the words of the command: `scripts/web generate`. Not for editing.

import type { WordTable } from '../words.js';

/** How many percent a price may change to the worse between a quote and a block, unless the caller says otherwise. */
export const SLIPPAGE_PERCENT = 1n;

/** The command's own words, as `client/patronage/tests/web` writes them. */
export const WORDS: WordTable = {
 "access": {
  "Holds": "{shortBy:unit} more (holds {have:unit})",
  "HoldsOrStaked": "{shortBy:token} more, held or staked",
  "NotListed": "to be on the creator's list",
  "Purchase": "to buy it, for {price:native}",
  "Purchase.none": "to have bought it, and it is not for sale now",
  "Staked": "{shortBy:token} more staked",
  "Subscription.ended": "a subscription at level {needed:number} (the last one has ended)",
  "Subscription.lower": "a subscription at level {needed:number} (has level {level:number})",
  "Subscription.none": "a subscription at level {needed:number}",
  "Subscription.wait": "{wait:duration} more of subscription without a gap",
  "Time": "{wait:duration} to wait",
  "Tipped": "{shortBy:native} more in tips",
  "Unavailable": "an answer: a contract that the rule asks does not respond",
  "joins": {
   "and": " and ",
   "before": "access takes ",
   "or": "; or "
  },
  "nobody": "nobody can get access to this now"
 },
 "chain": {
  "CodeRejected": "the chain does not accept the contract's code: is it a chain with pallet-contracts?",
  "ContractNotFound": "there is no contract at that address on this chain: is it the right chain?",
  "DuplicateContract": "the same contract is there already: launch with another --salt",
  "OutOfGas": "the call takes more than a block has room for: do it in several parts",
  "StorageDepositLimitExhausted": "the account can't pay the storage deposit beside the amount: send less, or get more money first",
  "StorageDepositNotEnoughFunds": "the account can't pay the storage deposit beside the amount: send less, or get more money first",
  "TransferFailed": "the account does not have the amount: send less, or get more money first",
  "other": "the chain refused the call: {name:text}"
 },
 "errors": {
  "OwnershipError": {
   "NotOwner": "only the CONTRACT's owner may do that: `patronage owner` says who it is",
   "NotProposed": "only the account that the owner has proposed may accept: `patronage owner` says which"
  },
  "PSP22Error": {
   "Custom": "the token refused: \"{value:text}\"",
   "InsufficientAllowance": "the owner has not allowed so much: the owner does it by `patronage allowance approve`",
   "InsufficientBalance": "the account has fewer {:unitSymbol}: that is more than it can part with",
   "SafeTransferCheckFailed": "the token refused: \"{value:text}\"",
   "ZeroRecipientAddress": "the recipient is nobody: name an account",
   "ZeroSenderAddress": "the sender is nobody: name an account"
  },
  "RegistryError": {
   "AlreadyBought": "the account has bought that already: it can open it for good",
   "AnswerTooLong": "the answers are too long for one call: ask for at most {fit:number} at once",
   "Audience.EmptyRule": "rule {rule:ordinal} has no condition, so it would open to all",
   "Audience.NoRules": "there are no rules: say that it is for everyone, or for nobody",
   "Audience.TooManyConditions": "rule {rule:ordinal} has too many conditions: 8 are possible",
   "Audience.TooManyRules": "there can be at most 8 rules",
   "Audience.ZeroAmount": "rule {rule:ordinal} asks for an amount of 0",
   "Audience.ZeroLevel": "rule {rule:ordinal} asks for level 0, which everyone has: levels begin at 1",
   "InvalidKey": "the public key is no key: make one with age-keygen",
   "LimitsOutOfRange": "computing time must be from 10000000000 to 200000000000 ps, and the proof from 524288 to 2097152 bytes",
   "NamesRegistry": "that names the registry itself, which is neither token nor vault",
   "NoVault": "a price needs a vault that the money goes to: name one first, by `patronage content set-vault own`",
   "NotForSale": "that is not for sale: `patronage check` says what opens it",
   "NotManager": "only the registry's owner and its managers may do that: the owner appoints one by `patronage content appoint ACCOUNT`",
   "NotOwner": "only the registry's owner may do that: `patronage owner` says who it is",
   "PaymentTooSmall": "that costs {least:native} now: send at least that",
   "PriceOutOfRange": "a price must be more than nothing and at most {most:native}: what is free is for everyone, without a price",
   "PriceTooHigh": "the price is {price:native}: allow at least that, by --max-price {price:nativePlain}",
   "Refused.NothingSent": "the vault wants an amount: nothing was sent",
   "Refused.Overflow": "the amount is larger than the vault can count",
   "Refused.Paused": "the creator takes no new money now: wait until it goes on",
   "ReleaseSold": "it was sold, and those who bought it can open it from {latest:time} on: choose no later time",
   "ReleasedTooLate": "it can be opened from {release:time} on: buy again if you agree to that",
   "TooManyAtOnce": "that is possible for at most {most:number} at once: split it up",
   "TooManyContents": "the registry is full: give content that is there a new file, by `patronage rotate`",
   "TransferFailed": "the chain refused to return the rest of the payment: send exactly the price",
   "UnknownContent": "there is no such content: `patronage content` lists it",
   "UriEmpty": "content needs a URI",
   "UriTooLong": "a URI has at most {most:number} bytes: use a shorter one",
   "VaultFailed": "the vault did not take the payment, and nothing was paid: tell the creator to name another"
  },
  "TokenError": {
   "AlreadyVesting": "this account already vests tokens for that beneficiary: wait until all of them are released, or put tokens away from another account",
   "CapReached": [
    {
     "text": "all {:tokenSymbol} that can be sold are sold: some can be bought again when a holder sells, and `patronage status` says how many",
     "zero": [
      "available"
     ]
    },
    {
     "text": "only {available:token} are left to sell: `patronage buy {available:tokenPlain}` buys them all"
    }
   ],
   "GuardActive": "what accounts have bought counts until the launch guard ends: `patronage status` says when",
   "InsufficientBalance": [
    {
     "text": "the account has no {:tokenSymbol}: `patronage buy` gets some",
     "zero": [
      "balance"
     ]
    },
    {
     "text": "the account has only {balance:token}: that is the most it can part with"
    }
   ],
   "InvalidSchedule": "vesting needs tokens, start, cliff and end in this order, and an end within 100 years",
   "InvalidTerms.CapTooHigh": "at these prices at most {max:number} smallest units can be sold: lower cap, base_price or slope",
   "InvalidTerms.CapZero": "cap must be more than 0",
   "InvalidTerms.FeeTooHigh": "a fee must be at most {maxBp:percent}",
   "InvalidTerms.NameOrSymbolEmpty": "name and symbol must not be empty, as wallets show them",
   "InvalidTerms.NameOrSymbolTooLong": "name and symbol can have at most {max:number} bytes each: shorten them",
   "InvalidTerms.PriceTooHigh": "the price must stay below {max:native}",
   "InvalidTerms.PriceZero": "base_price and slope are both 0: the token would be free",
   "InvalidTerms.TooManyDecimals": "decimals must be at most {max:number}",
   "LaunchLimit": [
    {
     "text": "until the launch guard ends, buyer or recipient can buy no more, as what was passed on counts: wait until then (`patronage status` says when)",
     "zero": [
      "room"
     ]
    },
    {
     "text": "until the launch guard ends, buyer or recipient can buy {room:token} more, as what was passed on counts: ask for no more, or wait until then (`patronage status` says when)"
    }
   ],
   "NotOwner": "only the token's owner may do that: `patronage owner` says who it is",
   "NothingToClaim": "no fees of the token wait for this account: `patronage fees` says who gets them",
   "NothingToRelease": "nothing has become free since the last release: `patronage vesting` says when the rest does",
   "Paused": "the creator has suspended buying: wait until it goes on; selling is always possible",
   "PaymentTooSmall": "that costs {least:native} now: send at least that",
   "PayoutTooLow": [
    {
     "text": "selling so few brings less than 0.000000000001 {:nativeSymbol}, the least that can be paid: they sell only together with more tokens",
     "zero": [
      "payout"
     ]
    },
    {
     "text": "selling brings {payout:native} now, less than what was asked for: --min-payout {payout:nativePlain} accepts that"
    }
   ],
   "SelfReferral": "nobody can refer themselves: leave the referrer out",
   "TooFewTokens": [
    {
     "text": "that money buys less than the smallest part of a {:tokenSymbol} now: spend more (`patronage status` says the price)",
     "zero": [
      "tokens"
     ]
    },
    {
     "text": "that money buys {tokens:token} now: send more, or ask for fewer"
    }
   ],
   "TransferFailed": "the chain refused the transfer: the receiving account does not exist, and the amount is below the existential deposit: send it some money first"
  },
  "VaultError": {
   "AlreadySubscribed": "the fan is subscribed until {until:time}: top up, switch, or cancel first",
   "CollectFirst": "tier #{tier:number} has days to collect that belong to the present splits: `patronage collect '#{tier:number}'` first",
   "CooldownTooLong": "a cooldown is at most {most:duration}",
   "CoolingDown": "the unstaked tokens can be taken out from {ready:time} on: wait",
   "EndsInPast": "a grant has to end later than now",
   "InsufficientStake": [
    {
     "text": "0 {:unitSymbol} are staked, so nothing can be unstaked",
     "zero": [
      "staked"
     ]
    },
    {
     "text": "{staked:unit} are staked: unstake more than nothing and no more than that"
    }
   ],
   "MemoTooLong": "a memo has at most {most:number} bytes: make it shorter",
   "MinimumStayTooLong": "a minimum stay is at most one period, which is {most:duration}",
   "NoToken": "the vault was created without a creator token",
   "NotExpired": "the seat can be freed from {from:time} on: wait",
   "NotOwner": "only the vault's owner may do that: `patronage owner` says who it is",
   "NotSubscribed": "there is no subscription that this could be done to: `patronage status ACCOUNT` says what an account has",
   "NothingSent": "that needs an amount: give more than 0, of which some has to arrive",
   "NothingToClaim": "nothing waits for this account: `patronage status ACCOUNT` says what does for another",
   "NothingToStake": "stakers can't have a part of the income here: the vault was created without a creator token, so nobody can stake",
   "OtherTier": "the fan's subscription is in tier {tier:number} by now: look again, and pay for that one if you like",
   "Overflow": "the amount is larger than the vault can count",
   "Paused": "the creator takes no new money now: wait until it goes on; leaving is always possible",
   "PaymentTooLarge": [
    {
     "text": "what is left of the subscription would last for more than 100 years in that tier: get it back with `patronage cancel`, then subscribe",
     "zero": [
      "most"
     ]
    },
    {
     "text": "nobody can pay for more than 100 years ahead: pay at most {most:unit}, by --pay {most:unitPlain}"
    }
   ],
   "PaymentTooSmall": "a subscription takes at least one period: pay {least:unit} or more",
   "PeriodOutOfRange": "a tier's period must be from {least:duration} to {most:duration}",
   "PriceOutOfRange": "a tier's price must be more than nothing and at most {most:unit}",
   "PriceTooHigh": "the price of a period is {price:unit}: allow at least that, by --max-price {price:unitPlain}",
   "SoldOut": "all seats of the tier are taken: `patronage seats list TIER` says whose can be freed, and `patronage tiers` lists others",
   "Splits.Duplicate": "an account is named twice: add its shares together",
   "Splits.NotWhole": "the shares add up to {sumBp:percent} and must add up to 100 %",
   "Splits.OnlyStakers": "the stakers can't have all of it: give someone else a part, as nobody gets the stakers' while nobody is staked",
   "Splits.TooMany": "there can be at most {most:number} recipients",
   "Splits.ZeroShare": "a share must be more than 0",
   "SplitsLocked": "the owner has promised not to change the splits before {until:time}: wait",
   "TierClosed": "the tier takes no new subscriptions: choose another, as `patronage tiers` lists them",
   "TokenFailed": "the token did not move: check that the account has so much of it, and that the token does not hold it back",
   "TooManyTiers": "a vault has at most {most:number} tiers here: change one that is there, by `patronage tiers change`, or leave some out",
   "TransferFailed": "the chain refused the transfer: the receiving account does not exist, and the amount is below the existential deposit: send it some money first",
   "UnknownTier": "there is no such tier: `patronage tiers` lists them",
   "UriTooLong": "a URI has at most {most:number} bytes: use a shorter one",
   "WrongAsset": "that is paid in another asset: `patronage tiers` says in which",
   "ZeroLevel": "a tier's level must be at least 1: without a subscription everyone has 0",
   "ZeroSeats": "a tier needs at least one seat, or no limit at all"
  }
 },
 "funds": {
  "d": "this takes {deposit:native}, and the account has {free:native}: get {missing:native} more first, or take less",
  "ds": "this takes {deposit:native}, and the account has {free:native} ({stays:native} must stay in it): get {missing:native} more first, or take less",
  "f": "this takes {fee:native}, and the account has {free:native}: get {missing:native} more first, or take less",
  "fd": "this takes {sum:native} ({fee:native} of fees at most, {deposit:native} of storage deposit), and the account has {free:native}: get {missing:native} more first, or take less",
  "fds": "this takes {sum:native} ({fee:native} of fees at most, {deposit:native} of storage deposit), and the account has {free:native} ({stays:native} must stay in it): get {missing:native} more first, or take less",
  "fs": "this takes {fee:native}, and the account has {free:native} ({stays:native} must stay in it): get {missing:native} more first, or take less",
  "v": "this takes {value:native}, and the account has {free:native}: get {missing:native} more first, or take less",
  "vd": "this takes {sum:native} ({value:native} to pay, {deposit:native} of storage deposit), and the account has {free:native}: get {missing:native} more first, or take less",
  "vds": "this takes {sum:native} ({value:native} to pay, {deposit:native} of storage deposit), and the account has {free:native} ({stays:native} must stay in it): get {missing:native} more first, or take less",
  "vf": "this takes {sum:native} ({value:native} to pay, {fee:native} of fees at most), and the account has {free:native}: get {missing:native} more first, or take less",
  "vfd": "this takes {sum:native} ({value:native} to pay, {fee:native} of fees at most, {deposit:native} of storage deposit), and the account has {free:native}: get {missing:native} more first, or take less",
  "vfds": "this takes {sum:native} ({value:native} to pay, {fee:native} of fees at most, {deposit:native} of storage deposit), and the account has {free:native} ({stays:native} must stay in it): get {missing:native} more first, or take less",
  "vfs": "this takes {sum:native} ({value:native} to pay, {fee:native} of fees at most), and the account has {free:native} ({stays:native} must stay in it): get {missing:native} more first, or take less",
  "vs": "this takes {value:native}, and the account has {free:native} ({stays:native} must stay in it): get {missing:native} more first, or take less"
 }
};
