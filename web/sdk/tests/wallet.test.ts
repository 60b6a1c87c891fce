import { signatureVerify } from '@polkadot/util-crypto';
import { afterEach, expect, test } from 'vitest';
import { accountOf } from '../src/address.js';
import { fromHex, toHex, utf8 } from '../src/bytes.js';
import { bareSignature, guarded, wallets } from '../src/wallet.js';
import { inject, person } from './people.js';

afterEach(() => {
  delete (globalThis as any).injectedWeb3;
});

test('without a wallet there is none, after a moment', async () => {
  expect(await wallets('a page', 60)).toEqual([]);
});

test('an extension that comes late is found, and its accounts have addresses of the generic prefix', async () => {
  setTimeout(() => inject('late', 'Ana'), 100);
  const [wallet] = await wallets('a page', 3_000);
  expect(wallet).toMatchObject({ name: 'late', version: '1.0' });
  const accounts = await wallet!.connect();
  // That of Ethereum is left out.
  expect(accounts.map(({ address, name, wallet, scheme }) => ({ address, name, wallet, scheme }))).toEqual([
    { address: person('Ana').address, name: 'Ana', wallet: 'late', scheme: 'sr25519' },
  ]);
});

test('a text is signed in hexadecimal digits, wrapped or not, with or without the kind of key before it', async () => {
  for (const typed of [false, true]) {
    const log = inject('test', 'Ana', { typed });
    const [account] = await (await wallets('a page', 0))[0]!.connect();
    const signature = await account!.signText('one\ntwo');
    expect(fromHex(signature).length).toBe(64);
    expect(log.raw[0]).toMatchObject({ data: toHex(utf8('one\ntwo')), type: 'bytes' });
    const wrapped = utf8('<Bytes>one\ntwo</Bytes>');
    expect(signatureVerify(wrapped, fromHex(signature), accountOf(account!.address)).isValid).toBe(true);
  }
});

test('a refusal is told as one, and anything else with the wallet’s words', async () => {
  inject('test', 'Ana', { refuses: true });
  const [account] = await (await wallets('a page', 0))[0]!.connect();
  await expect(account!.signText('x')).rejects.toMatchObject({ name: 'WalletError', code: 'Refused' });
  (globalThis as any).injectedWeb3 = { shut: { enable: async () => { throw new Error('Blocked by the user'); } } };
  await expect((await wallets('a page', 0))[0]!.connect()).rejects.toMatchObject({ code: 'Refused', message: expect.stringContaining('Blocked by the user') });
});

test('a wallet that wants a pause gets one, once', async () => {
  const log = inject('test', 'Ana', { limited: 1 });
  const [account] = await (await wallets('a page', 0))[0]!.connect();
  const begun = Date.now();
  await account!.signText('x');
  expect(Date.now() - begun).toBeGreaterThan(3_000);
  expect(log.raw.length).toBe(2);
});

test('nothing but what was tried is signed', async () => {
  const log = inject('test', 'Ana', { refuses: true });
  const [account] = await (await wallets('a page', 0))[0]!.connect();
  const sign = guarded(account!, '0x11', '0xaabb');
  const payload: any = { method: '0xaabb', genesisHash: '0x11', address: account!.address };
  await expect(sign(payload)).rejects.toMatchObject({ code: 'Refused' });
  expect(log.payloads.length).toBe(1);
  for (const change of [{ method: '0xaabc' }, { genesisHash: '0x12' }, { address: person('Ben').address }]) {
    await expect(sign({ ...payload, ...change })).rejects.toMatchObject({ code: 'Changed' });
  }
  expect(log.payloads.length, 'the wallet is not even asked').toBe(1);
});

test('what is no signature is refused', () => {
  expect(bareSignature(`0x${'11'.repeat(64)}`)).toBe(`0x${'11'.repeat(64)}`);
  expect(bareSignature(`0x01${'11'.repeat(64)}`)).toBe(`0x${'11'.repeat(64)}`);
  for (const bad of ['', '0x', `0x${'11'.repeat(63)}`, `0x05${'11'.repeat(64)}`, `0x${'11'.repeat(66)}`]) {
    expect(() => bareSignature(bad), bad).toThrow();
  }
});
