// What the parts of the studio share.

import { type Call } from '@patronage/sdk';
import { tierName } from '../../actions.js';
import { t } from '../../i18n.js';
import { act } from '../../sheet.js';
import { creator, shop } from '../../state.js';
import { Field } from '../../ui.js';

/** The chain's own money. */
export const NATIVE = { type: 'Native' } as const;
/** A day in ms. */
export const DAY = 86_400_000n;

/** Opens the sheet for calls with their title. */
export function call(title: string, ...calls: Call[]): void {
  act({ title, plan: () => creator.value!.plan({}, ...calls) });
}

/** A value in a CSV file. What a spreadsheet would take for a formula gets a sign before it. */
export function csvValue(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Chooses a tier. */
export function TierChoice({ tier, onTier }: { tier: number; onTier: (tier: number) => void }) {
  return <Field label={t('studio.tier')}>{(props) => <select {...props} value={tier} onChange={(event) => onTier(Number(event.currentTarget.value))}>{shop.value!.tiers.map((one) => <option key={one.id} value={one.id}>{tierName(one)}</option>)}</select>}</Field>;
}

/** A share in percent as basis points; null where it is none. */
export function readPercent(text: string): number | null {
  const found = /^(\d{1,3})(?:[.,](\d{1,2}))?$/.exec(text.trim());
  const points = found ? Number(found[1]) * 100 + Number((found[2] ?? '').padEnd(2, '0')) : null;
  return points !== null && points <= 10_000 ? points : null;
}

/** A time of the chain as a field of the type `datetime-local` shows it, in the time zone of the browser. */
export function localTime(time: bigint): string {
  const at = new Date(Number(time));
  if (Number.isNaN(at.getTime())) return '';
  const two = (value: number) => String(value).padStart(2, '0');
  const seconds = at.getSeconds() > 0 ? `:${two(at.getSeconds())}` : '';
  return `${String(at.getFullYear()).padStart(4, '0')}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}${seconds}`;
}

/** What a field of the type `datetime-local` has, in ms since 1970; null where it is empty. */
export function readLocalTime(text: string): bigint | null {
  const at = text === '' ? NaN : new Date(text).getTime();
  return Number.isNaN(at) || at < 0 ? null : BigInt(at);
}

/** What a field of the type `date` has, as the first ms of that day in UTC; null where it is empty. */
export function readDay(text: string): bigint | null {
  const at = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(at) ? null : BigInt(at);
}
