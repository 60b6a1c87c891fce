// Encrypting content where it is made: the standard age format, to a key that is fresh for each file.

import { sha256 } from '@noble/hashes/sha2.js';
import { fromRecipient } from './bech32.js';
import { toHex } from './bytes.js';
import { PatronageError } from './errors.js';
import type { Hex } from './types.js';

/** An encrypted file, with what the registry keeps of it. */
export interface Sealed {
  /** The file to be served. */
  encrypted: Blob;
  /** SHA-256 of it. */
  hash: Hex;
  /** Public key that it is encrypted to, for the registry. */
  publicKey: Hex;
  /** The same as age writes it; a gateway's file of the key is called `RECIPIENT.key`. */
  recipient: string;
  /** The secret key in age's format. Whoever has it can open the file; without it nobody can. */
  identity: string;
}

/**
 * Encrypts `content` to a fresh key, as a stream: large files take no more memory than small ones.
 *
 * @param onProgress told how many bytes of the content are encrypted
 */
export async function seal(content: Blob | Uint8Array | string, onProgress: (bytes: number) => void = () => {}): Promise<Sealed> {
  const { Encrypter, generateX25519Identity, identityToRecipient } = await import('age-encryption');
  const identity = await generateX25519Identity();
  const recipient = await identityToRecipient(identity);
  const publicKey = fromRecipient(recipient);
  if (!publicKey) throw new PatronageError('Key', 'the key that was made is no X25519 key');
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  const blob = content instanceof Blob ? content : new Blob([content as BlobPart]);
  let read = 0;
  const counted = (blob.stream() as ReadableStream<Uint8Array>).pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        read += chunk.length;
        onProgress(read);
        controller.enqueue(chunk);
      },
    }),
  );
  const reader = (await encrypter.encrypt(counted)).getReader();
  const sum = sha256.create();
  const parts: BlobPart[] = [];
  let small: BlobPart[] = [];
  let held = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    sum.update(value);
    small.push(value as BlobPart);
    held += value.length;
    if (held >= 8 << 20) {
      parts.push(new Blob(small));
      [small, held] = [[], 0];
    }
  }
  return { encrypted: new Blob([...parts, ...small]), hash: toHex(sum.digest()), publicKey: toHex(publicKey), recipient, identity };
}
