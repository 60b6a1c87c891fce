// SS58 addresses, as wallets show them.

import { concat, fromHex, same, utf8 } from './bytes.js';
import { blake2 } from './hash.js';
import type { Address } from './types.js';

const LETTERS = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
/** The prefix of no network in particular, with which the command writes every address. */
const GENERIC = 42;

function checksum(body: Uint8Array): Uint8Array {
  return blake2(concat(utf8('SS58PRE'), body), 64).subarray(0, 2);
}

function encode58(bytes: Uint8Array): string {
  let value = BigInt(`0x0${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`);
  let text = '';
  for (; value > 0n; value /= 58n) text = LETTERS[Number(value % 58n)] + text;
  for (const byte of bytes) {
    if (byte !== 0) break;
    text = LETTERS[0] + text;
  }
  return text;
}

function decode58(text: string): Uint8Array | null {
  let value = 0n;
  for (const letter of text) {
    const digit = LETTERS.indexOf(letter);
    if (digit < 0) return null;
    value = value * 58n + BigInt(digit);
  }
  const digits = value === 0n ? '' : value.toString(16);
  const zeros = text.length - text.replace(/^1+/, '').length;
  const bytes = digits === '' ? new Uint8Array() : fromHex(`0x${digits.length % 2 ? '0' : ''}${digits}`);
  return concat(new Uint8Array(zeros), bytes);
}

/** The address of an account of 32 bytes, with the `prefix` of a network. */
export function toAddress(account: Uint8Array, prefix: number = GENERIC): Address {
  const start = prefix < 64 ? [prefix] : [((prefix & 0xfc) >> 2) | 0x40, (prefix >> 8) | ((prefix & 3) << 6)];
  const body = concat(Uint8Array.from(start), account);
  return encode58(concat(body, checksum(body)));
}

/**
 * The 32 bytes of an account, from an address of any network or from `0x` with 64 digits.
 *
 * @throws TypeError where it is neither
 */
export function accountOf(address: Address): Uint8Array {
  if (/^0x[0-9a-fA-F]{64}$/.test(address)) return fromHex(address);
  const bytes = address.length > 64 ? null : decode58(address);
  const start = bytes && bytes[0]! >= 64 ? 2 : 1;
  if (!bytes || bytes.length !== start + 34 || bytes[0]! >= 128 || !same(checksum(bytes.subarray(0, -2)), bytes.subarray(-2))) {
    throw new TypeError(`"${address.slice(0, 80)}" is no address: copy it again`);
  }
  return bytes.slice(start, -2);
}

/** Whether both are addresses of one account, whatever their prefixes. */
export function sameAccount(one: Address, other: Address): boolean {
  return same(accountOf(one), accountOf(other));
}
