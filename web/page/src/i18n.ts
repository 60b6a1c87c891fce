// Texts of the page by language, and numbers and times by locale.

import { signal } from '@preact/signals';
import { formatDuration as englishDuration, useWords, type Unit, type WordTable } from '@patronage/sdk';
import en from './messages/en.json';

/** Name of a text. */
export type Key = keyof typeof en;
/** Languages of the page, by their own names. */
export const LANGUAGES = { en: 'English', de: 'Deutsch', es: 'Español' } as const;
/** A language of the page. */
export type Language = keyof typeof LANGUAGES;

const loaders: Record<Language, () => Promise<Record<string, string>>> = {
  en: async () => en,
  de: async () => (await import('./messages/de.json')).default,
  es: async () => (await import('./messages/es.json')).default,
};

/** Words for errors, by the names that the contracts and the SDK give. */
type ErrorWords = Partial<WordTable> & { codes: Record<string, string> };
const errorLoaders: Record<Language, () => Promise<ErrorWords | null>> = {
  // The SDK's own.
  en: async () => null,
  de: async () => (await import('./messages/errors.de.json')).default as ErrorWords,
  es: async () => (await import('./messages/errors.es.json')).default as ErrorWords,
};
let codes: Record<string, string> = {};

const messages = signal<Record<string, string>>(en);
/** The language that is shown. */
export const language = signal<Language>('en');

/** Shows a language from now on. */
export async function setLanguage(wanted: Language): Promise<void> {
  const [found, errors] = await Promise.all([loaders[wanted](), errorLoaders[wanted]()]);
  messages.value = found;
  useWords(errors, { amount, duration, time, percent });
  codes = errors?.codes ?? {};
  language.value = wanted;
  document.documentElement.lang = wanted;
  localStorage.setItem('language', wanted);
}

/** The language that was chosen before, or that the browser prefers. */
export function preferred(): Language {
  const known = [localStorage.getItem('language') ?? '', ...navigator.languages].map((tag) => tag.slice(0, 2));
  return (known.find((tag) => tag in LANGUAGES) as Language | undefined) ?? 'en';
}

/** What went wrong, in the language that is shown where the error has a name, and otherwise in the words of the SDK. */
export function errorWords(error: unknown): string {
  const { name, code, reason, message } = error as { name?: string; code?: string; reason?: string; message?: string };
  const words = reason ?? message ?? String(error);
  return codes[`${name}.${code}`]?.replace('{reason}', () => words) ?? words;
}

/** A text with values in place of `{name}`. */
export function t(key: Key, values: Record<string, string | number> = {}): string {
  const text = messages.value[key] ?? en[key];
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** The locale for numbers and times: that of the browser where it speaks the language that is shown. */
function locale(): string {
  return navigator.languages.find((tag) => tag.startsWith(language.value)) ?? language.value;
}

/** A whole number. */
export function number(value: number | bigint): string {
  return new Intl.NumberFormat(locale()).format(value);
}

/** An amount with its symbol, exactly, or with so many digits behind the point, rounded up or down. */
export function amount(value: bigint, unit: Unit, digits?: number, up = false): string {
  let shown = value;
  if (digits !== undefined && digits < unit.decimals) {
    const step = 10n ** BigInt(unit.decimals - digits);
    const rest = ((shown % step) + step) % step;
    shown = shown - rest + (up && rest > 0n ? step : 0n);
  }
  const negative = shown < 0n;
  const text = (negative ? -shown : shown).toString().padStart(unit.decimals + 1, '0');
  const whole = BigInt(text.slice(0, text.length - unit.decimals));
  const fraction = text.slice(text.length - unit.decimals).replace(/0+$/, '');
  const point = new Intl.NumberFormat(locale()).formatToParts(1.5).find(({ type }) => type === 'decimal')!.value;
  const short = `${negative ? '−' : ''}${number(whole)}${fraction === '' ? '' : point + fraction}`;
  return `${short} ${unit.symbol}`;
}

/** A share in basis points. */
export function percent(basisPoints: number): string {
  return new Intl.NumberFormat(locale(), { style: 'percent', maximumFractionDigits: 2 }).format(basisPoints / 10_000);
}

/** A point in time, in ms since 1970. */
export function time(value: bigint): string {
  if (value >= 8_640_000_000_000_000n) return t('time.never');
  return new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'short' }).format(Number(value));
}

/** A length of time in ms, in its two largest units. */
export function duration(value: bigint): string {
  const units = [['day', 86_400_000n], ['hour', 3_600_000n], ['minute', 60_000n], ['second', 1_000n]] as const;
  const parts: string[] = [];
  let rest = value;
  for (const [unit, length] of units) {
    if (rest < length) continue;
    parts.push(new Intl.NumberFormat(locale(), { style: 'unit', unit, unitDisplay: 'long' }).format(Number(rest / length)));
    rest %= length;
  }
  return parts.slice(0, 2).join(' ') || englishDuration(value);
}
