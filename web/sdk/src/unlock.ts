// The gateway's protocol (docs/gateway.md): challenge, signature, key, download, checks, decryption. Neither the gateway nor who
// hosts the file is trusted.

import { sha256 } from '@noble/hashes/sha2.js';
import { accountOf } from './address.js';
import { baseUrl } from './base-url.js';
import { toRecipient } from './bech32.js';
import { fromHex, textOf, toHex } from './bytes.js';
import { GatewayError } from './errors.js';
import type { Address, Hex } from './types.js';
import type { Signer } from './wallet.js';

/** What the chain says of content, and for whom it is opened. */
export interface UnlockRequest {
  /** Address of the gateway, such as `https://mira.example`. */
  gateway: string;
  /** Hash of the chain's first block. */
  genesis: Hex;
  registry: Address;
  /** Number of the content. */
  content: number;
  /** URI of the encrypted file: http(s), or a name that the gateway serves. */
  uri: string;
  /** SHA-256 of the encrypted file. */
  hash: Hex;
  /** Public key that the file is encrypted to. */
  publicKey: Hex;
}

/** What can be told while content is opened. */
export type UnlockStep = { step: 'challenge' | 'signature' | 'key' } | { step: 'download'; bytes: number; of: number | null } | { step: 'decryption' };

/** Options of an unlock. */
export interface UnlockOptions {
  onStep?: (step: UnlockStep) => void;
  /** Ends the unlock. */
  signal?: AbortSignal;
  /** In place of the global one. */
  fetch?: typeof fetch;
}

/** Content that is open. */
export interface Unlocked {
  /** The key in age's format, which opens the file in any age tool: `age -d -i KEYFILE FILE`. It is a secret. */
  identity: string;
  /** The encrypted file, whose hash is the registry's. */
  encrypted: Blob;
  /** The content as a stream, decrypted while it is read; it ends with an error where a part is damaged. */
  stream(): Promise<ReadableStream<Uint8Array>>;
  /** The content as a whole. */
  bytes(): Promise<Uint8Array>;
  /** The content as text. */
  text(): Promise<string>;
}

const OPENING = 'Patronage: open content with this account.\nThis moves no money and permits nothing else.\n\nVersion: patronage-unlock-v1\n';
const TAIL = /^Expires: (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)\nNonce: 0x[0-9a-f]{96}$/;
/** The longest answer with JSON, in bytes. */
const MOST_ANSWER = 64 * 1024;
/** How often a download that breaks off goes on. */
const ATTEMPTS = 4;
/** Parts of a download become a blob from this size on, which browsers keep outside of the page's memory. */
const SPILL = 8 << 20;

/**
 * Checks, byte by byte, that a challenge asks for a signature of what was asked for and of nothing else.
 *
 * @param recipient one-time key that the answer is encrypted to
 * @throws GatewayError with the code `Challenge`
 */
export function checkChallenge(text: string, request: UnlockRequest, account: Address, recipient: string): void {
  const expected = `${OPENING}Chain: ${request.genesis}\nRegistry: ${toHex(accountOf(request.registry))}\nContent: ${request.content}\n`
    + `Account: ${toHex(accountOf(account))}\nKey for: ${recipient}\n`;
  const end = text.startsWith(expected) ? TAIL.exec(text.slice(expected.length)) : null;
  const expires = end ? new Date(end[1]!) : null;
  if (!expires || Number.isNaN(expires.getTime()) || expires.toISOString() !== end![1]) {
    throw new GatewayError('Challenge', 'the gateway wants something else signed than what was asked for: nothing was signed. Tell the creator');
  }
}

/**
 * Opens content: the wallet signs the gateway's challenge, the key is checked against the registry, and the file's hash too.
 *
 * @throws GatewayError where the gateway refuses (`no_access` says what is missing), can't be reached, or does not tell the truth;
 *   WalletError where nothing was signed; TypeError where the gateway's address is none
 */
export async function unlock(request: UnlockRequest, signer: Signer, options: UnlockOptions = {}): Promise<Unlocked> {
  const age = await import('age-encryption');
  const tell = options.onStep ?? (() => {});
  const once = await age.generateX25519Identity();
  const recipient = await age.identityToRecipient(once);
  const account = toHex(accountOf(signer.address));
  const gateway = baseUrl(request.gateway);
  tell({ step: 'challenge' });
  const { challenge } = await post(`${gateway}/challenge`, { content: request.content, account, recipient }, options);
  if (typeof challenge !== 'string') throw unreadable();
  checkChallenge(challenge, request, signer.address, recipient);
  tell({ step: 'signature' });
  const signature = await signer.signText(challenge);
  tell({ step: 'key' });
  const { key } = await post(`${gateway}/key`, { challenge, scheme: signer.scheme, signature }, options);
  if (typeof key !== 'string') throw unreadable();
  const identity = await openKey(key, once, request.publicKey);
  const url = fileUrl(request.uri, gateway);
  const encrypted = await download(url, request.hash, options, (bytes, of) => tell({ step: 'download', bytes, of }));
  tell({ step: 'decryption' });
  return opened(identity, encrypted);
}

/**
 * Opens a file with a key that was exported.
 *
 * @param identity key in age's format
 */
export function opened(identity: string, encrypted: Blob): Unlocked {
  const stream = async () => {
    const { Decrypter } = await import('age-encryption');
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    return decrypter.decrypt(encrypted.stream() as ReadableStream<Uint8Array>);
  };
  const bytes = async () => new Uint8Array(await new Response((await stream()) as any).arrayBuffer());
  return { identity, encrypted, stream, bytes, text: async () => textOf(await bytes()) };
}

/** The identity in the gateway's answer, if it is that of the registry's public key. */
async function openKey(armored: string, once: string, publicKey: Hex): Promise<string> {
  const { Decrypter, armor, identityToRecipient } = await import('age-encryption');
  let identity: string | undefined;
  try {
    const decrypter = new Decrypter();
    decrypter.addIdentity(once);
    const text = await decrypter.decrypt(armor.decode(armored), 'text');
    identity = text.split('\n').map((line) => line.trim()).find((line) => line.startsWith('AGE-SECRET-KEY-1'));
  } catch (error) {
    throw new GatewayError('Key', "the gateway's answer can't be decrypted: try again, and tell the creator if it stays so", 0, { cause: error });
  }
  if (!identity || (await identityToRecipient(identity)) !== toRecipient(fromHex(publicKey))) {
    throw new GatewayError('Key', 'the gateway gave a key that is not the one in the registry: tell the creator');
  }
  return identity;
}

/** Where the encrypted file is. Names are those that a gateway serves; anything else would let a URI choose what is asked. */
export function fileUrl(uri: string, gateway: string): string {
  if (/^https?:\/\//.test(uri)) return uri;
  if (!/^[A-Za-z0-9._-]+$/.test(uri) || /^\.+$/.test(uri)) {
    throw new GatewayError('Uri', "the content's address is neither http(s) nor the name of a file: tell the creator");
  }
  return `${baseUrl(gateway)}/content/${uri}`;
}

async function download(url: string, hash: Hex, { signal, fetch: own }: UnlockOptions, tell: (bytes: number, of: number | null) => void): Promise<Blob> {
  const ask = own ?? fetch;
  let parts: BlobPart[] = [];
  let small: Uint8Array[] = [];
  let [received, held, attempts] = [0, 0, 0];
  let sum = sha256.create();
  let [total, tag] = [null as number | null, null as string | null];
  const restart = () => {
    [parts, small, received, held, sum] = [[], [], 0, 0, sha256.create()];
  };
  for (;;) {
    try {
      const headers: Record<string, string> = received > 0 ? { Range: `bytes=${received}-`, ...(tag ? { 'If-Range': tag } : {}) } : {};
      const response = await ask(url, { headers, ...(signal ? { signal } : {}) });
      if (response.status !== 206 && received > 0) restart();
      if (!response.ok || !response.body) {
        throw new GatewayError('File', `the file can't be downloaded (${response.status}): try again, or tell the creator`, response.status);
      }
      const begin = /^bytes (\d+)-/.exec(response.headers.get('Content-Range') ?? '')?.[1];
      if (response.status === 206 && begin !== undefined && Number(begin) !== received) throw new GatewayError('File', 'the server sent another part of the file than was asked for');
      const length = Number(response.headers.get('Content-Length'));
      total = response.headers.has('Content-Length') && Number.isSafeInteger(length) ? received + length : null;
      const etag = response.headers.get('ETag');
      tag = etag && !etag.startsWith('W/') ? etag : null;
      const reader = response.body.getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        sum.update(value);
        small.push(value);
        received += value.length;
        held += value.length;
        if (held >= SPILL) {
          parts.push(new Blob(small as BlobPart[]));
          [small, held] = [[], 0];
        }
        tell(received, total);
      }
      if (total !== null && received < total) throw new TypeError('the connection broke off');
      break;
    } catch (error) {
      attempts += 1;
      const lasting = error instanceof GatewayError || (signal?.aborted ?? false);
      if (lasting || attempts >= ATTEMPTS) {
        throw error instanceof GatewayError ? error : new GatewayError('File', "the file can't be downloaded: try again", 0, { cause: error });
      }
      await new Promise((wake) => setTimeout(wake, 250 * attempts));
    }
  }
  if (toHex(sum.digest()) !== hash) throw new GatewayError('Hash', 'the file is not the one in the registry: tell the creator');
  return new Blob([...parts, ...(small as BlobPart[])]);
}

function unreadable(): GatewayError {
  return new GatewayError('Answer', "the gateway's answer can't be read: is it the address of a gateway?");
}

async function post(url: string, body: unknown, { signal, fetch: own }: UnlockOptions): Promise<Record<string, unknown>> {
  let response: Response;
  try {
    response = await (own ?? fetch)(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
      ...(signal ? { signal } : {}),
    });
  } catch (error) {
    throw new GatewayError('unreachable', `the gateway at ${new URL(url).origin} can't be reached: try again later`, 0, { cause: error });
  }
  const text = await response.text();
  let answer: any;
  try {
    if (text.length > MOST_ANSWER) throw new RangeError('too long');
    answer = JSON.parse(text);
  } catch {
    throw unreadable();
  }
  if (response.ok) return answer;
  const { code, message } = answer ?? {};
  throw new GatewayError(typeof code === 'string' ? code : 'Answer', typeof message === 'string' ? message : `the gateway refused (${response.status})`, response.status);
}
