import { signatureVerify } from '@polkadot/util-crypto';
import { expect, test } from 'vitest';
import { accountOf } from '../src/address.js';
import { fromHex, toHex, utf8 } from '../src/bytes.js';
import { CreatorServer } from '../src/server.js';
import { fileUrl } from '../src/unlock.js';
import { person } from './people.js';

/** A server that answers everything with `body`; gives what it was asked. */
function answering(body: unknown, status = 200) {
  const asked: string[] = [];
  const fetch = (async (url: string) => {
    asked.push(url);
    return new Response(typeof body === 'string' ? body : JSON.stringify(body), { status });
  }) as typeof globalThis.fetch;
  return { server: new CreatorServer('https://mira.example/', fetch), asked };
}

const member = {
  account: '5F', tier: 1, tier_name: 'Listener', running: true, since: 5, until: 6, ended: null, asset: null,
  price: '340282366920938463463374607431768211455', paid: '7', refundable: '3', granted: false, gift_of: '5G',
};
const as_of = { block: 9, time: 10 };

test('members come by pages, with amounts of any size', async () => {
  const { server, asked } = answering({ items: [member], next: 'p2', as_of });
  const page = await server.members({ tier: 1, lapsed: false, after: 'a b' });
  expect(asked).toEqual(['https://mira.example/v1/members?tier=1&lapsed=false&after=a+b']);
  const { tier_name: tierName, gift_of: giftOf, ...rest } = member;
  const expected = { ...rest, tierName, giftOf, since: 5n, until: 6n, price: (1n << 128n) - 1n, paid: 7n, refundable: 3n };
  expect(page).toEqual({ items: [expected], next: 'p2', asOf: { block: 9, time: 10n } });
});

test('sums and rankings are read, with the asset that they are in', async () => {
  const sum = { period: '2026-01', kind: 'tip', comes_in: true, asset: '5T', amount: '5', lines: 2 };
  const found = await answering({ items: [sum], as_of }).server.income({ by: 'month' });
  expect(found).toEqual([{ period: '2026-01', kind: 'tip', comesIn: true, asset: '5T', amount: 5n, lines: 2 }]);
  const top = await answering({ items: [{ account: '5F', amount: '8' }], asset: null, next: null, as_of }).server.top('holders');
  expect(top.items).toEqual([{ account: '5F', amount: 8n }]);
});

test('the owner signs in by a text that is checked, and only the list of members gets the token', async () => {
  const { mira, genesis, registry } = { mira: person('Mira'), genesis: `0x${'11'.repeat(32)}` as const, registry: `0x${'22'.repeat(32)}` };
  const text = 'Patronage: sign in to this creator\'s server with this account.\nFor a quarter of an hour, it may list members and upload files. This moves no money.\n\n'
    + `Version: patronage-sign-in-v1\nChain: ${genesis}\nRegistry: ${registry}\nAccount: ${toHex(accountOf(mira.address))}\n`
    + `Expires: 2026-09-21T14:13:20.123Z\nNonce: 0x${'44'.repeat(48)}`;
  const run = (challenge: string) => {
    const asked: [string, any][] = [];
    const fetch = (async (url: string, init: any) => {
      asked.push([url, init]);
      const body = url.endsWith('/challenge') ? { challenge } : url.endsWith('/sign-in') ? { token: 'abc.def', expires: 5 } : { items: [], next: null, as_of };
      return new Response(JSON.stringify(body));
    }) as typeof globalThis.fetch;
    return { server: new CreatorServer('https://mira.example', fetch), asked };
  };
  const { server, asked } = run(text);
  await server.signIn(mira, { genesis, registry });
  const { challenge, scheme, signature } = JSON.parse(asked[1]![1].body);
  expect([challenge, scheme]).toEqual([text, 'sr25519']);
  expect(signatureVerify(utf8(text), fromHex(signature), accountOf(mira.address)).isValid).toBe(true);
  await server.members();
  await server.history(mira.address);
  expect(asked.slice(2).map(([, { headers }]) => headers.Authorization)).toEqual(['Bearer abc.def', undefined]);
  for (const changed of [text.replace('Chain: 0x11', 'Chain: 0x12'), text.replace('members', 'secrets'), `${text}\n`, '']) {
    const other = run(changed);
    await expect(other.server.signIn(mira, { genesis, registry })).rejects.toMatchObject({ code: 'Challenge' });
    expect(other.asked.length, 'nothing was signed or sent').toBe(1);
  }
});

test('an account in an address can not choose what is asked', async () => {
  const { server, asked } = answering({ items: [], next: null });
  await server.history('../members?x=');
  expect(new URL(asked[0]!).pathname).toBe('/v1/accounts/..%2Fmembers%3Fx%3D/history');
});

test('numbers that JSON does not keep exactly, and lists that are none, are refused', async () => {
  for (const broken of [{ ...member, paid: 1e21 }, { ...member, paid: 'x' }, { ...member, until: null as any }, { ...member, price: 1.5 }]) {
    await expect(answering({ items: [broken] }).server.members()).rejects.toMatchObject({ code: 'Answer' });
  }
  await expect(answering({ items: {} }).server.members()).rejects.toMatchObject({ code: 'Answer' });
});

test('a refusal has the words of the server, and what is no server of ours says so', async () => {
  const refused = answering({ code: 'forbidden', message: 'sign in as the owner' }, 403).server.members();
  await expect(refused).rejects.toMatchObject({ name: 'ServerError', code: 'forbidden', status: 403, message: 'sign in as the owner' });
  await expect(answering('<html>').server.creator()).rejects.toMatchObject({ code: 'Answer' });
  const away = new CreatorServer('https://mira.example', (async () => { throw new TypeError('fetch failed'); }) as any);
  await expect(away.income()).rejects.toMatchObject({ code: 'Unreachable' });
});

test('an address to which no path can be added is refused', () => {
  for (const url of ['', 'mira.example', 'ftp://x', 'https://', 'https:///a', 'https://a?b', 'https://a#b', 'https://a b', 'https://a\0']) {
    expect(() => new CreatorServer(url), url).toThrow(/no http/);
    expect(() => fileUrl('song.age', url), url).toThrow(/no http/);
  }
  expect(new CreatorServer('HTTPS://Mira.example').url).toBe('HTTPS://Mira.example');
  expect(new CreatorServer('https://[::1]:80/creator//').url).toBe('https://[::1]:80/creator');
});
