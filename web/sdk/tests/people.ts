// Development accounts, as signers with keys and as wallets in a page.

import { Keyring } from '@polkadot/keyring';
import { TypeRegistry } from '@polkadot/types';
import { cryptoWaitReady } from '@polkadot/util-crypto';
import WebSocket from 'ws';
import { accountOf, toAddress } from '../src/address.js';
import { fromHex, toHex } from '../src/bytes.js';
import { keySigner, type Signer } from '../src/wallet.js';

(globalThis as any).WebSocket ??= WebSocket;
await cryptoWaitReady();
const rings = { sr25519: new Keyring({ type: 'sr25519' }), ed25519: new Keyring({ type: 'ed25519' }) };

/** The key of a development account, such as `Ana`. */
export function pairOf(name: string, scheme: 'sr25519' | 'ed25519' = 'sr25519') {
  return rings[scheme].addFromUri(`//${name}`);
}

/** A development account that signs by itself. */
export function person(name: string, scheme: 'sr25519' | 'ed25519' = 'sr25519'): Signer {
  const pair = pairOf(name, scheme);
  return keySigner(toAddress(pair.publicKey), scheme, (bytes) => pair.sign(bytes));
}

/** Puts a wallet into `globalThis`, as an extension does; gives what it was asked. */
export function inject(name: string, who: string, behaviour: { refuses?: boolean; limited?: number; typed?: boolean } = {}) {
  const pair = pairOf(who);
  const log: { raw: any[]; payloads: any[] } = { raw: [], payloads: [] };
  let limited = behaviour.limited ?? 0;
  const before = () => {
    if (limited-- > 0) throw new Error('Rate limit exceeded. Try again in a few seconds.');
    if (behaviour.refuses) throw new Error('Cancelled');
  };
  const signer = {
    signPayload: async (payload: any) => {
      log.payloads.push(payload);
      before();
      // As the extension of polkadot.js does it, from the payload alone.
      const registry = new TypeRegistry();
      registry.setSignedExtensions(payload.signedExtensions);
      return { id: 1, ...registry.createType('ExtrinsicPayload', payload, { version: payload.version }).sign(pair) };
    },
    signRaw: async (raw: { address: string; data: string; type: string }) => {
      log.raw.push(raw);
      before();
      const wrapped = Uint8Array.from([...new TextEncoder().encode('<Bytes>'), ...fromHex(raw.data), ...new TextEncoder().encode('</Bytes>')]);
      const signature = pair.sign(wrapped);
      return { id: 1, signature: toHex(behaviour.typed ? Uint8Array.from([1, ...signature]) : signature) };
    },
  };
  const accounts = [
    { address: toAddress(accountOf(pair.address), 0), name: who, type: 'sr25519' },
    { address: '0x1234', name: 'an Ethereum account', type: 'ethereum' },
  ];
  const injected = { version: '1.0', enable: async () => ({ accounts: { get: async () => accounts, subscribe: (then: any) => (then(accounts), () => {}) }, signer }) };
  (globalThis as any).injectedWeb3 = { ...(globalThis as any).injectedWeb3, [name]: injected };
  return log;
}
