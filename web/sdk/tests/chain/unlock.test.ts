// Content from the creator to a fan and back, with the gateway and the tools of the Rust side.

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, inject as given, test } from 'vitest';
import { connect, Patronage } from '../../src/client.js';
import { seal } from '../../src/publish.js';
import { CreatorServer } from '../../src/server.js';
import { upload } from '../../src/upload.js';
import { wallets } from '../../src/wallet.js';
import { inject, person } from '../people.js';

const run = promisify(execFile);
const { chains, gateway, published, command } = given('world');
const folder = mkdtempSync(join(tmpdir(), 'patronage-unlock-'));
const [ana, mira] = [person('Ana'), person('Mira')];
let patronage: Patronage;
let id: number;

beforeAll(async () => {
  const { node, deployment } = chains.u128;
  patronage = await connect({ node, deployment, server: gateway.url });
  id = deployment.content.indexOf(published.title);
  expect(id).toBeGreaterThanOrEqual(0);
});
afterAll(async () => {
  await patronage.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a fan without access is told by the gateway what is missing, as the chain says it', async () => {
  const dora = person('Dora');
  const access = await patronage.check(id, dora.address);
  if (access.granted) throw new Error('nobody has subscribed');
  await expect(patronage.unlock(id, dora)).rejects.toMatchObject({ code: 'no_access', status: 403 });
  expect(access.ways.map((way) => way.map(({ remedy }) => remedy?.do))).toEqual([['subscribe'], ['tip', 'buy']]);
});

test('with access the file of the command is opened, by a key and by a wallet in a page', async () => {
  // Another file of tests may have subscribed her on the same chain before.
  if (!(await patronage.check(id, ana.address)).granted) await (await patronage.subscribe(ana.address, 0, 5n * 10n ** 12n)).send(ana);
  expect(await patronage.check(id, ana.address)).toMatchObject({ granted: true, by: 'rule', rule: 0 });
  const found = await patronage.unlock(id, ana);
  expect(await found.text()).toBe(published.words);
  inject('page', 'Ana', { typed: true });
  const [account] = await (await wallets('the page', 0))[0]!.connect(patronage.chain.genesis);
  expect(await (await patronage.unlock(id, account!)).text()).toBe(published.words);
});

test('what was sealed and uploaded here is opened by the command, and the other way round by its key', async () => {
  const words = 'written in a browser';
  const sealed = await seal(words);
  const name = 'browser.age';
  const server = new CreatorServer(gateway.url);
  await expect(server.signIn(ana, { genesis: patronage.chain.genesis, registry: patronage.deployment.registry })).rejects.toMatchObject({ code: 'no_access', status: 403 });
  await expect(upload(server, sealed, name)).rejects.toMatchObject({ code: 'SignIn' });
  await server.signIn(mira, { genesis: patronage.chain.genesis, registry: patronage.deployment.registry });
  const seen: number[] = [];
  await upload(server, sealed, name, { part: 50, onProgress: (sent) => seen.push(sent) });
  expect(seen.slice(0, 3)).toEqual([0, 50, 100]);
  expect(seen.at(-1)).toBe(sealed.encrypted.size);
  await expect(upload(server, await seal('another file'), name)).rejects.toMatchObject({ code: 'conflict', status: 409 });
  const [receipt] = await patronage.publish(sealed, name, { audience: { type: 'Everyone' } }).send(mira);
  const number = receipt!.events.find(({ name }) => name === 'Published')!.data['id'] as number;
  const out = join(folder, 'opened.txt');
  await run(command.program, [...command.options, 'unlock', `#${number}`, '--gateway', gateway.url, '--out', out, '--as', 'ben']);
  expect(readFileSync(out, 'utf8')).toBe(words);
  expect(await (await patronage.unlock(number, person('Ben'))).text()).toBe(words);
});
