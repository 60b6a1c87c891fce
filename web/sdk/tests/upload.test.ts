// Uploads to a server that breaks connections, loses answers, and refuses.

import { expect, test } from 'vitest';
import { accountOf } from '../src/address.js';
import { seal } from '../src/publish.js';
import { CreatorServer } from '../src/server.js';
import { upload } from '../src/upload.js';
import { person } from './people.js';

type Fault = (path: string, method: string, count: number) => 'before' | 'after' | number | null;

/** A server of files as docs/server.md says, with faults: a request that does not arrive, or whose answer is lost, or an error. */
async function server(fault: Fault = () => null, url = 'https://mira.example') {
  const files = new Map<string, { bytes: Uint8Array; length: number }>();
  const keys = new Map<string, string>();
  let count = 0;
  const answer = async (path: string, init: RequestInit): Promise<Response> => {
    const headers = new Headers(init.headers);
    const offset = (file: { bytes: Uint8Array }, status: number) => new Response(null, { status, headers: { 'Upload-Offset': String(file.bytes.length) } });
    if (path === 'sign-in/challenge') {
      const { account } = JSON.parse(String(init.body));
      return Response.json({ challenge: textFor(account) });
    }
    if (path === 'sign-in') return Response.json({ token: 'token' });
    if (headers.get('Authorization') !== 'Bearer token') return Response.json({ code: 'bad_signature', message: 'sign in' }, { status: 401 });
    if (path.startsWith('keys/')) {
      keys.set(path.slice(5), String(init.body));
      return new Response(null, { status: 204 });
    }
    if (path === 'uploads') {
      const name = atob(headers.get('Upload-Metadata')!.slice('filename '.length));
      const length = Number(headers.get('Upload-Length'));
      if (files.get(name)?.length !== length) files.set(name, { bytes: new Uint8Array(), length });
      return offset(files.get(name)!, 201);
    }
    const file = files.get(decodeURIComponent(path.slice('uploads/'.length)))!;
    if (init.method === 'HEAD') return offset(file, 200);
    if (Number(headers.get('Upload-Offset')) !== file.bytes.length) return Response.json({ code: 'conflict', message: 'elsewhere' }, { status: 409 });
    const part = new Uint8Array(await (init.body as Blob).arrayBuffer());
    file.bytes = Uint8Array.from([...file.bytes, ...part]);
    return offset(file, 204);
  };
  const ask = (async (address: string, init: RequestInit = {}) => {
    init.signal?.throwIfAborted();
    const path = address.slice(`${url}/v1/`.length);
    const what = path.startsWith('sign-in') ? null : fault(path, init.method ?? 'GET', count++);
    if (what === 'before') throw new TypeError('fetch failed');
    if (typeof what === 'number') return Response.json({ code: 'internal', message: 'later' }, { status: what });
    const answered = await answer(path, init);
    if (what === 'after') throw new TypeError('fetch failed');
    return answered;
  }) as typeof fetch;
  const client = new CreatorServer(url, ask);
  const genesis = `0x${'11'.repeat(32)}` as const;
  await client.signIn(person('Mira'), { genesis, registry: person('Mira').address });
  return { client, files, keys, requests: () => count };
}

function textFor(account: string): string {
  const id = Buffer.from(accountOf(account)).toString('hex');
  return `Patronage: sign in to this creator's server with this account.\nFor a quarter of an hour, it may list members and upload files. This moves no money.\n\nVersion: patronage-sign-in-v1\n`
    + `Chain: 0x${'11'.repeat(32)}\nRegistry: 0x${id}\nAccount: 0x${id}\nExpires: 2026-09-21T14:13:20.123Z\nNonce: 0x${'44'.repeat(32)}`;
}

async function whole(blob: Blob): Promise<Uint8Array> {
  return new Uint8Array(await blob.arrayBuffer());
}

test('a file arrives whole whatever is lost on the way', async () => {
  const sealed = await seal(new Uint8Array(1_000));
  for (const kind of ['before', 'after', 503, 429] as const) {
    // Each third request fails.
    const { client, files, keys } = await server((_path, _method, count) => (count % 3 === 1 ? kind : null));
    await upload(client, sealed, 'song.age', { part: 400 });
    expect(files.get('song.age')!.bytes, String(kind)).toEqual(await whole(sealed.encrypted));
    expect(keys.get(sealed.recipient)).toBe(`${sealed.identity}\n`);
  }
}, 60_000);

test('an upload that was stopped goes on where it was', async () => {
  const sealed = await seal(new Uint8Array(2_000));
  const { client, files } = await server();
  const stop = new AbortController();
  const first = upload(client, sealed, 'song.age', { part: 500, signal: stop.signal, onProgress: (sent) => sent >= 1_000 && stop.abort() });
  await expect(first).rejects.toThrow();
  expect(files.get('song.age')!.bytes.length).toBe(1_000);
  const seen: number[] = [];
  await upload(client, sealed, 'song.age', { part: 500, onProgress: (sent) => seen.push(sent) });
  expect(seen[0]).toBe(1_000);
  expect(files.get('song.age')!.bytes).toEqual(await whole(sealed.encrypted));
});

test('what will not pass is said at once, and no key goes over an open line', async () => {
  const sealed = await seal('x');
  const refusing = await server((path) => (path === 'uploads' ? 413 : null));
  await expect(upload(refusing.client, sealed, 'song.age')).rejects.toMatchObject({ status: 413 });
  expect(refusing.requests()).toBe(2);
  const open = await server(undefined, 'http://mira.example');
  await expect(upload(open.client, sealed, 'song.age')).rejects.toMatchObject({ code: 'Insecure' });
  expect(open.requests()).toBe(0);
});
