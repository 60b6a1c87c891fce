// SCALE, as far as the contracts use it, driven by the tables in generated/. Fields of variants keep their names.

import { accountOf, toAddress } from './address.js';
import { concat, fromHex, textOf, toHex, utf8 } from './bytes.js';
import type { Hex } from './types.js';

type Fields = [string, number][];

/** A type of a contract's interface. Numbers are places in the table. */
export type TypeEntry =
  | 'account' | 'bool' | 'u8' | 'u16' | 'u32' | 'u64' | 'u128' | 'str' | 'bytes'
  | { bytes: number } | { list: number } | { tuple: number[] } | { option: number } | { result: number[] }
  | { struct: Fields } | { names: [number, string][] } | { enum: [number, string, number | Fields][] };

/** What encodes and decodes the messages and events of a contract. */
export interface Interface {
  /** What people call the contract. */
  name: 'token' | 'vault' | 'registry';
  types: TypeEntry[];
  /** Selector and arguments of the constructor. */
  create: [string, Fields];
  /** Selector, arguments, type of the result, and 1 for what changes something with 2 for what takes money. */
  messages: Record<string, [string, Fields, number, number]>;
  /** Name and fields by the topic of the signature. */
  events: Record<string, [string, Fields]>;
  /** Root key and type of mappings from accounts, which can be listed without asking the contract. */
  stored: Record<string, [string, number]>;
}

const SIZES = { u8: 1, u16: 2, u32: 4, u64: 8, u128: 16 } as const;

/** Reads bytes from the beginning to the end, and never past it. */
export class Reader {
  #at = 0;

  constructor(readonly bytes: Uint8Array) {}

  /** How many are left. */
  get left(): number {
    return this.bytes.length - this.#at;
  }

  /** The next `count` bytes. */
  take(count: number): Uint8Array {
    if (count > this.left) throw new RangeError(`the answer ends too early: ${count} bytes are wanted, and ${this.left} are left`);
    this.#at += count;
    return this.bytes.subarray(this.#at - count, this.#at);
  }

  /** The next byte. */
  byte(): number {
    return this.take(1)[0]!;
  }

  /** The next number of `size` bytes, lowest first. */
  uint(size: number): bigint {
    return this.take(size).reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
  }

  /** The next compact number. */
  compact(): bigint {
    const first = this.byte();
    const mode = first & 3;
    if (mode === 0) return BigInt(first >> 2);
    if (mode === 3) return this.uint((first >> 2) + 4);
    const rest = this.uint(mode === 1 ? 1 : 3);
    return (rest << 6n) | BigInt(first >> 2);
  }

  /** The next list of bytes. */
  list(): Uint8Array {
    return this.take(this.length());
  }

  /** The length of a list, which has at least a byte for each entry. */
  length(): number {
    const length = this.compact();
    if (length > BigInt(this.left)) throw new RangeError(`the answer has a list of ${length} entries in ${this.left} bytes`);
    return Number(length);
  }
}

/** `value` in `size` bytes, lowest first. */
export function uint(value: bigint | number, size: number): Uint8Array {
  let rest = BigInt(value);
  if (rest < 0n || rest >> BigInt(8 * size) !== 0n) throw new RangeError(`${value} does not fit into ${8 * size} bits`);
  const bytes = new Uint8Array(size);
  for (let index = 0; index < size; index++, rest >>= 8n) bytes[index] = Number(rest & 0xffn);
  return bytes;
}

/** `value` as a compact number. */
export function compact(value: bigint | number): Uint8Array {
  const number = BigInt(value);
  if (number < 1n << 6n) return uint(number << 2n, 1);
  if (number < 1n << 14n) return uint((number << 2n) | 1n, 2);
  if (number < 1n << 30n) return uint((number << 2n) | 2n, 4);
  const size = Math.max(4, Math.ceil(number.toString(16).length / 2));
  return concat(Uint8Array.of(((size - 4) << 2) | 3), uint(number, size));
}

/** `bytes` with their length before them. */
export function list(bytes: Uint8Array): Uint8Array {
  return concat(compact(bytes.length), bytes);
}

/**
 * Encodes `value` as the type at place `index` of `types`.
 *
 * @throws TypeError or RangeError where it is no such value; the text says where
 */
export function encode(types: TypeEntry[], index: number, value: any, path = 'value'): Uint8Array {
  const wrong = (what: string) => new TypeError(`${path} must be ${what}`);
  const type = types[index]!;
  const fields = (list: Fields, from: any) => {
    if (typeof from !== 'object' || from === null) throw wrong('an object');
    return concat(...list.map(([name, type]) => encode(types, type, from[name], `${path}.${name}`)));
  };
  if (typeof type === 'string') {
    switch (type) {
      case 'account':
        if (typeof value !== 'string') throw wrong('an address');
        return accountOf(value);
      case 'bool':
        if (typeof value !== 'boolean') throw wrong('true or false');
        return Uint8Array.of(value ? 1 : 0);
      case 'str':
        if (typeof value !== 'string') throw wrong('a text');
        return list(utf8(value));
      case 'bytes':
        if (!(value instanceof Uint8Array)) throw wrong('a Uint8Array');
        return list(value);
      default:
        if (typeof value !== 'bigint' && !(typeof value === 'number' && Number.isSafeInteger(value))) throw wrong('a whole number');
        try {
          return uint(value, SIZES[type]);
        } catch (error) {
          throw new RangeError(`${path}: ${(error as Error).message}`);
        }
    }
  }
  if ('bytes' in type) {
    const bytes = typeof value === 'string' ? fromHex(value) : null;
    if (bytes?.length !== type.bytes) throw wrong(`${type.bytes} bytes in hexadecimal digits`);
    return bytes;
  }
  if ('list' in type) {
    if (!Array.isArray(value)) throw wrong('a list');
    return concat(compact(value.length), ...value.map((item, at) => encode(types, type.list, item, `${path}[${at}]`)));
  }
  if ('tuple' in type) {
    if (type.tuple.length > 0 && (!Array.isArray(value) || value.length !== type.tuple.length)) throw wrong(`a list of ${type.tuple.length}`);
    return concat(...type.tuple.map((one, at) => encode(types, one, value[at], `${path}[${at}]`)));
  }
  if ('option' in type) {
    if (value === null || value === undefined) return Uint8Array.of(0);
    return concat(Uint8Array.of(1), encode(types, type.option, value, path));
  }
  if ('struct' in type) return fields(type.struct, value);
  if ('names' in type) {
    const found = type.names.find(([, name]) => name === value);
    if (!found) throw wrong(`one of ${type.names.map(([, name]) => name).join(', ')}`);
    return Uint8Array.of(found[0]);
  }
  if ('enum' in type) {
    const found = type.enum.find(([, name]) => name === value?.type);
    if (!found) throw wrong(`an object with the type ${type.enum.map(([, name]) => name).join(', ')}`);
    const [number, , inner] = found;
    const body = typeof inner === 'number' ? encode(types, inner, value.value, `${path}.value`) : fields(inner, value);
    return concat(Uint8Array.of(number), body);
  }
  throw wrong('something else: results are only read');
}

/** Reads a value of the type at place `index` of `types`. */
export function decode(types: TypeEntry[], index: number, from: Reader): any {
  const type = types[index]!;
  const fields = (list: Fields) => Object.fromEntries(list.map(([name, type]) => [name, decode(types, type, from)]));
  if (typeof type === 'string') {
    switch (type) {
      case 'account':
        return toAddress(from.take(32));
      case 'bool':
        return flag(from);
      case 'str':
        return textOf(from.list());
      case 'bytes':
        return from.list().slice();
      case 'u64':
      case 'u128':
        return from.uint(SIZES[type]);
      default:
        return Number(from.uint(SIZES[type]));
    }
  }
  if ('bytes' in type) return toHex(from.take(type.bytes));
  if ('list' in type) return Array.from({ length: from.length() }, () => decode(types, type.list, from));
  if ('tuple' in type) return type.tuple.length === 0 ? undefined : type.tuple.map((one) => decode(types, one, from));
  if ('option' in type) return flag(from) ? decode(types, type.option, from) : null;
  if ('struct' in type) return fields(type.struct);
  const number = from.byte();
  if ('result' in type) {
    const inner = type.result[number];
    if (inner === undefined) throw new RangeError(`${number} is no result`);
    return number === 0 ? { ok: decode(types, inner, from) } : { error: decode(types, inner, from) };
  }
  if ('names' in type) {
    const found = type.names.find(([index]) => index === number);
    if (!found) throw new RangeError(`there is no variant ${number}: is the contract newer than this SDK?`);
    return found[1];
  }
  const found = type.enum.find(([index]) => index === number);
  if (!found) throw new RangeError(`there is no variant ${number}: is the contract newer than this SDK?`);
  const [, name, inner] = found;
  return typeof inner === 'number' ? { type: name, value: decode(types, inner, from) } : { type: name, ...fields(inner) };
}

function flag(from: Reader): boolean {
  const byte = from.byte();
  if (byte > 1) throw new RangeError(`${byte} is neither yes nor no`);
  return byte === 1;
}

/** Encodes the call of a message: its selector and its arguments. */
export function encodeCall({ types, messages }: Interface, message: string, args: Record<string, unknown> | void): Uint8Array {
  const found = messages[message];
  if (!found) throw new TypeError(`there is no message ${message}`);
  return withArguments(types, found[0], found[1], args);
}

/** Encodes the call of the constructor. */
export function encodeCreate({ types, create }: Interface, args: Record<string, unknown>): Uint8Array {
  return withArguments(types, create[0], create[1], args);
}

function withArguments(types: TypeEntry[], selector: string, fields: Fields, args: Record<string, unknown> | void): Uint8Array {
  const known: Record<string, unknown> = args ?? {};
  const extra = Object.keys(known).find((name) => !fields.some(([field]) => field === name));
  // A misspelled option would be left out without a word.
  if (extra) throw new TypeError(`there is no argument ${extra}`);
  return concat(fromHex(selector), ...fields.map(([name, type]) => encode(types, type, known[name], name)));
}

/** An event of a contract, decoded. */
export interface DecodedEvent { name: string; data: Record<string, unknown> }

/** Decodes an event by the topic of its signature; null for one that is not in the interface, or not as it says. */
export function decodeEvent({ types, events }: Interface, topic: Hex, data: Uint8Array): DecodedEvent | null {
  const found = events[topic];
  if (!found) return null;
  try {
    const reader = new Reader(data);
    const fields = Object.fromEntries(found[1].map(([name, type]) => [name, decode(types, type, reader)]));
    return reader.left === 0 ? { name: found[0], data: fields } : null;
  } catch {
    return null;
  }
}
