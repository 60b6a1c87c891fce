// The hashes that storage keys and addresses are made with.

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

const IV = [0x6a09e667f3bcc908n, 0xbb67ae8584caa73bn, 0x3c6ef372fe94f82bn, 0xa54ff53a5f1d36f1n, 0x510e527fade682d1n, 0x9b05688c2b3e6c1fn,
  0x1f83d9abfb41bd6bn, 0x5be0cd19137e2179n];
/** Order of the message's words in each round, in hexadecimal digits (RFC 7693); the last two rounds are the first two again. */
const SIGMA = ['0123456789abcdef', 'ea489fd61c02b753', 'b8c052fdae367194', '7931dcbe265a40f8', '905724afe1bc683d',
  '2c6a0b834d75fe19', 'c51fed4a0763928b', 'db7ec13950f4862a', '6fe9b308c2d714a5', 'a2847615fb9e3cd0'];

/**
 * BLAKE2b of `bytes`, `length` bytes of it. Short inputs only: it takes a millisecond for each few kilobytes.
 */
export function blake2(bytes: Uint8Array, length: number): Uint8Array {
  const state = [...IV];
  state[0]! ^= 0x01010000n ^ BigInt(length);
  const blocks = Math.max(1, Math.ceil(bytes.length / 128));
  for (let block = 0; block < blocks; block++) {
    const padded = new Uint8Array(128);
    padded.set(bytes.subarray(128 * block, 128 * block + 128));
    const view = new DataView(padded.buffer);
    const last = block === blocks - 1;
    const v = [...state, ...IV];
    v[12]! ^= BigInt(last ? bytes.length : 128 * (block + 1));
    if (last) v[14]! ^= MASK;
    const mix = (a: number, b: number, c: number, d: number, word: string) => {
      const at = (index: number) => view.getBigUint64(8 * Number.parseInt(word[index]!, 16), true);
      for (const [index, by, then] of [[0, 32n, 40n], [1, 48n, 1n]] as const) {
        v[a] = (v[a]! + v[b]! + at(index)) & MASK;
        v[d] = left(v[d]! ^ v[a]!, by);
        v[c] = (v[c]! + v[d]!) & MASK;
        v[b] = left(v[b]! ^ v[c]!, then);
      }
    };
    for (let round = 0; round < 12; round++) {
      const order = SIGMA[round % 10]!;
      for (let column = 0; column < 4; column++) {
        mix(column, 4 + column, 8 + column, 12 + column, order.slice(2 * column, 2 * column + 2));
      }
      for (let diagonal = 0; diagonal < 4; diagonal++) {
        const [b, c, d] = [1, 2, 3].map((more) => 4 * more + ((diagonal + more) & 3)) as [number, number, number];
        mix(diagonal, b, c, d, order.slice(8 + 2 * diagonal, 10 + 2 * diagonal));
      }
    }
    for (let index = 0; index < 8; index++) state[index]! ^= v[index]! ^ v[index + 8]!;
  }
  const out = new Uint8Array(64);
  state.forEach((word, index) => new DataView(out.buffer).setBigUint64(8 * index, word, true));
  return out.slice(0, length);
}

/** Key of an entry of a pallet's map whose keys are accounts or hashes. */
export function mapKey(pallet: string, map: string, hasher: 'blake2' | 'twox' | 'identity', key: Uint8Array): Uint8Array {
  const hashed = hasher === 'blake2' ? blake2(key, 16) : hasher === 'twox' ? twox(key, 1) : new Uint8Array();
  return concat(twox(utf8(pallet), 2), twox(utf8(map), 2), hashed, key);
}

/** Key of a pallet's single value. */
export function valueKey(pallet: string, name: string): Uint8Array {
  return concat(twox(utf8(pallet), 2), twox(utf8(name), 2));
}
