// Access rules in words, and what meets a condition that does not hold.

import type { NamedTier, RegistryTypes, Remedy, Unmet } from '@patronage/sdk';
import { buy, purchase, stake, subscribe, switchTo, tierName, tip, topUp } from './actions.js';
import { amount, duration, t, time } from './i18n.js';
import { creator, me, shop } from './state.js';
import { seatsLeft } from './views/join.js';

/** A condition in words. Amounts of another creator's token are in its smallest units, so they come without a symbol. */
export function conditionWords(condition: RegistryTypes.Condition): string {
  const of = creator.value!;
  const tokens = (value: bigint) => amount(value, of.tokenUnit);
  switch (condition.type) {
    case 'Holds': return t('rule.holds', { amount: condition.token === of.deployment.token ? tokens(condition.amount) : `${condition.amount} (${condition.token})` });
    case 'Staked': return t('rule.staked', { amount: tokens(condition.amount) });
    case 'HoldsOrStaked': return t('rule.either', { amount: tokens(condition.amount) });
    case 'Subscribed': return t('rule.level', { level: condition.level });
    case 'SubscribedFor': return t('rule.lasting', { level: condition.level, time: duration(condition.lasting) });
    case 'Tipped': return t('rule.tipped', { amount: amount(condition.amount, of.nativeUnit) });
    case 'NotBefore': return t('rule.time', { time: time(condition.time) });
    case 'Bought': return t('rule.bought', { id: condition.content });
    case 'Listed': return t('rule.listed', { list: condition.list });
  }
}

/** The cheapest tier of at least this level that has a seat. */
function tierFor(level: number): NamedTier | undefined {
  return shop.value!.tiers
    .filter((tier) => tier.open && tier.terms.level >= level && seatsLeft(tier) !== 0)
    .sort((a, b) => (a.terms.level !== b.terms.level ? a.terms.level - b.terms.level : Number(a.terms.price - b.terms.price)))[0];
}

/** A button for a condition that does not hold; without `run` there is nothing to do but what the words say. */
export function remedyFor(unmet: Unmet): { words: string; run?: () => void } {
  if (unmet.elsewhere) return { words: t('do.elsewhere', { address: unmet.elsewhere }) };
  return unmet.remedy ? button(unmet.remedy) : { words: t('do.nothing') };
}

function button(remedy: Remedy): { words: string; run?: () => void } {
  const of = creator.value!;
  const tokens = (value: bigint) => amount(value, of.tokenUnit);
  switch (remedy.do) {
    case 'buy': return { words: t('do.buy', { amount: tokens(remedy.tokens) }), run: () => buy({ tokens: remedy.tokens }) };
    case 'stake':
    case 'buyOrStake': {
      const short = remedy.tokens - (me.value?.tokens ?? 0n);
      // Tokens that count where they are need no stake.
      if (remedy.do === 'buyOrStake') return { words: t('do.buy', { amount: tokens(remedy.tokens) }), run: () => buy({ tokens: remedy.tokens }) };
      if (short > 0n) return { words: t('do.buy', { amount: tokens(short) }), run: () => buy({ tokens: short }) };
      return { words: t('do.stake', { amount: tokens(remedy.tokens) }), run: () => stake(remedy.tokens) };
    }
    case 'subscribe':
    case 'switch': {
      const tier = tierFor(remedy.level);
      if (!tier) return { words: t('join.full') };
      return remedy.do === 'subscribe'
        ? { words: t('do.subscribe', { tier: tierName(tier) }), run: () => subscribe(tier, tier.terms.price) }
        : { words: t('do.switch', { tier: tierName(tier) }), run: () => switchTo(tier) };
    }
    case 'keepSubscribed': {
      const stream = me.value?.fan.subscription?.stream;
      const words = t('do.keep', { time: time(remedy.until) });
      return stream && stream.end < remedy.until ? { words: `${words} · ${t('join.topup')}`, run: () => topUp(stream.price) } : { words };
    }
    case 'tip': return { words: t('do.tip', { amount: amount(remedy.amount, of.nativeUnit) }), run: () => tip(remedy.amount, '') };
    case 'purchase': return { words: t('do.purchase', { price: amount(remedy.price, of.nativeUnit) }), run: () => purchase(remedy.content) };
    case 'wait': return { words: t('do.wait', { time: time(remedy.until) }) };
  }
}
