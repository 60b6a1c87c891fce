// Written by scripts/generate.mjs from the bundles and the words of the command: `scripts/web generate`. Not for editing.

import type { Address, Hex } from '../types.js';
import type { Interface } from '../scale.js';

export interface Standing {
  level: number;
  since: bigint;
  until: bigint;
  tipped: bigint;
  staked: bigint;
  stakedSince: bigint;
}

export type PayError =
  | 'NothingSent'
  | 'Paused'
  | 'Overflow';

export type VaultError =
  | { type: 'NotOwner' }
  | { type: 'UnknownTier' }
  | { type: 'PriceOutOfRange'; most: bigint }
  | { type: 'PeriodOutOfRange'; least: bigint; most: bigint }
  | { type: 'ZeroLevel' }
  | { type: 'ZeroSeats' }
  | { type: 'UriTooLong'; most: number }
  | { type: 'TooManyTiers'; most: number }
  | { type: 'Splits'; value: SplitsError }
  | { type: 'MemoTooLong'; most: number }
  | { type: 'NothingSent' }
  | { type: 'PriceTooHigh'; price: bigint }
  | { type: 'PaymentTooSmall'; least: bigint }
  | { type: 'PaymentTooLarge'; most: bigint }
  | { type: 'AlreadySubscribed'; until: bigint }
  | { type: 'SoldOut' }
  | { type: 'NotSubscribed' }
  | { type: 'NothingToClaim' }
  | { type: 'TransferFailed' }
  | { type: 'Overflow' }
  | { type: 'Paused' }
  | { type: 'WrongAsset' }
  | { type: 'TokenFailed' }
  | { type: 'TierClosed' }
  | { type: 'EndsInPast' }
  | { type: 'NotExpired'; from: bigint }
  | { type: 'CollectFirst'; tier: number }
  | { type: 'SplitsLocked'; until: bigint }
  | { type: 'NoToken' }
  | { type: 'CooldownTooLong'; most: bigint }
  | { type: 'InsufficientStake'; staked: bigint }
  | { type: 'CoolingDown'; ready: bigint }
  | { type: 'OtherTier'; tier: number }
  | { type: 'MinimumStayTooLong'; most: bigint }
  | { type: 'NothingToStake' };

export type SplitsError =
  | { type: 'TooMany'; most: number }
  | { type: 'ZeroShare' }
  | { type: 'Duplicate' }
  | { type: 'NotWhole'; sumBp: number }
  | { type: 'OnlyStakers' };

export type Asset =
  | { type: 'Native' }
  | { type: 'Psp22'; value: Address };

export interface Fan {
  tipped: bigint;
  subscription: Subscription | null;
  stake: Stake | null;
}

export interface Subscription {
  tier: number;
  level: number;
  since: bigint;
  stream: Stream;
}

export interface Stream {
  price: bigint;
  start: bigint;
  end: bigint;
  paid: bigint;
  minimum: bigint;
}

export interface Stake {
  staked: bigint;
  since: bigint;
  unstaking: bigint;
  ready: bigint;
}

export interface TierTerms {
  asset: Asset;
  price: bigint;
  period: bigint;
  level: number;
  seats: number | null;
  minimumStay: bigint;
  uri: Uint8Array;
}

export interface Tier {
  terms: TierTerms;
  open: boolean;
  taken: number;
  unsettled: number;
  settledUntil: bigint;
}

export interface Settlement {
  amount: bigint;
  more: boolean;
}

export interface Share {
  recipient: Address;
  bp: number;
}

export interface Splits {
  shares: Share[];
  stakers: number;
}

export interface Obligations {
  streams: bigint;
  unclaimed: bigint;
  credits: bigint;
  stakes: bigint;
}

export interface Settings {
  token: Address | null;
  cooldown: bigint;
  paused: boolean;
  splitsLockedUntil: bigint;
}

export type OwnershipError =
  | 'NotOwner'
  | 'NotProposed';

export interface VaultTerms {
  splits: Share[];
  stakers: number;
  tiers: TierTerms[];
  token: Address | null;
  cooldown: bigint;
}

/** Messages of the contract `patronage_vault`: arguments, result and error of each. */
export interface VaultMessages {
  standingOf: { args: { fan: Address }; returns: Standing; error: never; mutates: false; payable: false };
  pay: { args: { purpose: bigint }; returns: void; error: PayError; mutates: true; payable: true };
  tip: { args: { memo: Uint8Array }; returns: void; error: VaultError; mutates: true; payable: true };
  tipToken: { args: { token: Address; amount: bigint; memo: Uint8Array }; returns: bigint; error: VaultError; mutates: true; payable: false };
  tippedOf: { args: { fan: Address; asset: Asset }; returns: bigint; error: never; mutates: false; payable: false };
  subscribe: { args: { tier: number; fan: Address; tokens: bigint; maxPrice: bigint }; returns: bigint; error: VaultError; mutates: true; payable: true };
  topUp: { args: { fan: Address; tier: number; tokens: bigint; maxPrice: bigint }; returns: bigint; error: VaultError; mutates: true; payable: true };
  switchTier: { args: { tier: number; tokens: bigint; maxPrice: bigint }; returns: bigint; error: VaultError; mutates: true; payable: true };
  cancel: { args: void; returns: bigint; error: VaultError; mutates: true; payable: false };
  endSubscription: { args: { fan: Address }; returns: bigint; error: VaultError; mutates: true; payable: false };
  grant: { args: { fan: Address; tier: number; until: bigint }; returns: void; error: VaultError; mutates: true; payable: false };
  revokeGrant: { args: { fan: Address }; returns: void; error: VaultError; mutates: true; payable: false };
  prune: { args: { fan: Address }; returns: void; error: VaultError; mutates: true; payable: false };
  refundOf: { args: { fan: Address }; returns: bigint; error: never; mutates: false; payable: false };
  fan: { args: { account: Address }; returns: Fan; error: never; mutates: false; payable: false };
  withdraw: { args: { asset: Asset }; returns: bigint; error: VaultError; mutates: true; payable: false };
  creditOf: { args: { who: Address; asset: Asset }; returns: bigint; error: never; mutates: false; payable: false };
  stake: { args: { amount: bigint }; returns: bigint; error: VaultError; mutates: true; payable: false };
  unstake: { args: { amount: bigint }; returns: bigint; error: VaultError; mutates: true; payable: false };
  withdrawStake: { args: void; returns: bigint; error: VaultError; mutates: true; payable: false };
  claimStakeIncome: { args: { asset: Asset }; returns: bigint; error: VaultError; mutates: true; payable: false };
  stakeIncomeOf: { args: { who: Address; asset: Asset }; returns: bigint; error: never; mutates: false; payable: false };
  addTier: { args: { terms: TierTerms }; returns: number; error: VaultError; mutates: true; payable: false };
  updateTier: { args: { tier: number; price: bigint; seats: number | null; open: boolean; uri: Uint8Array }; returns: void; error: VaultError; mutates: true; payable: false };
  tier: { args: { id: number }; returns: Tier | null; error: never; mutates: false; payable: false };
  tierCount: { args: void; returns: number; error: never; mutates: false; payable: false };
  collect: { args: { tier: number; maxEpochs: number }; returns: Settlement; error: VaultError; mutates: true; payable: false };
  collectSaleFees: { args: void; returns: bigint; error: VaultError; mutates: true; payable: false };
  claim: { args: { asset: Asset; version: number }; returns: bigint; error: VaultError; mutates: true; payable: false };
  claimableOf: { args: { who: Address; asset: Asset; version: number }; returns: bigint; error: never; mutates: false; payable: false };
  setSplits: { args: { shares: Share[]; stakers: number }; returns: void; error: VaultError; mutates: true; payable: false };
  lockSplitsUntil: { args: { time: bigint }; returns: void; error: VaultError; mutates: true; payable: false };
  splits: { args: { version: number }; returns: Splits; error: never; mutates: false; payable: false };
  splitsVersion: { args: void; returns: number; error: never; mutates: false; payable: false };
  obligations: { args: { asset: Asset }; returns: Obligations; error: never; mutates: false; payable: false };
  setPaused: { args: { paused: boolean }; returns: void; error: VaultError; mutates: true; payable: false };
  settings: { args: void; returns: Settings; error: never; mutates: false; payable: false };
  proposeOwner: { args: { candidate: Address }; returns: void; error: OwnershipError; mutates: true; payable: false };
  acceptOwnership: { args: void; returns: void; error: OwnershipError; mutates: true; payable: false };
  owner: { args: void; returns: Address; error: never; mutates: false; payable: false };
  pendingOwner: { args: void; returns: Address | null; error: never; mutates: false; payable: false };
}

/** Arguments of the constructor of `patronage_vault`. */
export interface VaultConstructor { terms: VaultTerms }

/** Events of the contract `patronage_vault`. */
export interface VaultEvents {
  /** A recipient claimed income. */
  Claimed: {
    /** The recipient. */
    recipient: Address;
    /** Asset of the income. */
    asset: Asset;
    /** Version of the splits that the income belongs to. */
    version: number;
    /** Amount, in planck or smallest units. */
    amount: bigint;
  };
  /** Earnings of a tier became income. */
  Collected: {
    /** The tier. */
    tier: number;
    /** Amount, in planck or smallest units of the tier's asset. */
    amount: bigint;
    /** Version of the splits that the income belongs to. */
    version: number;
  };
  /** A subscription ended, and its seat is free. */
  Ended: {
    /** The fan. */
    fan: Address;
    /** The tier. */
    tier: number;
    /** Account that ended it: the fan who cancelled, the owner, or the caller who pruned it after expiry. */
    by: Address;
    /** Refund to the fan, in planck or smallest units. */
    refund: bigint;
    /** Whether the refund waits for the fan's `withdraw` instead of being paid at once. */
    credited: boolean;
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
  /** Another contract paid income: by `pay`, or the creator token by `collect_sale_fees`. */
  Paid: {
    /** The contract. */
    payer: Address;
    /** Number that the payer chose; 0 for the creator token's fees. */
    purpose: bigint;
    /** Amount, in planck. */
    amount: bigint;
  };
  /** New money was suspended or resumed. */
  PauseChanged: {
    /** Whether new money is suspended from now on. */
    paused: boolean;
  };
  /** The splits changed. */
  SplitsChanged: {
    /** Version of the new splits. */
    version: number;
    /** Recipients and their parts. */
    shares: Share[];
    /** The stakers' part, in basis points. */
    stakers: number;
  };
  /** The splits were locked. */
  SplitsLocked: {
    /** The first millisecond in which they can be changed. */
    until: bigint;
  };
  /** A fan staked, unstaked or withdrew. The fields are the state afterwards, in smallest units of the creator token. */
  StakeChanged: {
    /** The fan. */
    fan: Address;
    /** Staked tokens. */
    staked: bigint;
    /** Unstaked tokens that were not withdrawn. */
    unstaking: bigint;
    /** Time from which they can be withdrawn, in ms; 0 if there are none. */
    ready: bigint;
  };
  /** An account claimed stake income, or settled days. */
  StakeIncomeClaimed: {
    /** The account that claimed. */
    fan: Address;
    /** The asset. */
    asset: Asset;
    /** Amount paid, in planck or smallest units; 0 if only days were settled. */
    amount: bigint;
    /** Whether more is left for another call. */
    more: boolean;
  };
  /** The stakers' part of a day became income of the recipients, as no stake counted until the day's end. */
  StakeIncomeReturned: {
    /** The asset. */
    asset: Asset;
    /** Version of the splits that it belongs to. */
    version: number;
    /** The amount, in planck or smallest units. */
    amount: bigint;
  };
  /** A fan has a new subscription. It replaces the previous one, if any. */
  Subscribed: {
    /** The fan. */
    fan: Address;
    /** The tier. */
    tier: number;
    /** Account that paid: the fan, the giver of a gift, or the owner for a grant. */
    payer: Address;
    /** Agreed price of one period, in planck or smallest units; 0 for a grant. */
    price: bigint;
    /** Amount paid now. */
    paid: bigint;
    /** Amount carried over from the previous subscription. */
    carried: bigint;
    /** Part of `paid` and `carried` that the fan does not get back by cancelling, however early. */
    minimum: bigint;
    /** The first millisecond in which the subscription does not run. */
    until: bigint;
  };
  /** A tier is offered on these terms: it is new, or its terms have changed. */
  TierOffered: {
    /** Number of the tier. */
    tier: number;
    /** Its terms. */
    terms: TierTerms;
    /** Whether it accepts new subscriptions. */
    open: boolean;
  };
  /** A fan gave a tip. */
  Tipped: {
    /** The fan. */
    fan: Address;
    /** Asset of the tip. */
    asset: Asset;
    /** Amount that arrived, in planck or smallest units. */
    amount: bigint;
    /** The fan's memo. */
    memo: Uint8Array;
  };
  /** A running subscription was extended. */
  ToppedUp: {
    /** The fan. */
    fan: Address;
    /** Account that paid. */
    payer: Address;
    /** Amount paid, in planck or smallest units. */
    paid: bigint;
    /** The first millisecond in which the subscription does not run. */
    until: bigint;
  };
  /** A fan withdrew refunds. */
  Withdrawn: {
    /** The fan. */
    fan: Address;
    /** Asset of the refunds. */
    asset: Asset;
    /** Amount, in planck or smallest units. */
    amount: bigint;
  };
}

/** What encodes and decodes the messages and events of `patronage_vault`. */
export const vaultInterface: Interface = {
  name: 'vault',
  types: [
    {struct:[['level',1],['since',2],['until',2],['tipped',3],['staked',3],['stakedSince',2]]},
    'u8',
    'u64',
    'u128',
    'account',
    {result:[6,7]},
    {tuple:[]},
    {names:[[0,'NothingSent'],[1,'Paused'],[2,'Overflow']]},
    {result:[6,9]},
    {enum:[[0,'NotOwner',[]],[1,'UnknownTier',[]],[2,'PriceOutOfRange',[['most',3]]],[3,'PeriodOutOfRange',[['least',2],['most',2]]],[4,'ZeroLevel',[]],[5,'ZeroSeats',[]],[6,'UriTooLong',[['most',10]]],[7,'TooManyTiers',[['most',10]]],[8,'Splits',11],[9,'MemoTooLong',[['most',10]]],[10,'NothingSent',[]],[11,'PriceTooHigh',[['price',3]]],[12,'PaymentTooSmall',[['least',3]]],[13,'PaymentTooLarge',[['most',3]]],[14,'AlreadySubscribed',[['until',2]]],[15,'SoldOut',[]],[16,'NotSubscribed',[]],[17,'NothingToClaim',[]],[18,'TransferFailed',[]],[19,'Overflow',[]],[20,'Paused',[]],[21,'WrongAsset',[]],[22,'TokenFailed',[]],[23,'TierClosed',[]],[24,'EndsInPast',[]],[25,'NotExpired',[['from',2]]],[26,'CollectFirst',[['tier',10]]],[27,'SplitsLocked',[['until',2]]],[28,'NoToken',[]],[29,'CooldownTooLong',[['most',2]]],[30,'InsufficientStake',[['staked',3]]],[31,'CoolingDown',[['ready',2]]],[32,'OtherTier',[['tier',10]]],[33,'MinimumStayTooLong',[['most',2]]],[34,'NothingToStake',[]]]},
    'u32',
    {enum:[[0,'TooMany',[['most',1]]],[1,'ZeroShare',[]],[2,'Duplicate',[]],[3,'NotWhole',[['sumBp',10]]],[4,'OnlyStakers',[]]]},
    'bytes',
    {result:[3,9]},
    {enum:[[0,'Native',[]],[1,'Psp22',4]]},
    {result:[2,9]},
    {struct:[['tipped',3],['subscription',17],['stake',20]]},
    {option:18},
    {struct:[['tier',10],['level',1],['since',2],['stream',19]]},
    {struct:[['price',3],['start',2],['end',2],['paid',3],['minimum',3]]},
    {option:21},
    {struct:[['staked',3],['since',2],['unstaking',3],['ready',2]]},
    {result:[10,9]},
    {struct:[['asset',14],['price',3],['period',2],['level',1],['seats',24],['minimumStay',2],['uri',12]]},
    {option:10},
    'bool',
    {option:27},
    {struct:[['terms',23],['open',25],['taken',10],['unsettled',10],['settledUntil',2]]},
    {result:[29,9]},
    {struct:[['amount',3],['more',25]]},
    {list:31},
    {struct:[['recipient',4],['bp',32]]},
    'u16',
    {struct:[['shares',30],['stakers',32]]},
    {struct:[['streams',3],['unclaimed',3],['credits',3],['stakes',3]]},
    {struct:[['token',36],['cooldown',2],['paused',25],['splitsLockedUntil',2]]},
    {option:4},
    {result:[6,38]},
    {names:[[0,'NotOwner'],[1,'NotProposed']]},
    {struct:[['splits',30],['stakers',32],['tiers',40],['token',36],['cooldown',2]]},
    {list:23},
  ],
  create: ['0x9bae9d5e',[['terms',39]]],
  messages: {
    standingOf: ['0x149ab9f4',[['fan',4]],0,0],
    pay: ['0xb7cf3840',[['purpose',2]],5,3],
    tip: ['0xcc3baaf3',[['memo',12]],8,3],
    tipToken: ['0xbdd90e99',[['token',4],['amount',3],['memo',12]],13,1],
    tippedOf: ['0xe400ca5e',[['fan',4],['asset',14]],3,0],
    subscribe: ['0xf5bc67d1',[['tier',10],['fan',4],['tokens',3],['maxPrice',3]],15,3],
    topUp: ['0xe022f07c',[['fan',4],['tier',10],['tokens',3],['maxPrice',3]],15,3],
    switchTier: ['0xc72fa3b1',[['tier',10],['tokens',3],['maxPrice',3]],15,3],
    cancel: ['0xeb5cefc8',[],13,1],
    endSubscription: ['0x82905ffd',[['fan',4]],13,1],
    grant: ['0x2e999e0f',[['fan',4],['tier',10],['until',2]],8,1],
    revokeGrant: ['0xfe6992e0',[['fan',4]],8,1],
    prune: ['0x43e06c62',[['fan',4]],8,1],
    refundOf: ['0xab7e3fe4',[['fan',4]],3,0],
    fan: ['0xc421ce85',[['account',4]],16,0],
    withdraw: ['0x0e48c70e',[['asset',14]],13,1],
    creditOf: ['0x229de901',[['who',4],['asset',14]],3,0],
    stake: ['0x00930977',[['amount',3]],13,1],
    unstake: ['0x823bf7e2',[['amount',3]],15,1],
    withdrawStake: ['0xc4a85a87',[],13,1],
    claimStakeIncome: ['0xdf475569',[['asset',14]],13,1],
    stakeIncomeOf: ['0xdaa36e2d',[['who',4],['asset',14]],3,0],
    addTier: ['0xe506154e',[['terms',23]],22,1],
    updateTier: ['0x7b2bd4e7',[['tier',10],['price',3],['seats',24],['open',25],['uri',12]],8,1],
    tier: ['0xefa3c79e',[['id',10]],26,0],
    tierCount: ['0xb8be1717',[],10,0],
    collect: ['0xe47c3749',[['tier',10],['maxEpochs',10]],28,1],
    collectSaleFees: ['0xedfdd3cb',[],13,1],
    claim: ['0x5bfaf8a3',[['asset',14],['version',10]],13,1],
    claimableOf: ['0xcdb74f52',[['who',4],['asset',14],['version',10]],3,0],
    setSplits: ['0x81dc8739',[['shares',30],['stakers',32]],8,1],
    lockSplitsUntil: ['0xb2e8da2d',[['time',2]],8,1],
    splits: ['0xa01bbead',[['version',10]],33,0],
    splitsVersion: ['0x63983bc4',[],10,0],
    obligations: ['0x70787e9b',[['asset',14]],34,0],
    setPaused: ['0x08704cbb',[['paused',25]],8,1],
    settings: ['0x6d436cb0',[],35,0],
    proposeOwner: ['0x997d89f4',[['candidate',4]],37,1],
    acceptOwnership: ['0x29c6dd31',[],37,1],
    owner: ['0x4fa43c8c',[],4,0],
    pendingOwner: ['0x75de3ce9',[],36,0],
  },
  events: {
    '0x9642e0c1da45ca40463f6c9c8b7ee8dc434571b1a9648cbf9768e46387829b5d': ['Claimed',[['recipient',4],['asset',14],['version',10],['amount',3]]],
    '0x15b07fd6688db629500f77d13ff1d8811db467d1f45d85cef5b011bbe1300211': ['Collected',[['tier',10],['amount',3],['version',10]]],
    '0xa50fe5486afb5a8e0b33b36346ee5104f97bd598d5a69791aec805763c271f8d': ['Ended',[['fan',4],['tier',10],['by',4],['refund',3],['credited',25]]],
    '0x9ef42cc4499d202d7b9acfb908dd6465c36736e5e8b75f4ddadc1e4ec5b7bbea': ['OwnerChanged',[['previous',4],['owner',4]]],
    '0x4c50fd79c1ac5ff277151eb50059cc8a7993e073e23eede03d5a7ffe2e045ad3': ['OwnerProposed',[['owner',4],['candidate',4]]],
    '0xe0eff0b19a337891638a38913888a47511a6b534b6a14e4edf67c1399ee99f3b': ['Paid',[['payer',4],['purpose',2],['amount',3]]],
    '0x98da4797e069fa9d78897c77a02bf87b42d74f3b2b794c3747b66f912c82a018': ['PauseChanged',[['paused',25]]],
    '0x620aa4613a07c28b2aaec9591ffb3d9de721b891249608b406711062ef380dd9': ['SplitsChanged',[['version',10],['shares',30],['stakers',32]]],
    '0x9b3a2990c8cc7e7204271d681d15852fe681cf5805e694be82bc9d0f915aea8a': ['SplitsLocked',[['until',2]]],
    '0x629327fd66e5638d180f2c236ee4ec6eb2c754678f4612664738fd752610e7a8': ['StakeChanged',[['fan',4],['staked',3],['unstaking',3],['ready',2]]],
    '0x233a3ebae40c7ae77a924c713e9d922f894a55b558471a724939b882059933a1': ['StakeIncomeClaimed',[['fan',4],['asset',14],['amount',3],['more',25]]],
    '0x560f1532a27e77deb4f1dde535ed2432f55af243f36117f4c53b8b78e02af26d': ['StakeIncomeReturned',[['asset',14],['version',10],['amount',3]]],
    '0x3f9c1d52b8a4448977324e7b3bbad9a5e3105e49131323ee6640e7edc7f23e64': ['Subscribed',[['fan',4],['tier',10],['payer',4],['price',3],['paid',3],['carried',3],['minimum',3],['until',2]]],
    '0x7e2204c8576ba81e0b40aee5fe1cc9eda07fb492ab112143eb658f25b1b1827e': ['TierOffered',[['tier',10],['terms',23],['open',25]]],
    '0xb6aa9b81a5a74cc2006b7ee77b1395a51f9f14e8a51da1bc0d77a37b898d68e8': ['Tipped',[['fan',4],['asset',14],['amount',3],['memo',12]]],
    '0x346ddb636f2dcdec2543c34d1fca22dd073762794050d99e679959acc49d2be6': ['ToppedUp',[['fan',4],['payer',4],['paid',3],['until',2]]],
    '0x97c3da73b0af92a701a4aaa7879fbf6944b2e6bda6cab399db1911c9642350f2': ['Withdrawn',[['fan',4],['asset',14],['amount',3]]],
  },
  stored: {fans:['0xeee45208',16]},
};
