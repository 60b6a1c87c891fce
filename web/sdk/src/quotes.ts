// What is shown before something is done, and the figures in it.

import type { Address } from './types.js';
import type { Unit } from './units.js';

/** What buying brings and takes. */
export interface BuyQuote { recipient: Address; tokens: bigint; price: bigint; fee: bigint; sentAtMost: bigint; tokensAtLeast: bigint }
/** What selling brings. */
export interface SellQuote { tokens: bigint; payout: bigint; fee: bigint; payoutAtLeast: bigint }
/** What a subscription takes and gives. Amounts are in smallest units of `unit`; times in ms. */
export interface SubscribeQuote {
  tier: number; fan: Address; level: number; price: bigint; period: bigint; paid: bigint; carriedOver: bigint; lasts: bigint;
  /** What never comes back to who leaves early. */
  notRefundable: bigint; minimumStay: bigint; unit: Unit; approvedFirst: boolean;
}
/** What a cancel brings. */
export interface CancelQuote { tier: number; refund: bigint; earned: bigint; keptForMinimumStay: bigint; unit: Unit }

const PERCENT = 100n;

/** As the command allows for a change of the price, rounded to whole hundredths upwards. */
function part(amount: bigint, slippage: bigint): bigint {
  if (slippage < 0n || slippage > PERCENT) throw new RangeError('slippage is from 0 to 100 percent');
  return ((amount + PERCENT - 1n) / PERCENT) * slippage;
}

/** `amount` and as much of it as the price may change. */
export function more(amount: bigint, slippage: bigint): bigint {
  return amount + part(amount, slippage);
}

/** `amount` without as much of it as the price may change. */
export function less(amount: bigint, slippage: bigint): bigint {
  const off = part(amount, slippage);
  return amount > off ? amount - off : 0n;
}

/** What `time` ms cost at `price` for `period`, rounded up as the vault does. */
export function cost(price: bigint, period: bigint, time: bigint): bigint {
  return (price * time + period - 1n) / period;
}

/** What time has not earned of a stream at `now`, as the vault counts it. */
export function unearned(stream: { price: bigint; start: bigint; end: bigint; paid: bigint }, period: bigint, now: bigint): bigint {
  if (now >= stream.end) return 0n;
  const elapsed = now > stream.start ? now - stream.start : 0n;
  const earned = cost(stream.price, period, elapsed);
  return stream.paid > earned ? stream.paid - earned : 0n;
}

/** What a subscription of these terms takes and gives. */
export function subscribeQuote(
  tier: number, fan: Address, terms: { level: number; price: bigint; period: bigint; minimumStay: bigint },
  paid: bigint, carriedOver: bigint, notRefundable: bigint, unit: Unit,
): SubscribeQuote {
  const { level, price, period, minimumStay } = terms;
  const lasts = price === 0n ? 0n : ((paid + carriedOver) * period) / price;
  return { tier, fan, level, price, period, paid, carriedOver, lasts, notRefundable, minimumStay, unit, approvedFirst: false };
}
