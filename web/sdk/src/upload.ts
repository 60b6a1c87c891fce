// Files and keys to the creator's own gateway, by the tus protocol 1.0 (https://tus.io/protocols/resumable-upload). An upload goes on
// where it was interrupted, even by a page that was closed.

import { ServerError } from './errors.js';
import type { Sealed } from './publish.js';
import type { CreatorServer } from './server.js';

/** Bytes of a request. Small enough to end within the server's time for a request on a slow line. */
const PART = 1 << 20;
/** How often a part is sent again, and how long is waited before, in ms: each time twice as long. */
const ATTEMPTS = 6;
const PAUSE = 500;
const VERSION = { 'Tus-Resumable': '1.0.0' };

/** How an upload runs. */
export interface UploadOptions {
  /** Is told how many bytes are at the server, and how many the file has. */
  onProgress?: (sent: number, length: number) => void;
  /** Interrupts it. What was sent stays at the server for a week. */
  signal?: AbortSignal;
  /** Bytes of a request; 1 MiB unless it is said. */
  part?: number;
}

/**
 * Sends an encrypted file and its secret key to a server where `signIn` was called. The key is sent first: a file without its key could
 * be opened by nobody. Called again with the same file and name, it goes on where it was interrupted.
 *
 * @param name file name at the server, which is the URI in the registry: letters, digits, `.`, `-`, `_`
 * @throws ServerError where the server refuses, can't be reached, or would get the key over a line that others can read
 */
export async function upload(server: CreatorServer, sealed: Sealed, name: string, options: UploadOptions = {}): Promise<void> {
  const { onProgress = () => {}, signal, part = PART } = options;
  const { protocol, hostname } = new URL(server.url);
  if (protocol !== 'https:' && !['localhost', '127.0.0.1', '[::1]'].includes(hostname)) {
    throw new ServerError('Insecure', `${server.url} has no TLS, so others could read the key: use https, or copy both files to the gateway yourself`);
  }
  const send = async (path: string, init: RequestInit & { headers?: Record<string, string> }) => {
    const response = await server.send(path, { ...init, ...(signal ? { signal } : {}) });
    if (!response.ok) throw await refusal(response);
    return response;
  };
  await again(signal, () => send(`keys/${sealed.recipient}`, { method: 'PUT', body: `${sealed.identity}\n` }));
  const { encrypted } = sealed;
  const length = encrypted.size;
  const headers = { ...VERSION, 'Upload-Length': String(length), 'Upload-Metadata': `filename ${btoa(name)}` };
  let offset = offsetOf(await again(signal, () => send('uploads', { method: 'POST', headers })));
  onProgress(offset, length);
  const path = `uploads/${encodeURIComponent(name)}`;
  // Once more where all bytes are there: the server completes the file with the last request.
  do {
    offset = await again(signal, async () => {
      const body = encrypted.slice(offset, offset + part);
      return offsetOf(await send(path, { method: 'PATCH', headers: { ...VERSION, 'Upload-Offset': String(offset), 'Content-Type': 'application/offset+octet-stream' }, body }));
    }, async () => {
      // Only the server knows how much of a broken request has arrived.
      offset = offsetOf(await send(path, { method: 'HEAD', headers: VERSION }));
    });
    onProgress(offset, length);
  } while (offset < length);
}

/** Runs `attempt` until it succeeds, with pauses and `recover` after failures that may pass. */
async function again<T>(signal: AbortSignal | undefined, attempt: () => Promise<T>, recover?: () => Promise<void>): Promise<T> {
  for (let count = 1; ; count += 1) {
    try {
      if (count > 1) await recover?.();
      return await attempt();
    } catch (error) {
      const { code = '', status = 0 } = error instanceof ServerError ? error : {};
      // A conflict of offsets is one that `recover` ends.
      const passing = code === 'Unreachable' || status === 429 || status >= 500 || (status === 409 && recover !== undefined);
      if (!passing || count >= ATTEMPTS || signal?.aborted) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE * 2 ** (count - 1)));
    }
  }
}

function offsetOf(response: Response): number {
  const offset = Number(response.headers.get('Upload-Offset') ?? NaN);
  if (!Number.isSafeInteger(offset) || offset < 0) throw new ServerError('Answer', "the server's answer does not say how many bytes it has", response.status);
  return offset;
}

async function refusal(response: Response): Promise<ServerError> {
  const { code, message } = await response.json().catch(() => ({})) as { code?: unknown; message?: unknown };
  return new ServerError(String(code ?? 'Refused'), String(message ?? `the server refused (${response.status})`), response.status);
}
