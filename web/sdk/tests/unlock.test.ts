import { generateX25519Identity, identityToRecipient, Encrypter, armor } from 'age-encryption';
import { signatureVerify } from '@polkadot/util-crypto';
import { describe, expect, test } from 'vitest';
import { accountOf } from '../src/address.js';
import { fromRecipient } from '../src/bech32.js';
import { fromHex, toHex, utf8 } from '../src/bytes.js';
import { seal } from '../src/publish.js';
import { checkChallenge, fileUrl, opened, unlock, type UnlockRequest } from '../src/unlock.js';
import { person } from './people.js';

const hash = (byte: number) => toHex(new Uint8Array(32).fill(byte));
const request: UnlockRequest = {
  gateway: 'https://mira.example/', genesis: hash(0x11), registry: hash(0x22), content: 7, uri: 'a.age', hash: hash(1), publicKey: hash(2),
};
// As docs/gateway.md has it.
const text = (more: Partial<Record<'chain' | 'content' | 'tail' | 'recipient', string>> = {}) =>
  'Patronage: open content with this account.\nThis moves no money and permits nothing else.\n\nVersion: patronage-unlock-v1\n'
  + `Chain: ${more.chain ?? request.genesis}\nRegistry: ${request.registry}\nContent: ${more.content ?? '7'}\nAccount: ${hash(0x33)}\n`
  + `Key for: ${more.recipient ?? 'age1t7rxyev2z3rw82stdlrrepyc39nvn86l5078zqkf5uasdy86jp6svpy7pa'}\n`
  + (more.tail ?? `Expires: 2026-09-21T14:13:20.123Z\nNonce: 0x${'44'.repeat(48)}`);
const recipient = 'age1t7rxyev2z3rw82stdlrrepyc39nvn86l5078zqkf5uasdy86jp6svpy7pa';

describe('a challenge is signed only if it is what was asked for, byte by byte', () => {
  test('the one in the documentation is', () => {
    expect(() => checkChallenge(text(), request, hash(0x33), recipient)).not.toThrow();
  });
  test('no byte of it can be changed, added or left out', () => {
    const good = text();
    // Digits of the end and the nonce are the gateway's to choose; everything else is ours.
    const free = /^(Expires: |Nonce: 0x)/;
    let at = 0;
    for (const line of good.split('\n')) {
      for (let index = 0; index <= line.length; index++) {
        const place = at + index;
        const own = free.test(line) && index >= line.indexOf(' ') + 1;
        for (const changed of [`${good.slice(0, place)}x${good.slice(place)}`, `${good.slice(0, place)}${good.slice(place + 1)}`]) {
          if (changed === good) continue;
          expect(() => checkChallenge(changed, request, hash(0x33), recipient), `${own} ${place}`).toThrow(/nothing was signed/);
        }
      }
      at += line.length + 1;
    }
  });
  test.each([
    ['another chain', text({ chain: hash(0x12) })],
    ['other content', text({ content: '70' })],
    ['another key', text({ recipient: recipient.replace('t7', 't8') })],
    ['a day that there is not', text({ tail: `Expires: 2026-02-31T14:13:20.123Z\nNonce: 0x${'44'.repeat(48)}` })],
    ['a transaction behind it', `${text()}\n<Bytes>`],
    ['nothing', ''],
  ])('%s is refused', (_, changed) => {
    expect(() => checkChallenge(changed, request, hash(0x33), recipient)).toThrow(/something else/);
  });
});

/** A gateway in this process, honest unless it is told otherwise. */
async function gateway(lie: Partial<{ challenge: (text: string) => string; identity: string; file: Uint8Array; key: string; refuses: object; breaks: number; ignoresRange: boolean }> = {}) {
  const sealed = await seal('for members only');
  const ana = person('Ana');
  const asked: string[] = [];
  let breaks = lie.breaks ?? 0;
  const file = lie.file ?? new Uint8Array(await sealed.encrypted.arrayBuffer());
  const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status });
  let issued = '';
  const fetch = (async (input: string, init: any = {}) => {
    asked.push(`${init.method ?? 'GET'} ${input} ${init.headers?.Range ?? ''}`.trim());
    if (input.endsWith('/challenge')) {
      const { content, account, recipient: to } = JSON.parse(init.body);
      issued = 'Patronage: open content with this account.\nThis moves no money and permits nothing else.\n\nVersion: patronage-unlock-v1\n'
        + `Chain: ${request.genesis}\nRegistry: ${request.registry}\nContent: ${content}\nAccount: ${account}\nKey for: ${to}\n`
        + `Expires: 2026-09-21T14:13:20.123Z\nNonce: 0x${'44'.repeat(48)}`;
      return json({ challenge: lie.challenge?.(issued) ?? issued });
    }
    if (input.endsWith('/key')) {
      const { challenge, scheme, signature } = JSON.parse(init.body);
      if (lie.refuses) return json(lie.refuses, 403);
      const valid = challenge === issued && scheme === 'sr25519' && signatureVerify(utf8(challenge), fromHex(signature), accountOf(ana.address)).isValid;
      if (!valid) return json({ code: 'bad_signature', message: 'the signature is not valid' }, 401);
      const encrypter = new Encrypter();
      encrypter.addRecipient(/Key for: (age1\w+)/.exec(challenge)![1]!);
      return json({ key: lie.key ?? armor.encode(await encrypter.encrypt(`# a key\n${lie.identity ?? sealed.identity}\n`)) });
    }
    const from = lie.ignoresRange ? 0 : Number(/bytes=(\d+)-/.exec(init.headers?.Range ?? '')?.[1] ?? 0);
    const part = file.slice(from);
    const end = breaks > 0 ? Math.floor(part.length / 2) : part.length;
    breaks -= 1;
    const status = from > 0 ? 206 : 200;
    const headers = { 'Content-Length': String(part.length), ETag: '"1"', ...(from > 0 ? { 'Content-Range': `bytes ${from}-${file.length - 1}/${file.length}` } : {}) };
    return new Response(part.slice(0, end), { status, headers });
  }) as typeof globalThis.fetch;
  const wanted: UnlockRequest = { ...request, hash: sealed.hash, publicKey: sealed.publicKey };
  return { fetch, wanted, ana, sealed, asked };
}

test('content is opened by challenge, signature, key and file, which are told on the way', async () => {
  const { fetch, wanted, ana, asked, sealed } = await gateway();
  const steps: string[] = [];
  const found = await unlock(wanted, ana, { fetch, onStep: ({ step }) => steps.at(-1) === step || steps.push(step) });
  expect(await found.text()).toBe('for members only');
  expect(found.identity).toBe(sealed.identity);
  expect(steps).toEqual(['challenge', 'signature', 'key', 'download', 'decryption']);
  expect(asked).toEqual(['POST https://mira.example/challenge', 'POST https://mira.example/key', 'GET https://mira.example/content/a.age']);
  expect(await opened(found.identity, found.encrypted).text()).toBe('for members only');
});

describe('a gateway that lies', () => {
  test('gets no signature of another text', async () => {
    const { fetch, wanted, ana } = await gateway({ challenge: (one) => one.replace('Content: 7', 'Content: 8') });
    let signed = 0;
    const counting = { ...ana, signText: async (one: string) => (signed++, ana.signText(one)) };
    await expect(unlock(wanted, counting, { fetch })).rejects.toMatchObject({ code: 'Challenge' });
    expect(signed).toBe(0);
  });
  test('is found out by a key that is not the registry’s', async () => {
    const { fetch, wanted, ana, asked } = await gateway({ identity: await generateX25519Identity() });
    await expect(unlock(wanted, ana, { fetch })).rejects.toMatchObject({ code: 'Key', message: expect.stringContaining('not the one in the registry') });
    expect(asked.some((one) => one.startsWith('GET')), 'nothing is downloaded for it').toBe(false);
  });
  test('is found out by a key that is encrypted to someone else, or no key', async () => {
    for (const key of ['-----BEGIN AGE ENCRYPTED FILE-----\nx\n-----END AGE ENCRYPTED FILE-----\n', '']) {
      const { fetch, wanted, ana } = await gateway({ key });
      await expect(unlock(wanted, ana, { fetch })).rejects.toMatchObject({ code: 'Key' });
    }
  });
  test('is found out by a file with another hash, before it is decrypted', async () => {
    const other = await seal('something else');
    const { fetch, wanted, ana } = await gateway({ file: new Uint8Array(await other.encrypted.arrayBuffer()) });
    await expect(unlock(wanted, ana, { fetch })).rejects.toMatchObject({ code: 'Hash' });
  });
});

test('a gateway’s refusal is given with its code and its words', async () => {
  const { fetch, wanted, ana } = await gateway({ refuses: { code: 'no_access', message: 'access takes a subscription at level 1' } });
  await expect(unlock(wanted, ana, { fetch })).rejects.toMatchObject({ name: 'GatewayError', code: 'no_access', status: 403, message: 'access takes a subscription at level 1' });
});

test('what answers no JSON is no gateway, and one that is away says so', async () => {
  const { wanted, ana } = await gateway();
  await expect(unlock(wanted, ana, { fetch: (async () => new Response('<html>')) as any })).rejects.toMatchObject({ code: 'Answer' });
  await expect(unlock(wanted, ana, { fetch: (async () => { throw new TypeError('fetch failed'); }) as any })).rejects.toMatchObject({ code: 'unreachable' });
});

test('a download that breaks off goes on where it was, or from the start where the server does not', async () => {
  const one = await gateway({ breaks: 2 });
  expect(await (await unlock(one.wanted, one.ana, { fetch: one.fetch })).text()).toBe('for members only');
  expect(one.asked.filter((line) => line.includes('bytes=')).length).toBe(2);
  const two = await gateway({ breaks: 1, ignoresRange: true });
  expect(await (await unlock(two.wanted, two.ana, { fetch: two.fetch })).text()).toBe('for members only');
  const three = await gateway({ breaks: 9 });
  await expect(unlock(three.wanted, three.ana, { fetch: three.fetch })).rejects.toMatchObject({ code: 'File' });
});

test('an address of content can not choose what is asked of the gateway', () => {
  expect(fileUrl('a-b_c.age', 'https://g.example/')).toBe('https://g.example/content/a-b_c.age');
  expect(fileUrl('https://other.example/x.age', 'https://g.example')).toBe('https://other.example/x.age');
  for (const uri of ['../key', 'a/b', '..', '', 'a?b', 'javascript:alert(1)', 'file:///etc/passwd', 'a%2fb']) {
    expect(() => fileUrl(uri, 'https://g.example'), uri).toThrow(/neither http/);
  }
});

test('a file of many chunks is sealed and opened as streams, and a damaged one is not opened', async () => {
  const content = new Uint8Array(9 << 20).map((_, index) => index % 251);
  let told = 0;
  const sealed = await seal(content, (bytes) => (told = bytes));
  expect(told).toBe(content.length);
  expect(fromRecipient(sealed.recipient)).toEqual(fromHex(sealed.publicKey));
  expect(await identityToRecipient(sealed.identity)).toBe(sealed.recipient);
  const reader = (await opened(sealed.identity, sealed.encrypted).stream()).getReader();
  let [read, chunks] = [0, 0];
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    expect(next.value.every((byte, index) => byte === (read + index) % 251)).toBe(true);
    read += next.value.length;
    chunks += 1;
  }
  expect(read).toBe(content.length);
  expect(chunks).toBeGreaterThan(10);
  const damaged = new Uint8Array(await sealed.encrypted.arrayBuffer());
  damaged[damaged.length - 100]! ^= 1;
  await expect(opened(sealed.identity, new Blob([damaged])).bytes()).rejects.toThrow();
  await expect(opened(sealed.identity, sealed.encrypted.slice(0, -70_000)).bytes()).rejects.toThrow();
});
