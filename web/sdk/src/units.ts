// Amounts, durations and times as the command writes and reads them; vectors hold both sides together.

/** How a token, or a chain's own, names and divides itself. */
export interface Unit {
  symbol: string;
  decimals: number;
}

/** A number that is not as it must be, in words. */
export class InputError extends Error {
  override name = 'InputError';
}

/** `amount` smallest units in whole ones, grouped by thousands and without needless zeros. */
export function formatAmount(amount: bigint, decimals: number): string {
  const digits = amount.toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals).replace(/\B(?=(\d{3})+$)/g, ',');
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '');
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

/** `amount` smallest units with the symbol, such as `1.5 UNIT`. */
export function format(amount: bigint, unit: Unit): string {
  return `${formatAmount(amount, unit.decimals)} ${unit.symbol}`;
}

/** `amount` smallest units as they are typed: in whole units, without separators or symbol. */
export function plain(amount: bigint, unit: Unit): string {
  return formatAmount(amount, unit.decimals).replaceAll(',', '');
}

const MOST = (1n << 128n) - 1n;

/**
 * `text`, an amount in whole units such as `12` or `0.05`, in smallest units.
 *
 * @throws InputError in words
 */
export function parseAmount(text: string, decimals: number): bigint {
  const fail = (why: string) => new InputError(`"${text}" is not an amount: ${why}`);
  if (text.startsWith('-')) throw fail('it is negative');
  const point = text.indexOf('.');
  const [whole, fraction] = point < 0 ? [text, ''] : [text.slice(0, point), text.slice(point + 1)];
  if (!/^[0-9]+$/.test(whole) || !/^[0-9]*$/.test(fraction) || text.endsWith('.')) {
    throw fail(
      /[,_' ]/.test(text) && /[0-9]/.test(text)
        ? 'write the digits of a number of whole units without separators or symbol, such as 1200, and a point before decimals, such as 0.05'
        : 'write a number of whole units, such as 12 or 0.05',
    );
  }
  const shortened = fraction.replace(/0+$/, '');
  // Where a point groups thousands, 1.500 is fifteen hundred.
  if (fraction.length === 3 && shortened.length < 3 && whole.length <= 3 && !whole.startsWith('0')) {
    throw fail(`it can mean ${shortened === '' ? whole : `${whole}.${shortened}`} or ${whole}${fraction}: write one of them`);
  }
  if (shortened.length > decimals) throw fail(`it has too many decimals: write at most ${decimals}`);
  const amount = BigInt(whole + shortened.padEnd(decimals, '0'));
  if (amount > MOST) throw fail('it is too large');
  return amount;
}

const DURATIONS: [string, bigint][] = [['d', 86_400_000n], ['h', 3_600_000n], ['min', 60_000n], ['s', 1_000n]];

/** `milliseconds` in the largest two units that say something, such as `1 d 12 h`. */
export function formatDuration(milliseconds: bigint): string {
  let rest = milliseconds;
  const parts: string[] = [];
  for (const [unit, length] of DURATIONS) {
    if (rest >= length) {
      parts.push(`${rest / length} ${unit}`);
      rest %= length;
    }
  }
  return parts.length === 0 ? `${milliseconds} ms` : parts.slice(0, 2).join(' ');
}

/** `time`, in ms since 1970, as `2026-01-31 12:00:00 UTC`. */
export function formatTime(time: bigint): string {
  // After the year 9999 no date has four digits.
  if (time >= 253_402_300_800_000n) return `${time} ms`;
  return `${new Date(Number(time)).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** `basisPoints` as a percentage, such as `2.5 %`. */
export function formatPercent(basisPoints: number): string {
  return `${formatAmount(BigInt(basisPoints), 2)} %`;
}
