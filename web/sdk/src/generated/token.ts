// Written by scripts/generate.mjs from the bundles and the words of the command: `scripts/web generate`. Not for editing.

import type { Address, Hex } from '../types.js';
import type { Interface } from '../scale.js';

export interface Trade {
  tokens: bigint;
  amount: bigint;
  fee: bigint;
}

export type TokenError =
  | { type: 'InvalidTerms'; value: TermsError }
  | { type: 'Paused' }
  | { type: 'CapReached'; available: bigint }
  | { type: 'TooFewTokens'; tokens: bigint }
  | { type: 'PaymentTooSmall'; least: bigint }
  | { type: 'LaunchLimit'; room: bigint }
  | { type: 'SelfReferral' }
  | { type: 'InsufficientBalance'; balance: bigint }
  | { type: 'PayoutTooLow'; payout: bigint }
  | { type: 'NothingToClaim' }
  | { type: 'TransferFailed' }
  | { type: 'InvalidSchedule' }
  | { type: 'AlreadyVesting' }
  | { type: 'NothingToRelease' }
  | { type: 'NotOwner' }
  | { type: 'GuardActive' };

export type TermsError =
  | { type: 'NameOrSymbolEmpty' }
  | { type: 'TooManyDecimals'; max: number }
  | { type: 'PriceZero' }
  | { type: 'PriceTooHigh'; max: bigint }
  | { type: 'CapZero' }
  | { type: 'CapTooHigh'; max: bigint }
  | { type: 'FeeTooHigh'; maxBp: number }
  | { type: 'NameOrSymbolTooLong'; max: number };

export interface Sale {
  curve: Curve;
  cap: bigint;
  sold: bigint;
  burned: bigint;
  reserve: bigint;
  fees: bigint;
  buyFeeBp: number;
  sellFeeBp: number;
  referralBp: number;
  launchGuard: LaunchGuard;
  paused: boolean;
}

export interface Curve {
  basePrice: bigint;
  slope: bigint;
  unit: bigint;
}

export interface LaunchGuard {
  until: bigint;
  maxTokens: bigint;
}

export interface Schedule {
  start: bigint;
  cliff: bigint;
  end: bigint;
}

export interface Vesting {
  tokens: bigint;
  released: bigint;
  schedule: Schedule;
}

export type OwnershipError =
  | 'NotOwner'
  | 'NotProposed';

export type PSP22Error =
  | { type: 'Custom'; value: string }
  | { type: 'InsufficientBalance' }
  | { type: 'InsufficientAllowance' }
  | { type: 'ZeroRecipientAddress' }
  | { type: 'ZeroSenderAddress' }
  | { type: 'SafeTransferCheckFailed'; value: string };

export interface TokenTerms {
  name: string;
  symbol: string;
  decimals: number;
  basePrice: bigint;
  slope: bigint;
  cap: bigint | null;
  buyFeeBp: number;
  sellFeeBp: number;
  referralBp: number;
  launchGuard: LaunchGuard;
}

/** Messages of the contract `creator_token`: arguments, result and error of each. */
export interface TokenMessages {
  buy: { args: { recipient: Address; minTokens: bigint; referrer: Address | null }; returns: Trade; error: TokenError; mutates: true; payable: true };
  buyExact: { args: { recipient: Address; tokens: bigint; referrer: Address | null }; returns: Trade; error: TokenError; mutates: true; payable: true };
  sell: { args: { tokens: bigint; minPayout: bigint }; returns: Trade; error: TokenError; mutates: true; payable: false };
  quoteBuy: { args: { value: bigint }; returns: Trade; error: TokenError; mutates: false; payable: false };
  quoteBuyExact: { args: { tokens: bigint }; returns: Trade; error: TokenError; mutates: false; payable: false };
  quoteSell: { args: { tokens: bigint }; returns: Trade; error: TokenError; mutates: false; payable: false };
  transferMany: { args: { transfers: ([Address, bigint])[] }; returns: void; error: TokenError; mutates: true; payable: false };
  claim: { args: void; returns: bigint; error: TokenError; mutates: true; payable: false };
  claimable: { args: { account: Address }; returns: bigint; error: never; mutates: false; payable: false };
  spotPrice: { args: void; returns: bigint; error: never; mutates: false; payable: false };
  reserve: { args: void; returns: bigint; error: never; mutates: false; payable: false };
  curve: { args: void; returns: Sale; error: never; mutates: false; payable: false };
  vest: { args: { beneficiary: Address; tokens: bigint; schedule: Schedule }; returns: void; error: TokenError; mutates: true; payable: false };
  release: { args: { grantor: Address; beneficiary: Address }; returns: bigint; error: TokenError; mutates: true; payable: false };
  vestingOf: { args: { grantor: Address; beneficiary: Address }; returns: Vesting | null; error: never; mutates: false; payable: false };
  lowerFees: { args: { buyFeeBp: number; sellFeeBp: number }; returns: void; error: TokenError; mutates: true; payable: false };
  setPaused: { args: { paused: boolean }; returns: void; error: TokenError; mutates: true; payable: false };
  setFeeRecipient: { args: { recipient: Address }; returns: void; error: TokenError; mutates: true; payable: false };
  feeRecipient: { args: void; returns: Address; error: never; mutates: false; payable: false };
  pruneBought: { args: { account: Address }; returns: void; error: TokenError; mutates: true; payable: false };
  proposeOwner: { args: { candidate: Address }; returns: void; error: OwnershipError; mutates: true; payable: false };
  acceptOwnership: { args: void; returns: void; error: OwnershipError; mutates: true; payable: false };
  owner: { args: void; returns: Address; error: never; mutates: false; payable: false };
  pendingOwner: { args: void; returns: Address | null; error: never; mutates: false; payable: false };
  totalSupply: { args: void; returns: bigint; error: never; mutates: false; payable: false };
  balanceOf: { args: { owner: Address }; returns: bigint; error: never; mutates: false; payable: false };
  allowance: { args: { owner: Address; spender: Address }; returns: bigint; error: never; mutates: false; payable: false };
  transfer: { args: { to: Address; value: bigint; data: Uint8Array }; returns: void; error: PSP22Error; mutates: true; payable: false };
  transferFrom: { args: { from: Address; to: Address; value: bigint; data: Uint8Array }; returns: void; error: PSP22Error; mutates: true; payable: false };
  approve: { args: { spender: Address; value: bigint }; returns: void; error: PSP22Error; mutates: true; payable: false };
  increaseAllowance: { args: { spender: Address; deltaValue: bigint }; returns: void; error: PSP22Error; mutates: true; payable: false };
  decreaseAllowance: { args: { spender: Address; deltaValue: bigint }; returns: void; error: PSP22Error; mutates: true; payable: false };
  tokenName: { args: void; returns: string | null; error: never; mutates: false; payable: false };
  tokenSymbol: { args: void; returns: string | null; error: never; mutates: false; payable: false };
  tokenDecimals: { args: void; returns: number; error: never; mutates: false; payable: false };
  burn: { args: { value: bigint }; returns: void; error: PSP22Error; mutates: true; payable: false };
}

/** Arguments of the constructor of `creator_token`. */
export interface TokenConstructor { terms: TokenTerms }

/** Events of the contract `creator_token`. */
export interface TokenEvents {
  /** Event emitted when allowance by `owner` to `spender` changes. */
  Approval: {
    /** Account providing allowance. */
    owner: Address;
    /** Allowance beneficiary. */
    spender: Address;
    /** New allowance amount. */
    amount: bigint;
  };
  /**
   * Tokens were bought.
   *
   * Only the signature is a topic, as each topic costs as much as storing a value. The recipient is a topic of the
   * `Transfer` of the same call.
   */
  Bought: {
    /** Account that paid. */
    buyer: Address;
    /** Account that received the tokens. */
    recipient: Address;
    /** Account that gets a share of the fee. */
    referrer: Address | null;
    /** Smallest units bought. */
    tokens: bigint;
    /** Amount paid, in planck, fee included. */
    paid: bigint;
    /** Fee within `paid`, in planck, the referrer's share included. */
    fee: bigint;
  };
  /** Fees were paid out. */
  Claimed: {
    /** Account that was paid. */
    account: Address;
    /** Amount, in planck. */
    amount: bigint;
  };
  /** The recipient of the creator's fees changed. */
  FeeRecipientChanged: {
    /** Recipient from now on. */
    recipient: Address;
  };
  /** The creator's fees for later trades. */
  FeesLowered: {
    /** Fee on top of a buy, in basis points. */
    buyFeeBp: number;
    /** Fee out of a sale, in basis points. */
    sellFeeBp: number;
  };
  /** The proposed owner accepted. */
  OwnerChanged: {
    /** The owner before. */
    previous: Address;
    /** The owner from now on. */
    owner: Address;
  };
  /** The owner proposed a new owner. */
  OwnerProposed: {
    /** The owner. */
    owner: Address;
    /** The account that can accept. */
    candidate: Address;
  };
  /** Buying was suspended or resumed. */
  PauseChanged: {
    /** Whether buying is suspended from now on. */
    paused: boolean;
  };
  /** Tokens were sold back. Only the signature is a topic, as for `Bought`. */
  Sold: {
    /** Account that sold and was paid. */
    seller: Address;
    /** Smallest units sold. */
    tokens: bigint;
    /** Amount paid out, in planck, after the fee. */
    payout: bigint;
    /** Fee, in planck. */
    fee: bigint;
  };
  /** Event emitted when transfer of tokens occurs. */
  Transfer: {
    /** Transfer sender. `None` in case of minting new tokens. */
    from: Address | null;
    /** Transfer recipient. `None` in case of burning tokens. */
    to: Address | null;
    /** Amount of tokens transferred (or minted/burned). */
    value: bigint;
  };
  /** Vested tokens were released. The `Transfer` of the same call has the beneficiary as a topic. */
  VestingReleased: {
    /** Account that the tokens came from. */
    grantor: Address;
    /** Account that received them. */
    beneficiary: Address;
    /** Smallest units. */
    tokens: bigint;
  };
  /** Tokens were put under a vesting schedule. The `Transfer` of the same call has the grantor as a topic. */
  VestingStarted: {
    /** Account that the tokens came from. */
    grantor: Address;
    /** Account that receives them. */
    beneficiary: Address;
    /** Smallest units. */
    tokens: bigint;
    /** When the tokens vest. */
    schedule: Schedule;
  };
}

/** What encodes and decodes the messages and events of `creator_token`. */
export const tokenInterface: Interface = {
  name: 'token',
  types: [
    {result:[1,3]},
    {struct:[['tokens',2],['amount',2],['fee',2]]},
    'u128',
    {enum:[[0,'InvalidTerms',4],[1,'Paused',[]],[2,'CapReached',[['available',2]]],[3,'TooFewTokens',[['tokens',2]]],[4,'PaymentTooSmall',[['least',2]]],[5,'LaunchLimit',[['room',2]]],[6,'SelfReferral',[]],[7,'InsufficientBalance',[['balance',2]]],[8,'PayoutTooLow',[['payout',2]]],[9,'NothingToClaim',[]],[10,'TransferFailed',[]],[11,'InvalidSchedule',[]],[12,'AlreadyVesting',[]],[13,'NothingToRelease',[]],[14,'NotOwner',[]],[15,'GuardActive',[]]]},
    {enum:[[0,'NameOrSymbolEmpty',[]],[1,'TooManyDecimals',[['max',5]]],[2,'PriceZero',[]],[3,'PriceTooHigh',[['max',2]]],[4,'CapZero',[]],[5,'CapTooHigh',[['max',2]]],[6,'FeeTooHigh',[['maxBp',6]]],[7,'NameOrSymbolTooLong',[['max',6]]]]},
    'u8',
    'u16',
    'account',
    {option:7},
    {result:[10,3]},
    {tuple:[]},
    {list:12},
    {tuple:[7,2]},
    {result:[2,3]},
    {struct:[['curve',15],['cap',2],['sold',2],['burned',2],['reserve',2],['fees',2],['buyFeeBp',6],['sellFeeBp',6],['referralBp',6],['launchGuard',16],['paused',18]]},
    {struct:[['basePrice',2],['slope',2],['unit',2]]},
    {struct:[['until',17],['maxTokens',2]]},
    'u64',
    'bool',
    {struct:[['start',17],['cliff',17],['end',17]]},
    {option:21},
    {struct:[['tokens',2],['released',2],['schedule',19]]},
    {result:[10,23]},
    {names:[[0,'NotOwner'],[1,'NotProposed']]},
    {result:[10,25]},
    {enum:[[0,'Custom',26],[1,'InsufficientBalance',[]],[2,'InsufficientAllowance',[]],[3,'ZeroRecipientAddress',[]],[4,'ZeroSenderAddress',[]],[5,'SafeTransferCheckFailed',26]]},
    'str',
    'bytes',
    {option:26},
    {struct:[['name',26],['symbol',26],['decimals',5],['basePrice',2],['slope',2],['cap',30],['buyFeeBp',6],['sellFeeBp',6],['referralBp',6],['launchGuard',16]]},
    {option:2},
  ],
  create: ['0x9bae9d5e',[['terms',29]]],
  messages: {
    buy: ['0xfd61a65d',[['recipient',7],['minTokens',2],['referrer',8]],0,3],
    buyExact: ['0xf38b9c60',[['recipient',7],['tokens',2],['referrer',8]],0,3],
    sell: ['0x191ad0c3',[['tokens',2],['minPayout',2]],0,1],
    quoteBuy: ['0x8e0509d1',[['value',2]],0,0],
    quoteBuyExact: ['0x14dfc7bc',[['tokens',2]],0,0],
    quoteSell: ['0x6df0f62c',[['tokens',2]],0,0],
    transferMany: ['0x107258e8',[['transfers',11]],9,1],
    claim: ['0x20eef7fa',[],13,1],
    claimable: ['0x725bdb6b',[['account',7]],2,0],
    spotPrice: ['0x8bfcfb4a',[],2,0],
    reserve: ['0x27d37d4e',[],2,0],
    curve: ['0x7b359f7e',[],14,0],
    vest: ['0x76d853d1',[['beneficiary',7],['tokens',2],['schedule',19]],9,1],
    release: ['0x8ae5037f',[['grantor',7],['beneficiary',7]],13,1],
    vestingOf: ['0x3b19c092',[['grantor',7],['beneficiary',7]],20,0],
    lowerFees: ['0xeaae0269',[['buyFeeBp',6],['sellFeeBp',6]],9,1],
    setPaused: ['0x05d12169',[['paused',18]],9,1],
    setFeeRecipient: ['0xfa80c381',[['recipient',7]],9,1],
    feeRecipient: ['0x573a6149',[],7,0],
    pruneBought: ['0xe5d00c84',[['account',7]],9,1],
    proposeOwner: ['0x997d89f4',[['candidate',7]],22,1],
    acceptOwnership: ['0x29c6dd31',[],22,1],
    owner: ['0x4fa43c8c',[],7,0],
    pendingOwner: ['0x75de3ce9',[],8,0],
    totalSupply: ['0x162df8c2',[],2,0],
    balanceOf: ['0x6568382f',[['owner',7]],2,0],
    allowance: ['0x4d47d921',[['owner',7],['spender',7]],2,0],
    transfer: ['0xdb20f9f5',[['to',7],['value',2],['data',27]],24,1],
    transferFrom: ['0x54b3c76e',[['from',7],['to',7],['value',2],['data',27]],24,1],
    approve: ['0xb20f1bbd',[['spender',7],['value',2]],24,1],
    increaseAllowance: ['0x96d6b57a',[['spender',7],['deltaValue',2]],24,1],
    decreaseAllowance: ['0xfecb57d5',[['spender',7],['deltaValue',2]],24,1],
    tokenName: ['0x3d261bd4',[],28,0],
    tokenSymbol: ['0x34205be5',[],28,0],
    tokenDecimals: ['0x7271b782',[],5,0],
    burn: ['0x7a9da510',[['value',2]],24,1],
  },
  events: {
    '0x25cdb6c93882e925abbfc9a8b7c85884b73c038c03a2492f238a5e5ba3fbff8c': ['Approval',[['owner',7],['spender',7],['amount',2]]],
    '0xb5489440d492a19a0c0ff326fa245d1d349912c055f0d43d2e5ff7dd241854b8': ['Bought',[['buyer',7],['recipient',7],['referrer',8],['tokens',2],['paid',2],['fee',2]]],
    '0x3ceea201efe22f9dfcd793b6d9139e68c19c2af87b704324e41e02394b92ae3c': ['Claimed',[['account',7],['amount',2]]],
    '0x71a65d78369571d8204ac93036ca2099f66988eaf316c439faa49a7e3515c095': ['FeeRecipientChanged',[['recipient',7]]],
    '0xaee8b35d3d7664eab698c3a80ef0c7fef99369b3aa44a7bf75da72d4b421298c': ['FeesLowered',[['buyFeeBp',6],['sellFeeBp',6]]],
    '0x9ef42cc4499d202d7b9acfb908dd6465c36736e5e8b75f4ddadc1e4ec5b7bbea': ['OwnerChanged',[['previous',7],['owner',7]]],
    '0x4c50fd79c1ac5ff277151eb50059cc8a7993e073e23eede03d5a7ffe2e045ad3': ['OwnerProposed',[['owner',7],['candidate',7]]],
    '0x98da4797e069fa9d78897c77a02bf87b42d74f3b2b794c3747b66f912c82a018': ['PauseChanged',[['paused',18]]],
    '0xfed4c6267a3427a113cb35b0d4e6efb74278f1de0b1a790cad1e1a550bdf7c74': ['Sold',[['seller',7],['tokens',2],['payout',2],['fee',2]]],
    '0x990df076cb1e9527aa102cd100c1481efe393eeabb5825f9af1f5e58221864de': ['Transfer',[['from',8],['to',8],['value',2]]],
    '0x48837c4e99039199c328506c8de08242930c5a46803080ac3b744bb505bd7327': ['VestingReleased',[['grantor',7],['beneficiary',7],['tokens',2]]],
    '0x6189d8663195a427a20789776ac89f6a6259b3c234d98680f3c08d123deb6504': ['VestingStarted',[['grantor',7],['beneficiary',7],['tokens',2],['schedule',19]]],
  },
  stored: {},
};
