import { blake2AsU8a, decodeAddress, encodeAddress, xxhashAsU8a } from '@polkadot/util-crypto';
import { describe, expect, test } from 'vitest';
import { accountOf, sameAccount, toAddress } from '../src/address.js';
import { fromRecipient, toRecipient } from '../src/bech32.js';
import { fromHex, toHex } from '../src/bytes.js';
import { registryInterface } from '../src/generated/registry.js';
import { tokenInterface } from '../src/generated/token.js';
import { vaultInterface } from '../src/generated/vault.js';
import { blake2, mapKey, valueKey, xxh64 } from '../src/hash.js';
import { compact, decode, decodeEvent, encode, encodeCall, Reader, uint, type Interface } from '../src/scale.js';
import { vectors } from './vectors.js';

const account = (byte: number) => toAddress(new Uint8Array(32).fill(byte));

test('calls are encoded as the Rust side encodes them', () => {
  const interfaces: Record<string, Interface> = { token: tokenInterface, vault: vaultInterface, registry: registryInterface };
  const hash = (byte: number) => toHex(new Uint8Array(32).fill(byte));
  const bytes = (text: string) => new TextEncoder().encode(text);
  const rule = [
    { type: 'Holds', token: account(1), amount: 5n },
    { type: 'Subscribed', vault: account(2), level: 2, grace: 3n },
  ];
  const args: Record<string, Record<string, unknown>> = {
    buy: { recipient: account(3), minTokens: 10n, referrer: account(4) },
    addTier: {
      terms: { asset: { type: 'Psp22', value: account(1) }, price: (1n << 128n) - 1n, period: 86_400_000n, level: 2, seats: 3, minimumStay: 4n, uri: bytes('x') },
    },
    setSplits: { shares: [{ recipient: account(5), bp: 9_000 }], stakers: 1_000 },
    tip: { memo: bytes('hi') },
    publish: {
      content: { uri: bytes('a.age'), hash: hash(7), publicKey: hash(8) },
      terms: { audience: { type: 'AnyOf', value: [rule] }, price: 4n, release: 5n, retired: false },
    },
  };
  const { calls } = vectors('codec');
  expect(calls.length).toBe(Object.keys(args).length);
  for (const [contract, message, expected] of calls) {
    expect(toHex(encodeCall(interfaces[contract]!, message, args[message]!)), message).toBe(expected);
  }
});

test('a record of the vault is read as the Rust side writes it', () => {
  const [, type] = vaultInterface.stored['fans']!;
  const reader = new Reader(fromHex(vectors('codec').fan));
  expect(decode(vaultInterface.types, type, reader)).toEqual({
    tipped: 5n,
    subscription: { tier: 1, level: 2, since: 3n, stream: { price: 4n, start: 5n, end: 6n, paid: 7n, minimum: 8n } },
    stake: { staked: 1n, since: 2n, unstaking: 3n, ready: 4n },
  });
  expect(reader.left).toBe(0);
});

describe('values that do not fit are refused with the place where they stand', () => {
  test.each([
    [{ recipient: 'nobody', minTokens: 1n, referrer: null }, /no address/],
    [{ recipient: account(1), minTokens: -1n, referrer: null }, /minTokens: -1 does not fit/],
    [{ recipient: account(1), minTokens: 1n << 128n, referrer: null }, /minTokens: .* does not fit into 128 bits/],
    [{ recipient: account(1), minTokens: 1.5, referrer: null }, /minTokens must be a whole number/],
    [{ recipient: account(1), minTokens: 1n, referer: account(1) }, /no argument referer/],
  ])('%#', (args, words) => {
    expect(() => encodeCall(tokenInterface, 'buy', args)).toThrow(words);
  });

  test('an answer that is cut off, too long a list and an unknown variant', () => {
    const { types } = registryInterface;
    const access = types.findIndex((type) => typeof type === 'object' && 'enum' in type && type.enum.some(([, name]) => name === 'Denied'));
    expect(() => decode(types, access, new Reader(Uint8Array.of(1, 0xff, 0xff, 0xff, 0xff)))).toThrow(/list of|too early/);
    expect(() => decode(types, access, new Reader(Uint8Array.of(7)))).toThrow(/no variant 7/);
    expect(() => decode(types, access, new Reader(new Uint8Array()))).toThrow(/too early/);
  });
});

test('an event that is not as the interface says is none', () => {
  const [topic] = Object.entries(vaultInterface.events).find(([, [name]]) => name === 'PauseChanged')!;
  expect(decodeEvent(vaultInterface, topic as `0x${string}`, Uint8Array.of(1))).toEqual({ name: 'PauseChanged', data: { paused: true } });
  expect(decodeEvent(vaultInterface, topic as `0x${string}`, Uint8Array.of(1, 0))).toBeNull();
  expect(decodeEvent(vaultInterface, topic as `0x${string}`, Uint8Array.of(2))).toBeNull();
  expect(decodeEvent(vaultInterface, '0x00', Uint8Array.of(1))).toBeNull();
});

test('compact numbers go both ways at their limits', () => {
  for (const value of [0n, 63n, 64n, 16_383n, 16_384n, (1n << 30n) - 1n, 1n << 30n, (1n << 64n) - 1n, (1n << 128n) - 1n]) {
    expect(new Reader(compact(value)).compact()).toBe(value);
  }
  expect(compact(16_384n)).toEqual(Uint8Array.of(2, 0, 1, 0));
  expect(uint(258, 4)).toEqual(Uint8Array.of(2, 1, 0, 0));
  expect(() => uint(1n << 64n, 8)).toThrow(RangeError);
});

test('hashes and keys of storage are those of Substrate', () => {
  for (let length = 0; length < 70; length++) {
    const bytes = Uint8Array.from({ length }, (_, index) => (index * 37 + length) & 255);
    const expected = xxhashAsU8a(bytes, 128);
    const both = [0n, 1n].map((seed) => xxh64(bytes, seed));
    expect(both.map((word) => toHex(uint(word, 8)).slice(2)).join('')).toBe(toHex(expected).slice(2));
    expect(blake2(bytes, 32)).toEqual(blake2AsU8a(bytes, 256));
  }
  // A block of the hash has 128 bytes.
  for (const length of [127, 128, 129, 255, 256, 257, 1_000]) {
    const bytes = Uint8Array.from({ length }, (_, index) => (index * 37 + length) & 255);
    for (const size of [16, 32, 64]) expect(blake2(bytes, size), `${length} ${size}`).toEqual(blake2AsU8a(bytes, (8 * size) as 256));
  }
  expect(toHex(valueKey('Timestamp', 'Now'))).toBe('0xf0c365c3cf59d671eb72da0e7a4113c49f1f0515f462cdcf84e0f1d6045dfcbb');
  expect(toHex(mapKey('System', 'Account', 'blake2', new Uint8Array(32))).slice(0, 66)).toBe('0x26aa394eea5630e07c48ae0c9558cef7b99d880ec681799c0cf30e8886371da9');
});

test('addresses are those of the Rust side and of wallets, with any prefix', () => {
  for (const [hex, address] of vectors('units').addresses) {
    expect(toAddress(fromHex(hex))).toBe(address);
    expect(toHex(accountOf(address))).toBe(hex);
    for (const prefix of [0, 2, 42, 63, 64, 255, 1284, 16383]) {
      const other = encodeAddress(hex, prefix);
      expect(toAddress(fromHex(hex), prefix)).toBe(other);
      expect(toHex(accountOf(other))).toBe(toHex(decodeAddress(other)));
      expect(sameAccount(other, address)).toBe(true);
    }
  }
  const [, good] = vectors('units').addresses[2];
  for (const bad of ['', 'x', `${good.slice(0, -1)}${good.endsWith('a') ? 'b' : 'a'}`, good.slice(1), '1'.repeat(48), '0x12', '5'.repeat(1_000)]) {
    expect(() => accountOf(bad), bad).toThrow(TypeError);
  }
});

test('public keys are written as age writes them', () => {
  // From docs/gateway.md's own test.
  const text = 'age1t7rxyev2z3rw82stdlrrepyc39nvn86l5078zqkf5uasdy86jp6svpy7pa';
  const key = fromRecipient(text)!;
  expect(key.length).toBe(32);
  expect(toRecipient(key)).toBe(text);
  expect(fromRecipient(text.replace('t7', '7t'))).toBeNull();
  expect(fromRecipient(`${text}q`)).toBeNull();
  expect(encode(registryInterface.types, registryInterface.types.findIndex((type) => JSON.stringify(type) === '{"bytes":32}'), toHex(key))).toEqual(key);
});
