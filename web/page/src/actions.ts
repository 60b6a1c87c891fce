// What can be done on the page, with what the sheet says of it.

import { sameAccount, type Address, type BuyQuote, type CancelQuote, type NamedTier, type Patronage, type SellQuote, type SubscribeQuote, type Unit } from '@patronage/sdk';
import { amount, duration, time, t } from './i18n.js';
import { creator, me, profile, shop, type Waiting } from './state.js';
import { act } from './sheet.js';

const the = () => creator.value as Patronage;
const native = (value: bigint) => amount(value, the().nativeUnit);
const tokens = (value: bigint) => amount(value, the().tokenUnit);
const REFERRER = 'referrer';

/** Keeps the account whose link brought the visitor. */
export function rememberReferrer(address: string | null): void {
  if (address && /^[1-9A-HJ-NP-Za-km-z]{46,50}$/.test(address)) sessionStorage.setItem(REFERRER, address);
}

function referrerFor(who: Address): Address | null {
  const kept = sessionStorage.getItem(REFERRER);
  try {
    return kept && !sameAccount(kept, who) && shop.value!.sale.referralBp > 0 ? kept : null;
  } catch {
    return null;
  }
}

/** The name of a tier. */
export function tierName(tier: Pick<NamedTier, 'id' | 'name'>): string {
  return tier.name ?? (profile.value?.tiers[tier.id]?.name || `#${tier.id}`);
}

/** Buys tokens for money, or so many tokens. */
export function buy(wish: { spend: bigint } | { tokens: bigint }): void {
  act<BuyQuote>({
    title: t('token.buy'),
    plan: ({ address }) => the().buy(address, wish, { referrer: referrerFor(address) }),
    lines: (quote) => [
      [t('token.get'), tokens(quote.tokens)], [t('token.least'), tokens(quote.tokensAtLeast)],
      [t('tx.pays'), native(quote.price)], [t('token.most'), native(quote.sentAtMost)],
    ],
  });
}

/** Sells tokens back. */
export function sell(count: bigint): void {
  act<SellQuote>({
    title: t('token.sell'),
    plan: () => the().sell(count),
    lines: (quote) => [[t('token.give'), tokens(quote.tokens)], [t('token.get'), native(quote.payout)], [t('token.least'), native(quote.payoutAtLeast)]],
  });
}

/** Tips. */
export function tip(value: bigint, memo: string): void {
  act<{ amount: bigint; memo: string }>({
    title: t('tip.title'),
    plan: () => the().tip(value, memo),
    lines: (quote) => [[t('tip.amount'), native(quote.amount)], ...(quote.memo ? [[t('tip.memo'), quote.memo] as const] : [])],
  });
}

function subscription(quote: SubscribeQuote, who: Address): (readonly [string, string])[] {
  const in_ = (value: bigint) => amount(value, quote.unit as Unit);
  return [
    ...(sameAccount(quote.fan, who) ? [] : [[t('tx.for'), quote.fan] as const]),
    [t('tx.pays'), in_(quote.paid)],
    ...(quote.carriedOver > 0n ? [[t('tx.carried'), in_(quote.carriedOver)] as const] : []),
    [t('tx.lasts'), duration(quote.lasts)],
    ...(quote.notRefundable > 0n ? [[t('tx.norefund'), in_(quote.notRefundable)] as const] : []),
  ];
}

/** Joins a tier, or gives it to someone. */
export function subscribe(tier: NamedTier, paid: bigint, fan?: Address): void {
  act<SubscribeQuote>({
    title: t('join.do', { tier: tierName(tier) }),
    plan: ({ address }) => the().subscribe(address, tier.id, paid, fan ?? address),
    lines: (quote, { address }) => subscription(quote, address),
  });
}

/** Pays a membership further ahead. */
export function topUp(paid: bigint): void {
  act<SubscribeQuote>({ title: t('join.topup'), plan: ({ address }) => the().topUp(address, paid), lines: (quote, { address }) => subscription(quote, address) });
}

/** Moves the membership to another tier, paying what the rest of it does not cover of one period. */
export function switchTo(tier: NamedTier): void {
  act<SubscribeQuote>({
    title: t('join.switch', { tier: tierName(tier) }),
    plan: async ({ address }) => {
      const { quote } = await the().switchTier(address, tier.id, 0n);
      const missing = tier.terms.price - quote.carriedOver;
      return the().switchTier(address, tier.id, missing > 0n ? missing : 0n);
    },
    lines: (quote, { address }) => subscription(quote, address),
  });
}

/** Cancels the membership. */
export function cancelMembership(): void {
  act<CancelQuote>({
    title: t('join.cancel'),
    plan: ({ address }) => the().cancel(address),
    lines: ({ refund, earned, keptForMinimumStay, unit }) => [
      [t('tx.refund'), amount(refund, unit)], [t('tx.earned'), amount(earned, unit)],
      ...(keptForMinimumStay > 0n ? [[t('tx.kept'), amount(keptForMinimumStay, unit)] as const] : []),
    ],
  });
}

/** Stakes tokens. */
export function stake(count: bigint): void {
  act<{ amount: bigint }>({ title: t('me.stake'), plan: () => the().stake(count), lines: (quote) => [[t('me.stake'), tokens(quote.amount)]] });
}

/** Begins to free staked tokens. */
export function unstake(count: bigint): void {
  act<{ amount: bigint }>({ title: t('me.unstake'), plan: () => the().unstake(count), lines: (quote) => [[t('me.unstake'), tokens(quote.amount)]] });
}

/** Buys content for good. */
export function purchase(id: number): void {
  act<{ price: bigint; release: bigint }>({
    title: t('content.number', { id }),
    plan: ({ address }) => the().purchase(id, address),
    lines: (quote) => [[t('tx.pays'), native(quote.price)], ...(quote.release > 0n ? [[t('tx.release'), time(quote.release)] as const] : [])],
  });
}

/** Releases the tokens of a schedule that have vested, to its beneficiary. Everybody may do that. */
export function release(grantor: Address, beneficiary: Address): void {
  act({ title: t('me.release'), plan: () => the().plan({}, the().token.call.release({ grantor, beneficiary })), lines: () => [[t('tx.for'), beneficiary]] });
}

/** Takes out what waits: free tokens, income of stakers, refunds, referral fees. */
export const take = {
  stake: () => act({ title: t('me.withdraw', { amount: tokens(me.value?.fan.stake?.unstaking ?? 0n) }), plan: () => the().withdrawStake() }),
  income: ({ asset, unit, amount: value }: Waiting) => act({ title: t('me.income'), plan: () => the().plan({}, the().vault.call.claimStakeIncome({ asset })), lines: () => [[t('me.income'), amount(value, unit)]] }),
  refund: ({ asset, unit, amount: value }: Waiting) => act({ title: t('me.refund'), plan: () => the().plan({}, the().vault.call.withdraw({ asset })), lines: () => [[t('me.refund'), amount(value, unit)]] }),
  referral: () => act({ title: t('me.referral'), plan: () => the().plan({}, the().token.call.claim()), lines: () => [[t('me.referral'), native(me.value?.referral ?? 0n)]] }),
};
