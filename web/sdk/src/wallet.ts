// Wallets as extensions put them into pages: `window.injectedWeb3`. The interface is a dozen lines, so no library stands between.

import { sameAccount, toAddress, accountOf } from './address.js';
import { fromHex, isHex, toHex, utf8 } from './bytes.js';
import { WalletError } from './errors.js';
import type { Address, Hex } from './types.js';

/** Kinds of keys that contracts' accounts are signed with. */
export type Scheme = 'sr25519' | 'ed25519';

/** What a wallet is asked to sign for a transaction, as polkadot.js has defined it. */
export interface SignerPayload {
  address: Address;
  blockHash: Hex;
  blockNumber: Hex;
  era: Hex;
  genesisHash: Hex;
  method: string;
  nonce: Hex;
  specVersion: Hex;
  tip: Hex;
  transactionVersion: Hex;
  signedExtensions: string[];
  version: number;
  [more: string]: unknown;
}

/** Who signs: an account and its wallet, or a key of a script. */
export interface Signer {
  address: Address;
  /** Kind of the account's key. */
  scheme: Scheme;
  /** Signs a transaction. */
  signPayload(payload: SignerPayload): Promise<{ signature: Hex; signedTransaction?: Hex | Uint8Array }>;
  /** Signs a text that is no transaction. */
  signText(text: string): Promise<Hex>;
  /** Signs bytes as they are, where the key is at hand; then transactions are signed by it. */
  signBytes?(bytes: Uint8Array): Promise<Uint8Array>;
}

/**
 * A signer with a key at hand, for scripts and tests. Pages use wallets.
 *
 * @param sign gives the 64 bytes of a signature, such as `sign` of a pair of `@polkadot/keyring`
 */
export function keySigner(address: Address, scheme: Scheme, sign: (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>): Signer {
  return {
    address,
    scheme,
    signBytes: async (bytes) => sign(bytes),
    signText: async (text) => bareSignature(toHex(await sign(utf8(text)))),
    signPayload: async () => {
      throw new WalletError('Unsupported', 'a key signs the bytes of a transaction');
    },
  };
}

interface InjectedAccount { address: string; name?: string; type?: string; genesisHash?: string | null }
interface InjectedSigner {
  signPayload?(payload: unknown): Promise<{ signature: Hex; signedTransaction?: Hex | Uint8Array }>;
  signRaw?(raw: { address: string; data: string; type: 'bytes' }): Promise<{ signature: string }>;
}
interface Injected {
  accounts: { get(): Promise<InjectedAccount[]>; subscribe?(then: (accounts: InjectedAccount[]) => void): () => void };
  signer: InjectedSigner;
}
interface Injectable { version?: string; enable(origin: string): Promise<Injected> }

/** An account of a wallet. */
export interface WalletAccount extends Signer {
  name: string | null;
  wallet: string;
}

/** A wallet that is there. Nothing is asked of the user before `connect`. */
export interface Wallet {
  /** Its name among extensions, such as `polkadot-js`. */
  name: string;
  version: string;
  /**
   * Asks the user for accounts.
   *
   * @param genesis hash of the first block of the chain, where accounts of others are left out
   * @throws WalletError where the user refuses, or there is no account
   */
  connect(genesis?: Hex): Promise<WalletAccount[]>;
  /** Tells which accounts the user shows from now on; gives what ends it. */
  watch(onAccounts: (accounts: WalletAccount[]) => void, genesis?: Hex): Promise<() => void>;
}

/** polkadot.js refuses a second request within 3 seconds. */
const PAUSE = 3_100;

function injected(): Record<string, Injectable> {
  return ((globalThis as any).injectedWeb3 ?? {}) as Record<string, Injectable>;
}

/**
 * The wallets in this page. Extensions inject at their own pace, so it waits a moment for the first.
 *
 * @param app name of the page, which wallets show
 * @param patience in ms
 */
export async function wallets(app: string, patience = 1_500): Promise<Wallet[]> {
  const until = Date.now() + patience;
  while (Object.keys(injected()).length === 0 && Date.now() < until) await new Promise((wake) => setTimeout(wake, 50));
  return Object.entries(injected()).map(([name, wallet]) => {
    const enable = async () => wallet.enable(app).catch((error: unknown) => {
      throw new WalletError('Refused', `the wallet ${name} did not allow this page to see accounts: ${wordsOf(error)}`, { cause: error });
    });
    return {
      name,
      version: wallet.version ?? '',
      connect: async (genesis) => {
        const { accounts, signer } = await enable();
        const list = accountsOf(name, await accounts.get(), signer, genesis);
        if (list.length === 0) throw new WalletError('NoAccount', `the wallet ${name} shows this page no account that fits: create one there, or allow one`);
        return list;
      },
      watch: async (onAccounts, genesis) => {
        const { accounts, signer } = await enable();
        return accounts.subscribe?.((list) => onAccounts(accountsOf(name, list, signer, genesis))) ?? (() => {});
      },
    };
  });
}

function accountsOf(wallet: string, list: InjectedAccount[], signer: InjectedSigner, genesis?: Hex): WalletAccount[] {
  const fits = ({ type, genesisHash }: InjectedAccount) =>
    // Ethereum's and ECDSA's accounts are none on these chains.
    (!type || type === 'sr25519' || type === 'ed25519') && (!genesis || !genesisHash || genesisHash === genesis);
  return list.filter(fits).map(({ address, name, type }) => ({
    ...signerOf(wallet, toAddress(accountOf(address)), type === 'ed25519' ? 'ed25519' : 'sr25519', signer),
    name: name ?? null,
    wallet,
  }));
}

function signerOf(wallet: string, address: Address, scheme: Scheme, signer: InjectedSigner): Signer {
  return {
    address,
    scheme,
    signPayload: async (payload) => {
      if (!signer.signPayload) throw new WalletError('Unsupported', `the wallet ${wallet} can't sign transactions`);
      return patiently(wallet, () => signer.signPayload!({ ...payload, address: payload.address }));
    },
    signText: async (text) => {
      if (!signer.signRaw) throw new WalletError('Unsupported', `the wallet ${wallet} can't sign texts: choose another wallet to open content`);
      const { signature } = await patiently(wallet, () => signer.signRaw!({ address, data: toHex(utf8(text)), type: 'bytes' }));
      return bareSignature(signature);
    },
  };
}

/** Asks a wallet, and once more where it only wants a pause between two requests. */
async function patiently<T>(wallet: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!/rate limit/i.test(wordsOf(error))) throw refusal(wallet, error);
  }
  await new Promise((wake) => setTimeout(wake, PAUSE));
  return ask().catch((error: unknown) => {
    throw refusal(wallet, error);
  });
}

function refusal(wallet: string, error: unknown): WalletError {
  const words = wordsOf(error);
  return /cancel|reject|denied|refus/i.test(words)
    ? new WalletError('Refused', 'nothing was signed, as you refused it in the wallet', { cause: error })
    : new WalletError('Failed', `the wallet ${wallet} did not sign: ${words}`, { cause: error });
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A signature of 64 bytes, without the kind of key that some wallets put first. */
export function bareSignature(signature: string): Hex {
  if (!isHex(signature)) throw new WalletError('Failed', 'what the wallet gave is no signature');
  const bytes = fromHex(signature);
  if (bytes.length === 65 && bytes[0]! <= 1) return toHex(bytes.subarray(1));
  if (bytes.length !== 64) throw new WalletError('Failed', `the wallet's signature has ${bytes.length} bytes, where 64 are one`);
  return signature;
}

/**
 * Signs a transaction, if it is what was tried: the call byte by byte, on this chain, for this account.
 *
 * @param method the call of the transaction, encoded
 */
export function guarded(signer: Signer, genesis: Hex, method: Hex): Signer['signPayload'] {
  return async (payload) => {
    if (payload.method !== method || payload.genesisHash !== genesis || !sameAccount(payload.address, signer.address)) {
      throw new WalletError('Changed', 'what is to be signed is not what was tried: nothing was signed');
    }
    return signer.signPayload(payload);
  };
}
