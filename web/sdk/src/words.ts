// The command's words for errors, and for what access still takes. The texts are generated from the Rust source.

import { WORDS } from './generated/words.js';
import { format, formatDuration, formatPercent, formatTime, plain, type Unit } from './units.js';

/** Words for one error: a text, or those of the first case whose fields are all zero, or the last one. */
export type Cases = string | { zero?: string[]; text: string }[];

/** All words, by the names that the contracts give. */
export interface WordTable {
  errors: Record<string, Record<string, Cases>>;
  access: Record<string, any>;
  chain: Record<string, string>;
  /** By the first letters of what a transaction takes and of what must stay. */
  funds: Record<string, string>;
}

/** The units that words are about. */
export interface WordUnits {
  /** The chain's own token. */
  native: Unit;
  /** The creator token. */
  token: Unit;
  /** What the message itself is about: the asset of a tier, say. */
  unit: Unit;
}

/** How amounts, times and shares are written in another language. */
export interface WordFormats {
  amount: (value: bigint, unit: Unit) => string;
  duration: (milliseconds: bigint) => string;
  time: (value: bigint) => string;
  percent: (basisPoints: number) => string;
}

const ENGLISH: WordFormats = { amount: format, duration: formatDuration, time: formatTime, percent: formatPercent };
let translated: Partial<WordTable> = {};
let formats = ENGLISH;

/**
 * Says errors, and what access takes, in another language from now on. What `table` lacks stays in English.
 *
 * @param table null for English
 */
export function useWords(table: Partial<WordTable> | null, how: WordFormats = ENGLISH): void {
  translated = table ?? {};
  formats = table ? how : ENGLISH;
}

/** A text of the table by its name: in the language that is used, or in English. */
export function wordOf(part: 'access' | 'chain' | 'funds', name: string): any {
  return (translated[part] as Record<string, unknown> | undefined)?.[name] ?? WORDS[part][name];
}

/** Puts values into a text with placeholders, such as `{least:native}`. */
export function fill(text: string, values: Record<string, unknown>, units: WordUnits): string {
  return text.replace(/\{(\w*):(\w+)\}/g, (_, field: string, way: string) => {
    const value = values[field];
    const amount = () => BigInt(value as bigint | number);
    switch (way) {
      case 'nativeSymbol': return units.native.symbol;
      case 'tokenSymbol': return units.token.symbol;
      case 'unitSymbol': return units.unit.symbol;
      case 'native': return formats.amount(amount(), units.native);
      case 'token': return formats.amount(amount(), units.token);
      case 'unit': return formats.amount(amount(), units.unit);
      case 'nativePlain': return plain(amount(), units.native);
      case 'tokenPlain': return plain(amount(), units.token);
      case 'unitPlain': return plain(amount(), units.unit);
      case 'duration': return formats.duration(amount());
      case 'time': return formats.time(amount());
      case 'percent': return formats.percent(Number(value));
      case 'ordinal': return String(Number(value) + 1);
      default: return String(value);
    }
  });
}

/** What a contract's error looks like: a name, or a name with fields; errors of parts stand in `value`. */
export type RawError = string | { type: string; [field: string]: unknown };

/** The name of an error with those of its parts, such as `Splits.Duplicate`, and the fields of the innermost. */
export function nameOf(error: RawError): { path: string; fields: Record<string, unknown> } {
  if (typeof error === 'string') return { path: error, fields: {} };
  const { type, ...fields } = error;
  const inner = fields['value'];
  if (inner !== null && typeof inner === 'object' && 'type' in inner) {
    const { path, fields: own } = nameOf(inner as RawError);
    return { path: `${type}.${path}`, fields: own };
  }
  // A part that is only a name.
  if (typeof inner === 'string' && /^[A-Z]\w*$/.test(inner)) return { path: `${type}.${inner}`, fields: {} };
  return { path: type, fields };
}

/** The words for `error` of the kind `kind`, such as `VaultError`; its bare name where there are none. */
export function wordsFor(kind: string, error: RawError, units: WordUnits): string {
  const { path, fields } = nameOf(error);
  const table: Record<string, Cases> = { ...WORDS.errors[kind], ...translated.errors?.[kind] };
  // Text of strangers, such as a token's own error, can look like the name of a part.
  const plainPath = typeof error === 'object' ? error.type : error;
  const cases = table[path] ?? table[plainPath];
  if (!cases) return path;
  const values = table[path] ? fields : (error as Record<string, unknown>);
  const isZero = (field: string) => values[field] === 0 || values[field] === 0n;
  if (typeof cases === 'string') return fill(cases, values, units);
  const found = cases.find(({ zero }) => !zero || (zero.length > 0 && zero.every(isZero))) ?? cases.at(-1)!;
  return fill(found.text, values, units);
}

/** Words for what the chain itself answered, by the name of its error. */
export function chainWords(name: string): string {
  return wordOf('chain', name) ?? String(wordOf('chain', 'other')).replace('{name:text}', () => name);
}
