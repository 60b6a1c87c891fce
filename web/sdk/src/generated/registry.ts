// Written by scripts/generate.mjs from the bundles and the words of the command: `scripts/web generate`. Not for editing.

import type { Address, Hex } from '../types.js';
import type { Interface } from '../scale.js';

export type RegistryError =
  | { type: 'NotOwner' }
  | { type: 'UnknownContent' }
  | { type: 'UriEmpty' }
  | { type: 'UriTooLong'; most: number }
  | { type: 'InvalidKey' }
  | { type: 'Audience'; value: InvalidAudience }
  | { type: 'NamesRegistry' }
  | { type: 'TooManyContents' }
  | { type: 'NotManager' }
  | { type: 'PriceOutOfRange'; most: bigint }
  | { type: 'NoVault' }
  | { type: 'NotForSale' }
  | { type: 'PriceTooHigh'; price: bigint }
  | { type: 'PaymentTooSmall'; least: bigint }
  | { type: 'AlreadyBought' }
  | { type: 'Refused'; value: PayError }
  | { type: 'VaultFailed' }
  | { type: 'TransferFailed' }
  | { type: 'TooManyAtOnce'; most: number }
  | { type: 'AnswerTooLong'; fit: number }
  | { type: 'ReleasedTooLate'; release: bigint }
  | { type: 'ReleaseSold'; latest: bigint }
  | { type: 'LimitsOutOfRange' };

export type InvalidAudience =
  | { type: 'NoRules' }
  | { type: 'TooManyRules' }
  | { type: 'EmptyRule'; rule: number }
  | { type: 'TooManyConditions'; rule: number }
  | { type: 'ZeroAmount'; rule: number }
  | { type: 'ZeroLevel'; rule: number };

export type PayError =
  | 'NothingSent'
  | 'Paused'
  | 'Overflow';

export interface Content {
  uri: Uint8Array;
  hash: Hex;
  publicKey: Hex;
}

export interface Terms {
  audience: Audience;
  price: bigint | null;
  release: bigint;
  retired: boolean;
}

export type Audience =
  | { type: 'Everyone' }
  | { type: 'Nobody' }
  | { type: 'AnyOf'; value: (Condition[])[] };

export type Condition =
  | { type: 'Holds'; token: Address; amount: bigint }
  | { type: 'Staked'; vault: Address; amount: bigint }
  | { type: 'HoldsOrStaked'; token: Address; vault: Address; amount: bigint }
  | { type: 'Subscribed'; vault: Address; level: number; grace: bigint }
  | { type: 'SubscribedFor'; vault: Address; level: number; lasting: bigint }
  | { type: 'Tipped'; vault: Address; amount: bigint }
  | { type: 'NotBefore'; time: bigint }
  | { type: 'Bought'; content: number }
  | { type: 'Listed'; list: number };

export type Access =
  | { type: 'Granted'; value: Grant }
  | { type: 'Denied'; value: (Missing[])[] };

export type Grant =
  | { type: 'Everyone' }
  | { type: 'Rule'; value: number }
  | { type: 'Purchase' };

export interface Missing {
  condition: Condition;
  shortfall: Shortfall;
}

export type Shortfall =
  | { type: 'Amount'; have: bigint; shortBy: bigint }
  | { type: 'Subscription'; level: number; ended: bigint | null; wait: bigint }
  | { type: 'Time'; wait: bigint }
  | { type: 'Unavailable'; contract: Address }
  | { type: 'Purchase'; price: bigint | null }
  | { type: 'NotListed' };

export interface Standing {
  level: number;
  since: bigint;
  until: bigint;
  tipped: bigint;
  staked: bigint;
  stakedSince: bigint;
}

export interface QuestionLimits {
  refTime: bigint;
  proofSize: bigint;
}

export type OwnershipError =
  | 'NotOwner'
  | 'NotProposed';

/** Messages of the contract `content_registry`: arguments, result and error of each. */
export interface RegistryMessages {
  publish: { args: { content: Content; terms: Terms }; returns: number; error: RegistryError; mutates: true; payable: false };
  replaceFile: { args: { id: number; content: Content }; returns: void; error: RegistryError; mutates: true; payable: false };
  changeTerms: { args: { id: number; terms: Terms }; returns: void; error: RegistryError; mutates: true; payable: false };
  content: { args: { id: number }; returns: Content | null; error: never; mutates: false; payable: false };
  terms: { args: { id: number }; returns: Terms | null; error: never; mutates: false; payable: false };
  contentCount: { args: void; returns: number; error: never; mutates: false; payable: false };
  hasAccess: { args: { id: number; account: Address }; returns: boolean; error: never; mutates: false; payable: false };
  check: { args: { id: number; account: Address }; returns: Access; error: RegistryError; mutates: false; payable: false };
  checkMany: { args: { ids: number[]; account: Address }; returns: (Access | null)[]; error: RegistryError; mutates: false; payable: false };
  balanceAt: { args: { token: Address; account: Address }; returns: bigint | null; error: never; mutates: false; payable: false };
  standingAt: { args: { vault: Address; account: Address }; returns: Standing | null; error: never; mutates: false; payable: false };
  purchase: { args: { id: number; recipient: Address; maxPrice: bigint; latestRelease: bigint }; returns: void; error: RegistryError; mutates: true; payable: true };
  hasBought: { args: { id: number; account: Address }; returns: boolean; error: never; mutates: false; payable: false };
  setListed: { args: { list: number; accounts: Address[]; listed: boolean }; returns: void; error: RegistryError; mutates: true; payable: false };
  isListed: { args: { list: number; account: Address }; returns: boolean; error: never; mutates: false; payable: false };
  setManager: { args: { account: Address; appointed: boolean }; returns: void; error: RegistryError; mutates: true; payable: false };
  isManager: { args: { account: Address }; returns: boolean; error: never; mutates: false; payable: false };
  managerCount: { args: void; returns: number; error: never; mutates: false; payable: false };
  setQuestionLimits: { args: { limits: QuestionLimits }; returns: void; error: RegistryError; mutates: true; payable: false };
  questionLimits: { args: void; returns: QuestionLimits; error: never; mutates: false; payable: false };
  setVault: { args: { vault: Address | null }; returns: void; error: RegistryError; mutates: true; payable: false };
  vault: { args: void; returns: Address | null; error: never; mutates: false; payable: false };
  proposeOwner: { args: { candidate: Address }; returns: void; error: OwnershipError; mutates: true; payable: false };
  acceptOwnership: { args: void; returns: void; error: OwnershipError; mutates: true; payable: false };
  owner: { args: void; returns: Address; error: never; mutates: false; payable: false };
  pendingOwner: { args: void; returns: Address | null; error: never; mutates: false; payable: false };
}

/** Arguments of the constructor of `content_registry`. */
export interface RegistryConstructor { vault: Address | null }

/** Events of the contract `content_registry`. */
export interface RegistryEvents {
  /** The file of content was replaced. */
  FileReplaced: {
    /** Number of the content. */
    id: number;
    /** URI of the encrypted file from now on. */
    uri: Uint8Array;
    /** Hash of the encrypted file. */
    hash: Hex;
    /** Public key that the file is encrypted to. */
    publicKey: Hex;
  };
  /** Accounts were added to a list of the creator, or removed. */
  ListChanged: {
    /** The list. */
    list: number;
    /** The accounts. */
    accounts: Address[];
    /** Whether they are on the list from now on. */
    listed: boolean;
  };
  /** A manager was appointed or dismissed. */
  ManagerChanged: {
    /** The account. */
    account: Address;
    /** Whether the account is a manager from now on. */
    appointed: boolean;
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
  /** Content was published. */
  Published: {
    /** Number of the content. */
    id: number;
    /** Account that published it. */
    publisher: Address;
    /** URI of the encrypted file. */
    uri: Uint8Array;
    /** Hash of the encrypted file. */
    hash: Hex;
    /** Public key that the file is encrypted to. */
    publicKey: Hex;
    /** Price of permanent access, in planck; `None` if it is not for sale. */
    price: bigint | null;
    /** The first millisecond in which it can be opened. */
    release: bigint;
    /** Whether it is retired. */
    retired: boolean;
  };
  /** Content was bought. */
  Purchased: {
    /** Number of the content. */
    id: number;
    /** Account that can open it from now on. */
    recipient: Address;
    /** Account that paid: the recipient, or the giver of a gift. */
    payer: Address;
    /** Amount paid to the vault, in planck. */
    price: bigint;
  };
  /** The limits of a call to another contract changed. */
  QuestionLimitsChanged: {
    /** Computing time in picoseconds. */
    refTime: bigint;
    /** Size of the proof in bytes. */
    proofSize: bigint;
  };
  /** The terms of content changed. The message `terms` returns the rules. */
  TermsChanged: {
    /** Number of the content. */
    id: number;
    /** Price of permanent access, in planck; `None` if it is not for sale. */
    price: bigint | null;
    /** The first millisecond in which it can be opened. */
    release: bigint;
    /** Whether it is retired. */
    retired: boolean;
  };
  /** The vault that receives the money for purchases changed. */
  VaultChanged: {
    /** The vault from now on; with `None` nothing can be bought. */
    vault: Address | null;
  };
}

/** What encodes and decodes the messages and events of `content_registry`. */
export const registryInterface: Interface = {
  name: 'registry',
  types: [
    {result:[1,2]},
    'u32',
    {enum:[[0,'NotOwner',[]],[1,'UnknownContent',[]],[2,'UriEmpty',[]],[3,'UriTooLong',[['most',1]]],[4,'InvalidKey',[]],[5,'Audience',3],[6,'NamesRegistry',[]],[7,'TooManyContents',[]],[8,'NotManager',[]],[9,'PriceOutOfRange',[['most',5]]],[10,'NoVault',[]],[11,'NotForSale',[]],[12,'PriceTooHigh',[['price',5]]],[13,'PaymentTooSmall',[['least',5]]],[14,'AlreadyBought',[]],[15,'Refused',6],[16,'VaultFailed',[]],[17,'TransferFailed',[]],[18,'TooManyAtOnce',[['most',1]]],[19,'AnswerTooLong',[['fit',1]]],[20,'ReleasedTooLate',[['release',7]]],[21,'ReleaseSold',[['latest',7]]],[22,'LimitsOutOfRange',[]]]},
    {enum:[[0,'NoRules',[]],[1,'TooManyRules',[]],[2,'EmptyRule',[['rule',4]]],[3,'TooManyConditions',[['rule',4]]],[4,'ZeroAmount',[['rule',4]]],[5,'ZeroLevel',[['rule',4]]]]},
    'u8',
    'u128',
    {names:[[0,'NothingSent'],[1,'Paused'],[2,'Overflow']]},
    'u64',
    {struct:[['uri',9],['hash',10],['publicKey',10]]},
    'bytes',
    {bytes:32},
    {struct:[['audience',12],['price',17],['release',7],['retired',18]]},
    {enum:[[0,'Everyone',[]],[1,'Nobody',[]],[2,'AnyOf',13]]},
    {list:14},
    {list:15},
    {enum:[[0,'Holds',[['token',16],['amount',5]]],[1,'Staked',[['vault',16],['amount',5]]],[2,'HoldsOrStaked',[['token',16],['vault',16],['amount',5]]],[3,'Subscribed',[['vault',16],['level',4],['grace',7]]],[4,'SubscribedFor',[['vault',16],['level',4],['lasting',7]]],[5,'Tipped',[['vault',16],['amount',5]]],[6,'NotBefore',[['time',7]]],[7,'Bought',[['content',1]]],[8,'Listed',[['list',1]]]]},
    'account',
    {option:5},
    'bool',
    {result:[20,2]},
    {tuple:[]},
    {option:8},
    {option:11},
    {result:[24,2]},
    {enum:[[0,'Granted',25],[1,'Denied',26]]},
    {enum:[[0,'Everyone',[]],[1,'Rule',4],[2,'Purchase',[]]]},
    {list:27},
    {list:28},
    {struct:[['condition',15],['shortfall',29]]},
    {enum:[[0,'Amount',[['have',5],['shortBy',5]]],[1,'Subscription',[['level',4],['ended',30],['wait',7]]],[2,'Time',[['wait',7]]],[3,'Unavailable',[['contract',16]]],[4,'Purchase',[['price',17]]],[5,'NotListed',[]]]},
    {option:7},
    {result:[32,2]},
    {list:33},
    {option:24},
    {list:1},
    {option:36},
    {struct:[['level',4],['since',7],['until',7],['tipped',5],['staked',5],['stakedSince',7]]},
    {list:16},
    {struct:[['refTime',7],['proofSize',7]]},
    {option:16},
    {result:[20,41]},
    {names:[[0,'NotOwner'],[1,'NotProposed']]},
  ],
  create: ['0x9bae9d5e',[['vault',39]]],
  messages: {
    publish: ['0x54bccfd4',[['content',8],['terms',11]],0,1],
    replaceFile: ['0x6e5af3fb',[['id',1],['content',8]],19,1],
    changeTerms: ['0xe7904945',[['id',1],['terms',11]],19,1],
    content: ['0xfafa4dc0',[['id',1]],21,0],
    terms: ['0xd8fa9d37',[['id',1]],22,0],
    contentCount: ['0x3f53da16',[],1,0],
    hasAccess: ['0xcc01bc2b',[['id',1],['account',16]],18,0],
    check: ['0xa87fda26',[['id',1],['account',16]],23,0],
    checkMany: ['0xdd9ba481',[['ids',34],['account',16]],31,0],
    balanceAt: ['0x5a7bea2a',[['token',16],['account',16]],17,0],
    standingAt: ['0x8b62a842',[['vault',16],['account',16]],35,0],
    purchase: ['0x7a791e4d',[['id',1],['recipient',16],['maxPrice',5],['latestRelease',7]],19,3],
    hasBought: ['0x24014a16',[['id',1],['account',16]],18,0],
    setListed: ['0x54d1ad09',[['list',1],['accounts',37],['listed',18]],19,1],
    isListed: ['0x5c82ce82',[['list',1],['account',16]],18,0],
    setManager: ['0xb5bd745e',[['account',16],['appointed',18]],19,1],
    isManager: ['0x7a250b77',[['account',16]],18,0],
    managerCount: ['0xb1e5430f',[],1,0],
    setQuestionLimits: ['0x88a7bf2b',[['limits',38]],19,1],
    questionLimits: ['0x3e23c5c4',[],38,0],
    setVault: ['0xd22f26c8',[['vault',39]],19,1],
    vault: ['0x8acf847f',[],39,0],
    proposeOwner: ['0x997d89f4',[['candidate',16]],40,1],
    acceptOwnership: ['0x29c6dd31',[],40,1],
    owner: ['0x4fa43c8c',[],16,0],
    pendingOwner: ['0x75de3ce9',[],39,0],
  },
  events: {
    '0x328407e55118626207284e0a89aa179fadd682a52cf72c6e1bdde174f991e572': ['FileReplaced',[['id',1],['uri',9],['hash',10],['publicKey',10]]],
    '0x3544750ab3dc2f2ae001b9dbb4608e453622494609612f8ad8cff48644e9e0cd': ['ListChanged',[['list',1],['accounts',37],['listed',18]]],
    '0x9b64b87525c9b3da28e19ecd42bb631064a4e3fe976e8066d34ff3eefd13b403': ['ManagerChanged',[['account',16],['appointed',18]]],
    '0x9ef42cc4499d202d7b9acfb908dd6465c36736e5e8b75f4ddadc1e4ec5b7bbea': ['OwnerChanged',[['previous',16],['owner',16]]],
    '0x4c50fd79c1ac5ff277151eb50059cc8a7993e073e23eede03d5a7ffe2e045ad3': ['OwnerProposed',[['owner',16],['candidate',16]]],
    '0x31c22a440ffd7ace74fc1c1cecf042559957a2cedbc1494ae0a9b0e1653e9c72': ['Published',[['id',1],['publisher',16],['uri',9],['hash',10],['publicKey',10],['price',17],['release',7],['retired',18]]],
    '0xe2acf9604cbb9b21213ea31dbca862a273bafd9cde8a3d777d65838c9c29a280': ['Purchased',[['id',1],['recipient',16],['payer',16],['price',5]]],
    '0x7ce16bf95a48da485f92eff1d2c9db1f95802041ea8d16365a481005f9ffb392': ['QuestionLimitsChanged',[['refTime',7],['proofSize',7]]],
    '0x6c3f131c7d254fa33372bd1e63a81aaf5200e748c03a1be2680b7539c12b30e5': ['TermsChanged',[['id',1],['price',17],['release',7],['retired',18]]],
    '0x293955491d52912828be9456cee8b1c64d7227252cb8553e932bb3ecb4ea38eb': ['VaultChanged',[['vault',39]]],
  },
  stored: {},
};
