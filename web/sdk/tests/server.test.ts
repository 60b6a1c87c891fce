import { expect, test } from 'vitest';
import { CreatorServer } from '../src/server.js';

/** A server that answers everything with `body`; gives what it was asked. */
function answering(body: unknown, status = 200) {
  const asked: string[] = [];
  const fetch = (async (url: URL) => {
    asked.push(String(url));
    return new Response(typeof body === 'string' ? body : JSON.stringify(body), { status });
  }) as unknown as typeof globalThis.fetch;
  return { server: new CreatorServer('https://mira.example/', fetch), asked };
}

const member = { account: '5F', tier: 1, since: 5, until: '6', running: true, granted: false, price: '340282366920938463463374607431768211455', paid: '7', payer: null };

test('members come by pages, with amounts of any size', async () => {
  const { server, asked } = answering({ items: [member], next: 'p2' });
  const page = await server.members({ tier: 1, state: 'running', after: 'a b' });
  expect(asked).toEqual(['https://mira.example/v1/members?tier=1&state=running&after=a+b']);
  expect(page).toEqual({ items: [{ ...member, since: 5n, until: 6n, price: (1n << 128n) - 1n, paid: 7n }], next: 'p2' });
});

test('an account in an address can not choose what is asked', async () => {
  const { server, asked } = answering({ items: [], next: null });
  await server.history('../members?x=');
  expect(new URL(asked[0]!).pathname).toBe('/v1/accounts/..%2Fmembers%3Fx%3D/history');
});

test('numbers that JSON does not keep exactly, and lists that are none, are refused', async () => {
  for (const broken of [{ ...member, paid: 1e21 }, { ...member, paid: 'x' }, { ...member, until: null }, { ...member, price: 1.5 }]) {
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
  expect(() => new CreatorServer('ftp://x')).toThrow(/no http/);
});
