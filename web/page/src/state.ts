// What the page knows: the creator on the chain, and the account that is connected.

import { computed, effect, signal } from '@preact/signals';
import {
  connect, sameAccount, type AccessAnswer, type Address, type NamedContent, type NamedTier, type Patronage, type Profile, type TokenTypes, type Unit, type VaultTypes, type WalletAccount,
} from '@patronage/sdk';
import type { CreatorConfig, PageConfig } from './config.js';
import { errorWords } from './i18n.js';
import { creatorNames, route } from './route.js';

/** What everybody can see of the creator. */
export interface Shop {
  name: string;
  sale: TokenTypes.Sale;
  price: bigint;
  tiers: NamedTier[];
  contents: NamedContent[];
  verified: boolean;
  /** Time of the newest block. */
  now: bigint;
  owner: Address;
  stakers: number;
  settings: VaultTypes.Settings;
  /** The chain's own money, then the tokens that tiers are paid in. */
  assets: NamedAsset[];
  /** How much content there is; `contents` has the newest of it. */
  contentCount: number;
}

/** Something that tiers are paid in. */
export interface NamedAsset { asset: VaultTypes.Asset; unit: Unit }
/** An amount of it. */
export interface Waiting extends NamedAsset { amount: bigint }

/** What the page shows to an account of itself. */
export interface Me {
  native: bigint;
  tokens: bigint;
  fan: VaultTypes.Fan;
  /** By the number of the content. */
  access: ReadonlyMap<number, AccessAnswer | null>;
  /** Refunds that wait, by asset. Assets without any are left out. */
  credits: Waiting[];
  /** Income of stakers that waits, by asset. */
  stakeIncome: Waiting[];
  referral: bigint;
  /** Whether the account manages the registry. */
  manager: boolean;
  /** Tokens that the creator's owner has put under a schedule for this account. */
  vesting: TokenTypes.Vesting | null;
}

export const config = signal<PageConfig | null>(null);
export const creatorConfig = computed<CreatorConfig | null>(() => config.value?.creators.find(({ name }) => name === route.value.creator) ?? null);
export const creator = signal<Patronage | null>(null);
export const shop = signal<Shop | null>(null);
export const account = signal<WalletAccount | null>(null);
export const me = signal<Me | null>(null);
/** The creator's profile, once it is there and its signature is checked. All of it is text of a stranger. */
export const profile = signal<Profile | null>(null);
/** Why the server's profile is not shown. */
export const profileFault = signal<string | null>(null);
/** Why the chain can't be shown at all. */
export const failure = signal<string | null>(null);
/** Whether the last refresh did not get an answer. */
export const lost = signal(false);
/** Whether the account owns the vault. */
export const isOwner = computed(() => Boolean(account.value && shop.value && sameAccount(account.value.address, shop.value.owner)));
/** Whether the account may publish: as owner, or as a manager of the registry. */
export const isManager = computed(() => isOwner.value || Boolean(me.value?.manager));

/** How often the state is asked again, in ms. */
const PERIOD = 12_000;
/** Contents that are listed at first, the newest ones, unless page.json says how many. */
const MOST_CONTENTS = 200;
/** How often a visitor has asked for older contents. */
const older = signal(0);

/** Lists older contents too, as many as were listed at first. */
export async function listOlder(): Promise<void> {
  older.value++;
  await refresh();
}
/** Content that one question may name. */
const AT_ONCE = 25;

/** Asks for everything that everybody can see. */
export async function refreshShop(): Promise<void> {
  const of = creator.value;
  if (!of) return;
  const contentCount = await of.registry.query.contentCount();
  const most = (creatorConfig.value?.newest ?? MOST_CONTENTS) * (older.value + 1);
  const first = Math.max(0, contentCount - most);
  const [name, sale, price, tiers, contents, codes, now, owner, version, settings] = await Promise.all([
    of.token.query.tokenName(), of.sale(), of.token.query.spotPrice(), of.tiers(), of.contents(first, most), of.verify(), of.chain.time(),
    of.vault.query.owner(), of.vault.query.splitsVersion(), of.vault.query.settings(),
  ]);
  const { stakers } = await of.vault.query.splits({ version });
  if (creator.value !== of) return;
  const verified = Object.values(codes).every(({ ours }) => ours);
  shop.value = { name: name ?? '', sale, price, tiers, contents, verified, now, owner, stakers, settings, assets: assetsOf(of, tiers), contentCount };
}

function assetsOf(of: Patronage, tiers: NamedTier[]): NamedAsset[] {
  const found: NamedAsset[] = [{ asset: { type: 'Native' }, unit: of.nativeUnit }];
  for (const { terms: { asset }, unit } of tiers) if (!found.some((one) => assetKey(one.asset) === assetKey(asset))) found.push({ asset, unit });
  return found;
}

/** Names an asset: the address of a token, or nothing for the chain's own money. */
export function assetKey(asset: VaultTypes.Asset): string {
  return asset.type === 'Native' ? '' : asset.value;
}

async function waiting(assets: NamedAsset[], ask: (asset: VaultTypes.Asset) => Promise<bigint>): Promise<Waiting[]> {
  const amounts = await Promise.all(assets.map(({ asset }) => ask(asset)));
  return assets.map((one, index) => ({ ...one, amount: amounts[index] ?? 0n })).filter(({ amount }) => amount > 0n);
}

/** Asks for what concerns the account. */
export async function refreshMe(): Promise<void> {
  const [of, who, seen] = [creator.value, account.value, shop.value];
  if (!of || !who || !seen) return;
  const { address } = who;
  const ids = seen.contents.map(({ id }) => id);
  const parts = Array.from({ length: Math.ceil(ids.length / AT_ONCE) }, (_, index) => ids.slice(index * AT_ONCE, (index + 1) * AT_ONCE));
  const [balances, fan, access, credits, stakeIncome, referral, manager, vesting] = await Promise.all([
    of.balances(address), of.fan(address), Promise.all(parts.map((part) => of.checkMany(part, address))),
    waiting(seen.assets, (asset) => of.vault.query.creditOf({ who: address, asset })),
    waiting(seen.assets, (asset) => of.vault.query.stakeIncomeOf({ who: address, asset })),
    of.token.query.claimable({ account: address }),
    of.registry.query.isManager({ account: address }), of.token.query.vestingOf({ grantor: seen.owner, beneficiary: address }),
  ]);
  if (account.value !== who || creator.value !== of) return;
  const answers = access.flat();
  const byId = new Map(ids.map((id, index) => [id, answers[index] ?? null]));
  me.value = { ...balances, fan, access: byId, credits, stakeIncome, referral, manager, vesting };
}

/** Asks for everything anew, and says whether the node answered. */
export async function refresh(): Promise<void> {
  try {
    await refreshShop();
    await refreshMe();
    lost.value = false;
  } catch (error) {
    console.warn(error);
    lost.value = true;
  }
}

/** Asks the server for the profile. Without one, the page shows what page.json says. */
async function readProfile(of: Patronage): Promise<void> {
  try {
    const found = await of.profile();
    if (creator.value === of) profile.value = found;
  } catch (error) {
    if (creator.value === of) profileFault.value = errorWords(error);
  }
}

/** Connects to the node of the creator that is shown. */
export async function open(): Promise<void> {
  const wanted = creatorConfig.value;
  older.value = 0;
  await creator.value?.close();
  [creator.value, shop.value, me.value, failure.value, profile.value, profileFault.value] = [null, null, null, null, null, null];
  if (!wanted) return;
  try {
    const { node, deployment, server } = wanted;
    const found = await connect({ node, deployment, ...(server ? { server } : {}) });
    if (creatorConfig.value !== wanted) return found.close();
    creator.value = found;
    await refreshShop();
    void readProfile(found);
  } catch (error) {
    failure.value = errorWords(error);
  }
}

/** Follows the address and the chain from now on. */
export function start(found: PageConfig): void {
  config.value = found;
  creatorNames.value = found.creators.map(({ name }) => name);
  let shown: CreatorConfig | null = null;
  effect(() => {
    const wanted = creatorConfig.value;
    if (wanted === shown) return;
    shown = wanted;
    void open();
  });
  effect(() => {
    if (!account.value) me.value = null;
    if (account.value && shop.value && !me.peek()) void refreshMe().catch(() => (lost.value = true));
  });
  setInterval(() => {
    if (document.visibilityState === 'visible' && creator.value) void refresh();
  }, PERIOD);
}
