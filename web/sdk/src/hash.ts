// The hashes that storage keys and addresses are made with.

import { blake2b } from '@noble/hashes/blake2.js';
import { concat, utf8 } from './bytes.js';

const MASK = (1n << 64n) - 1n;
const [P1, P2, P3, P4, P5] = [11400714785074694791n, 14029467366897019727n, 1609587929392839161n, 9650029242287828579n, 2870177450012600261n];

const left = (value: bigint, by: bigint) => ((value << by) | (value >> (64n - by))) & MASK;
const round = (sum: bigint, input: bigint) => (left((sum + input * P2) & MASK, 31n) * P1) & MASK;

/** XXH64 of `bytes`. Not a secure hash: only the keys of storage are made with it. */
export function xxh64(bytes: Uint8Array, seed: bigint): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  let hash: bigint;
  if (bytes.length >= 32) {
    const lanes = [(seed + P1 + P2) & MASK, (seed + P2) & MASK, seed, (seed - P1) & MASK];
    for (; at + 32 <= bytes.length; at += 32) {
      for (let lane = 0; lane < 4; lane++) lanes[lane] = round(lanes[lane]!, view.getBigUint64(at + 8 * lane, true));
    }
    hash = (left(lanes[0]!, 1n) + left(lanes[1]!, 7n) + left(lanes[2]!, 12n) + left(lanes[3]!, 18n)) & MASK;
    for (const lane of lanes) hash = ((hash ^ round(0n, lane)) * P1 + P4) & MASK;
  } else {
    hash = (seed + P5) & MASK;
  }
  hash = (hash + BigInt(bytes.length)) & MASK;
  for (; at + 8 <= bytes.length; at += 8) hash = (left(hash ^ round(0n, view.getBigUint64(at, true)), 27n) * P1 + P4) & MASK;
  for (; at + 4 <= bytes.length; at += 4) hash = (left(hash ^ ((BigInt(view.getUint32(at, true)) * P1) & MASK), 23n) * P2 + P3) & MASK;
  for (; at < bytes.length; at++) hash = (left(hash ^ ((BigInt(bytes[at]!) * P5) & MASK), 11n) * P1) & MASK;
  hash = ((hash ^ (hash >> 33n)) * P2) & MASK;
  hash = ((hash ^ (hash >> 29n)) * P3) & MASK;
  return hash ^ (hash >> 32n);
}

function twox(bytes: Uint8Array, words: number): Uint8Array {
  const out = new Uint8Array(8 * words);
  for (let word = 0; word < words; word++) new DataView(out.buffer).setBigUint64(8 * word, xxh64(bytes, BigInt(word)), true);
  return out;
}

/** BLAKE2b of `bytes`, `length` bytes of it. */
export function blake2(bytes: Uint8Array, length: number): Uint8Array {
  return blake2b(bytes, { dkLen: length });
}

/** Key of an entry of a pallet's map whose keys are accounts. */
export function mapKey(pallet: string, map: string, hasher: 'blake2' | 'twox', key: Uint8Array): Uint8Array {
  const hashed = hasher === 'blake2' ? blake2(key, 16) : twox(key, 1);
  return concat(twox(utf8(pallet), 2), twox(utf8(map), 2), hashed, key);
}

/** Key of a pallet's single value. */
export function valueKey(pallet: string, name: string): Uint8Array {
  return concat(twox(utf8(pallet), 2), twox(utf8(name), 2));
}
