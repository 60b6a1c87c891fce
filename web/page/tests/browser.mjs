// Chromium, and a wallet in the page as an extension injects it. The key stays in Node.

import { Keyring } from '@polkadot/keyring';
import { TypeRegistry } from '@polkadot/types';
import { cryptoWaitReady } from '@polkadot/util-crypto';
import { chromium } from 'playwright-core';

/** How Chromium is started. */
export const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** Starts Chromium. */
export async function browse() {
  await cryptoWaitReady();
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ARGS });
}

/**
 * Opens a page, with a wallet of development accounts unless there is none.
 *
 * @returns the page, what the wallet was asked, how it behaves from now on, and what the browser complained about
 */
export async function visit(browser, { people = [], patience = 60_000, width = 1280, height = 900, genesis, scheme = 'light', locale = 'en-US', name = 'polkadot-js' } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, locale, acceptDownloads: true, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  const [asked, complaints, behaviour] = [[], [], { refuses: false, after: Infinity }];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && /Content Security Policy|Trusted/i.test(message.text())) complaints.push(message.text());
  });
  if (people.length > 0) {
    const ring = new Keyring({ type: 'sr25519' });
    const pairs = people.map((one) => [one, ring.addFromUri(`//${one}`)]);
    const pairOf = (address) => pairs.map(([, pair]) => pair).find((pair) => pair.address === ring.encodeAddress(address));
    await context.exposeFunction('walletSigns', async (kind, request) => {
      asked.push({ kind, request });
      if (behaviour.refuses || behaviour.after-- <= 0) throw new Error('Cancelled');
      const pair = pairOf(request.address);
      if (kind === 'payload') {
        const registry = new TypeRegistry();
        registry.setSignedExtensions(request.signedExtensions);
        return registry.createType('ExtrinsicPayload', request, { version: request.version }).sign(pair).signature;
      }
      const bytes = Buffer.concat([Buffer.from('<Bytes>'), Buffer.from(request.data.slice(2), 'hex'), Buffer.from('</Bytes>')]);
      return `0x${Buffer.from(pair.sign(bytes)).toString('hex')}`;
    });
    const accounts = pairs.map(([one, pair]) => ({ address: pair.address, name: one, type: 'sr25519', genesisHash: genesis ?? null }));
    await context.addInitScript(({ accounts, name }) => {
      const signer = {
        signPayload: async (payload) => ({ id: 1, signature: await window.walletSigns('payload', payload) }),
        signRaw: async (raw) => ({ id: 1, signature: await window.walletSigns('raw', raw) }),
      };
      window.injectedWeb3 = { [name]: { version: '1.0', enable: async () => ({ accounts: { get: async () => accounts, subscribe: (then) => (then(accounts), () => {}) }, signer }) } };
    }, { accounts, name });
  }
  return { page, context, asked, behaviour, complaints };
}

/** Reads a SCALE compact number; gives it and where it ends. */
function compact(bytes, at) {
  const mode = bytes[at] & 3;
  if (mode === 3) {
    const length = (bytes[at] >> 2) + 4;
    return [little(bytes.subarray(at + 1, at + 1 + length)), at + 1 + length];
  }
  const length = [1, 2, 4][mode];
  return [little(bytes.subarray(at, at + length)) >> 2n, at + length];
}

/** A number, lowest byte first. */
export function little(bytes) {
  return bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

/** Takes `Contracts.call` apart as the wallet got it. */
export function decodeCall(method) {
  const bytes = Buffer.from(method.slice(2), 'hex');
  // Pallet, call, kind of address.
  let at = 3;
  const contract = bytes.subarray(at, (at += 32));
  let value, depositLimit = null, length;
  [value, at] = compact(bytes, at);
  [, at] = compact(bytes, at);
  [, at] = compact(bytes, at);
  if (bytes[at++] === 1) [depositLimit, at] = compact(bytes, at);
  [length, at] = compact(bytes, at);
  return { contract: `0x${contract.toString('hex')}`, value, depositLimit, data: bytes.subarray(at, at + Number(length)) };
}
