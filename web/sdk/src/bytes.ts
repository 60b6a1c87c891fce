// Bytes, hexadecimal digits and text.

import type { Hex } from './types.js';

const DIGITS = /^0x([0-9a-fA-F]{2})*$/;

/** Whether `text` is `0x` and pairs of hexadecimal digits. */
export function isHex(text: string): text is Hex {
  return DIGITS.test(text);
}

/** `bytes` as hexadecimal digits. */
export function toHex(bytes: Uint8Array): Hex {
  let text = '0x';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text as Hex;
}

/**
 * The bytes that `hex` says.
 *
 * @throws TypeError where it is not hexadecimal
 */
export function fromHex(hex: string): Uint8Array {
  if (!isHex(hex)) throw new TypeError(`"${hex.slice(0, 80)}" is not 0x and hexadecimal digits`);
  const bytes = new Uint8Array(hex.length / 2 - 1);
  for (let index = 0; index < bytes.length; index++) bytes[index] = Number.parseInt(hex.slice(2 * index + 2, 2 * index + 4), 16);
  return bytes;
}

/** All `parts` one after the other. */
export function concat(...parts: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Whether both have the same bytes. */
export function same(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

/** `text` in UTF-8. */
export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The text in `bytes`; what is no UTF-8 becomes a replacement character. A contract may hold anything: show it as text only. */
export function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
