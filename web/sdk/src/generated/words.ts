// Written by scripts/generate.mjs from the bundles and the words of the command: `scripts/web generate`. Not for editing.

import type { WordTable } from '../words.js';

/** How many percent a price may change to the worse between a quote and a block, unless the caller says otherwise. */
export const SLIPPAGE_PERCENT = 1n;

/** The command's own words, as `client/patronage/tests/web` writes them. */
export const WORDS: WordTable = {
 "access": {
  "Holds": "{shortBy:unit} more (holds {have:unit})",
  "HoldsOrStaked": "{shortBy:token} more, held or staked",
  "NotListed": "an entry on the creator's list",
  "Purchase": "a purchase, for {price:native}",
  "Purchase.none": "a purchase, but the content is not for sale now",
  "Staked": "{shortBy:token} more staked",
  "Subscription.ended": "a subscription at level {needed:number} (the last one has ended)",
  "Subscription.lower": "a subscription at level {needed:number} (has level {level:number})",
  "Subscription.none": "a subscription at level {needed:number}",
  "Subscription.wait": "{wait:duration} more of subscription without a gap",
  "Time": "{wait:duration} to wait",
  "Tipped": "{shortBy:native} more in tips",
  "Unavailable": "an answer from a contract that does not respond",
  "joins": {
   "and": " and ",
   "before": "access takes ",
   "or": "; or "
  },
  "nobody": "nobody can get access to this content now"
 },
 "chain": {
  "CodeRejected": "the chain rejected the contract's code: choose a chain with pallet-contracts",
  "ContractNotFound": "there is no contract at that address on this chain: check the address and --chain",
  "DuplicateContract": "the contract exists already: launch with another --salt",
  "OutOfGas": "the call needs more weight than a block has: split it into several calls",
  "StorageDepositLimitExhausted": "the account can't pay the storage deposit in addition to the amount: send less, or get more money first",
  "StorageDepositNotEnoughFunds": "the account can't pay the storage deposit in addition to the amount: send less, or get more money first",
  "TransferFailed": "the account does not have the amount: send less, or get more money first",
  "other": "the chain refused the call: {name:text}"
 },
 "errors": {
  "OwnershipError": {
   "NotOwner": "only the owner of the CONTRACT may do that: `patronage owner` shows the owner",
   "NotProposed": "only the account that the owner has proposed may accept: `patronage owner` shows it"
  },
  "PSP22Error": {
   "Custom": "the token refused: \"{value:text}\"",
   "InsufficientAllowance": "insufficient allowance: the owner raises it with `patronage allowance approve`",
   "InsufficientBalance": "insufficient balance: the account has fewer {:unitSymbol}; send fewer",
   "SafeTransferCheckFailed": "the token refused: \"{value:text}\"",
   "ZeroRecipientAddress": "the recipient is the zero address: name an account",
   "ZeroSenderAddress": "the sender is the zero address: name an account"
  },
  "RegistryError": {
   "AlreadyBought": "the account has bought the content already, and keeps access to it: there is nothing to do",
   "AnswerTooLong": "the answers are too long for one call: query at most {fit:number} at once",
   "Audience.EmptyRule": "rule {rule:ordinal} has no condition and would open to everyone: add a condition",
   "Audience.NoRules": "there are no rules: add a rule, or open the content to everyone or nobody",
   "Audience.TooManyConditions": "rule {rule:ordinal} has too many conditions: use at most 8",
   "Audience.TooManyRules": "there can be at most 8 rules",
   "Audience.ZeroAmount": "rule {rule:ordinal} asks for an amount of 0",
   "Audience.ZeroLevel": "rule {rule:ordinal} asks for level 0, which every account has: levels begin at 1",
   "InvalidKey": "the public key is not valid: make one with age-keygen",
   "LimitsOutOfRange": "computing time must be from 10000000000 to 200000000000 ps, and the proof size from 524288 to 2097152 bytes",
   "NamesRegistry": "the rule names the registry itself: name a token or a vault",
   "NoVault": "a price needs a vault that receives the money: set one first with `patronage content set-vault own`",
   "NotForSale": "the content is not for sale: `patronage check` shows what opens it",
   "NotManager": "only the owner and the managers of the registry may do that: the owner adds a manager with `patronage managers add ACCOUNT`",
   "NotOwner": "only the owner of the registry may do that: `patronage owner` shows the owner",
   "PaymentTooSmall": "the price is {least:native} now: send at least that",
   "PriceOutOfRange": "a price must be more than 0 and at most {most:native}: to open content to everyone, leave the price out",
   "PriceTooHigh": "the price is {price:native}: allow at least that with --max-price {price:nativePlain}",
   "Refused.NothingSent": "the vault refused a payment of 0: send more than 0",
   "Refused.Overflow": "the amount is larger than the vault can count",
   "Refused.Paused": "the creator has paused new money: wait until it is resumed",
   "ReleaseSold": "the content was sold, and its buyers can open it from {latest:time} on: choose that time or an earlier one",
   "ReleasedTooLate": "the content opens on {release:time}, later than you agreed to: buy again to agree",
   "TooManyAtOnce": "at most {most:number} entries are possible in one call: split the call",
   "TooManyContents": "the registry is full: replace the file of existing content with `patronage rotate`",
   "TransferFailed": "the chain refused to return the change: send exactly the price",
   "UnknownContent": "there is no such content: `patronage content` lists it",
   "UriEmpty": "content needs a URI",
   "UriTooLong": "a URI has at most {most:number} bytes: use a shorter one",
   "VaultFailed": "the vault did not accept the payment, and nothing was paid: tell the creator to set another vault"
  },
  "TokenError": {
   "AlreadyVesting": "this account already vests tokens for that beneficiary: wait until all of them are released, or vest from another account",
   "CapReached": [
    {
     "text": "all {:tokenSymbol} up to the cap are sold: wait until a holder sells; `patronage status` shows how many are available",
     "zero": [
      "available"
     ]
    },
    {
     "text": "only {available:token} are available: `patronage buy {available:tokenPlain}` buys them all"
    }
   ],
   "GuardActive": "the records of the launch guard are needed until it ends: `patronage status` shows when",
   "InsufficientBalance": [
    {
     "text": "insufficient balance: the account has no {:tokenSymbol}; buy some with `patronage buy`",
     "zero": [
      "balance"
     ]
    },
    {
     "text": "insufficient balance: the account has {balance:token}; use at most that"
    }
   ],
   "InvalidSchedule": "the vesting schedule is not valid: it needs more than 0 tokens, start, cliff and end in this order, and an end within 100 years",
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
     "text": "the buyer or the recipient has reached the limit of the launch guard; tokens that were sent on count: wait until the guard ends (`patronage status` shows when)",
     "zero": [
      "room"
     ]
    },
    {
     "text": "until the launch guard ends, the buyer or the recipient can buy {room:token} more; tokens that were sent on count: buy at most that, or wait until the guard ends (`patronage status` shows when)"
    }
   ],
   "NotOwner": "only the owner of the token may do that: `patronage owner` shows the owner",
   "NothingToClaim": "this account has no fees of the token to claim: `patronage fees` shows who receives them",
   "NothingToRelease": "no tokens to release: `patronage vesting` shows when more of them vest",
   "Paused": "the creator has paused buying: wait until it is resumed; selling is always possible",
   "PaymentTooSmall": "the price is {least:native} now: send at least that",
   "PayoutTooLow": [
    {
     "text": "the payout is less than 0.000000000001 {:nativeSymbol}, the smallest unit: sell more tokens at once",
     "zero": [
      "payout"
     ]
    },
    {
     "text": "the payout is {payout:native} now, less than the minimum: accept it with --min-payout {payout:nativePlain}"
    }
   ],
   "SelfReferral": "buyer and recipient can't be their own referrer: leave the referrer out",
   "TooFewTokens": [
    {
     "text": "the amount buys less than the smallest unit of {:tokenSymbol} now: spend more (`patronage status` shows the price)",
     "zero": [
      "tokens"
     ]
    },
    {
     "text": "the amount buys {tokens:token} now: send more, or ask for fewer"
    }
   ],
   "TransferFailed": "the chain refused the transfer: the receiving account does not exist, and the amount is below the existential deposit: send the account some money first"
  },
  "VaultError": {
   "AlreadySubscribed": "the fan is subscribed until {until:time}: top up, switch, or cancel first",
   "CollectFirst": "tier #{tier:number} has uncollected days that belong to the current splits: run `patronage collect '#{tier:number}'` first",
   "CooldownTooLong": "a cooldown is at most {most:duration}",
   "CoolingDown": "the unstaked tokens can be withdrawn from {ready:time} on: wait",
   "EndsInPast": "a grant must end in the future: choose a later time",
   "InsufficientStake": [
    {
     "text": "staked 0 {:unitSymbol}, so nothing can be unstaked: stake first",
     "zero": [
      "staked"
     ]
    },
    {
     "text": "staked {staked:unit}: unstake more than 0 and at most that"
    }
   ],
   "MemoTooLong": "a memo has at most {most:number} bytes: make it shorter",
   "MinimumStayTooLong": "a minimum stay must be at most one period, which is {most:duration}",
   "NoToken": "the vault was created without a creator token",
   "NotExpired": "the member can be pruned from {from:time} on: wait",
   "NotOwner": "only the owner of the vault may do that: `patronage owner` shows the owner",
   "NotSubscribed": "the account has no such subscription: `patronage status ACCOUNT` shows what an account has",
   "NothingSent": "no amount arrived: send more than 0",
   "NothingToClaim": "there is nothing to claim for this account: `patronage status ACCOUNT` shows what an account can claim",
   "NothingToStake": "stakers can't have a share of the income: the vault was created without a creator token, so nobody can stake",
   "OtherTier": "the fan's subscription is in tier {tier:number} now: check `patronage status`, and pay for that tier",
   "Overflow": "the amount is larger than the vault can count",
   "Paused": "the creator has paused new money: wait until it is resumed; cancelling and withdrawing are always possible",
   "PaymentTooLarge": [
    {
     "text": "the rest of the subscription would last for more than 100 years in that tier: get it back with `patronage cancel`, then subscribe",
     "zero": [
      "most"
     ]
    },
    {
     "text": "a subscription can be paid for at most 100 years ahead: pay at most {most:unit} with --pay {most:unitPlain}"
    }
   ],
   "PaymentTooSmall": "a payment must cover at least one period: pay {least:unit} or more",
   "PeriodOutOfRange": "a tier's period must be from {least:duration} to {most:duration}",
   "PriceOutOfRange": "a tier's price must be more than 0 and at most {most:unit}",
   "PriceTooHigh": "the price of a period is {price:unit}: allow at least that with --max-price {price:unitPlain}",
   "SoldOut": "all seats of the tier are taken: `patronage members list --lapsed --tier TIER` shows which members can be pruned, and `patronage tiers` lists other tiers",
   "Splits.Duplicate": "an account is named twice: add its shares together",
   "Splits.NotWhole": "the shares add up to {sumBp:percent} and must add up to 100 %",
   "Splits.OnlyStakers": "the stakers can't have all of it: give another account a share, which receives the income while nobody is staked",
   "Splits.TooMany": "there can be at most {most:number} recipients",
   "Splits.ZeroShare": "a share must be more than 0",
   "SplitsLocked": "the splits are locked until {until:time}: wait",
   "TierClosed": "the tier takes no new subscriptions: choose another from `patronage tiers`",
   "TokenFailed": "the token transfer failed: check that the account has the amount, and that the token permits the transfer",
   "TooManyTiers": "a vault has at most {most:number} tiers here: change an existing one with `patronage tiers change`, or leave some out",
   "TransferFailed": "the chain refused the transfer: the receiving account does not exist, and the amount is below the existential deposit: send the account some money first",
   "UnknownTier": "there is no such tier: `patronage tiers` lists them",
   "UriTooLong": "a URI has at most {most:number} bytes: use a shorter one",
   "WrongAsset": "the tier is paid in another asset: `patronage tiers` shows it",
   "ZeroLevel": "a tier's level must be at least 1: level 0 is that of accounts without a subscription",
   "ZeroSeats": "a tier needs at least one seat: set a higher number, or no limit"
  }
 },
 "funds": {
  "d": "insufficient balance: this needs {deposit:native}, and the account has {free:native}; get {missing:native} more first, or choose a smaller amount",
  "ds": "insufficient balance: this needs {deposit:native}, and the account has {free:native} ({stays:native} must stay in it); get {missing:native} more first, or choose a smaller amount",
  "f": "insufficient balance: this needs {fee:native}, and the account has {free:native}; get {missing:native} more first, or choose a smaller amount",
  "fd": "insufficient balance: this needs {sum:native} ({fee:native} of fees at most, {deposit:native} of storage deposit), and the account has {free:native}; get {missing:native} more first, or choose a smaller amount",
  "fds": "insufficient balance: this needs {sum:native} ({fee:native} of fees at most, {deposit:native} of storage deposit), and the account has {free:native} ({stays:native} must stay in it); get {missing:native} more first, or choose a smaller amount",
  "fs": "insufficient balance: this needs {fee:native}, and the account has {free:native} ({stays:native} must stay in it); get {missing:native} more first, or choose a smaller amount",
  "v": "insufficient balance: this needs {value:native}, and the account has {free:native}; get {missing:native} more first, or choose a smaller amount",
  "vd": "insufficient balance: this needs {sum:native} ({value:native} to pay, {deposit:native} of storage deposit), and the account has {free:native}; get {missing:native} more first, or choose a smaller amount",
  "vds": "insufficient balance: this needs {sum:native} ({value:native} to pay, {deposit:native} of storage deposit), and the account has {free:native} ({stays:native} must stay in it); get {missing:native} more first, or choose a smaller amount",
  "vf": "insufficient balance: this needs {sum:native} ({value:native} to pay, {fee:native} of fees at most), and the account has {free:native}; get {missing:native} more first, or choose a smaller amount",
  "vfd": "insufficient balance: this needs {sum:native} ({value:native} to pay, {fee:native} of fees at most, {deposit:native} of storage deposit), and the account has {free:native}; get {missing:native} more first, or choose a smaller amount",
  "vfds": "insufficient balance: this needs {sum:native} ({value:native} to pay, {fee:native} of fees at most, {deposit:native} of storage deposit), and the account has {free:native} ({stays:native} must stay in it); get {missing:native} more first, or choose a smaller amount",
  "vfs": "insufficient balance: this needs {sum:native} ({value:native} to pay, {fee:native} of fees at most), and the account has {free:native} ({stays:native} must stay in it); get {missing:native} more first, or choose a smaller amount",
  "vs": "insufficient balance: this needs {value:native}, and the account has {free:native} ({stays:native} must stay in it); get {missing:native} more first, or choose a smaller amount"
 }
};
