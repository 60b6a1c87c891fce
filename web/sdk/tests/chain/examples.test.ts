// The examples of the README, as they are: a script in Node, and the script of a plain page.

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, inject as given, test } from 'vitest';
import { connect } from '../../src/client.js';
import { inject, person } from '../people.js';

const run = promisify(execFile);
const { chains, gateway, published } = given('world');
const { node, deployment } = chains.u128;
const sdk = fileURLToPath(new URL('../../', import.meta.url));
// As who has installed the package: its name leads to what was built.
const folder = mkdtempSync(join(tmpdir(), 'patronage-examples-'));
const ana = person('Ana');
const id = deployment.content.indexOf(published.title);

beforeAll(async () => {
  await run('npm', ['run', '--silent', 'build'], { cwd: sdk });
  await run('mkdir', ['-p', join(folder, 'node_modules/@patronage')]);
  symlinkSync(sdk, join(folder, 'node_modules/@patronage/sdk'));
  symlinkSync(join(sdk, '../node_modules/ws'), join(folder, 'node_modules/ws'));
  writeFileSync(join(folder, 'deployment.json'), JSON.stringify(deployment));
  const creator = await connect({ node, deployment });
  if (!(await creator.check(id, ana.address)).granted) await (await creator.subscribe(ana.address, 0, 5n * 10n ** 12n)).send(ana);
  await creator.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the script in Node prints what a creator offers, and what opens', async () => {
  const script = join(folder, 'node.mjs');
  writeFileSync(script, readFileSync(join(sdk, 'examples/node.mjs')));
  const { stdout } = await run(process.execPath, [script, node, 'deployment.json', ana.address], { cwd: folder });
  expect(stdout).toMatch(/^one MIRA costs 0\.\d+ UNIT$/m);
  expect(stdout).toMatch(/^tier #0 Listener: 5 UNIT each 30 d$/m);
  expect(stdout).toMatch(/^tier #1 Backstage: 12\.5 UNIT each 30 d, 50 seats left$/m);
  expect(stdout).toContain(`content #${id} ${published.title}: opens`);
});

/** Runs the script of `examples/page.html` as a browser would, with a document of two elements. */
async function visit(content: number, name: string) {
  const html = readFileSync(join(sdk, 'examples/page.html'), 'utf8');
  const [, text] = /<script type="module">([\s\S]*)<\/script>/.exec(html)!;
  const script = join(folder, `page-${name}.mjs`);
  writeFileSync(script, text!);
  const element = () => ({ textContent: '', dataset: {} as Record<string, string>, children: [] as any[], append(child: any) { this.children.push(child); } });
  const elements: Record<string, any> = { '#gate': element(), '#missing': element() };
  const document = { querySelector: (which: string) => elements[which], createElement: element, documentElement: element() };
  const location = { search: `?node=${encodeURIComponent(node)}&gateway=${encodeURIComponent(gateway.url)}&content=${content}` };
  const real = globalThis.fetch;
  const fetch = (async (url: any, init: any) => (url === 'deployment.json' ? new Response(JSON.stringify(deployment)) : real(url, init))) as typeof real;
  Object.assign(globalThis, { document, location, fetch });
  try {
    await import(/* @vite-ignore */ pathToFileURL(script).href);
  } finally {
    Object.assign(globalThis, { fetch: real });
    for (const name of ['document', 'location', 'injectedWeb3']) delete (globalThis as any)[name];
  }
  expect(document.documentElement.dataset['ready']).toBe('yes');
  return elements;
}

test('the page shows content to a member, and to others a button for what is missing', async () => {
  inject('page', 'Ana');
  expect((await visit(id, 'member'))['#gate'].textContent).toBe(published.words);
  inject('page', 'Dora');
  const stranger = await visit(id, 'stranger');
  expect(stranger['#gate'].textContent).toMatch(/^access takes a subscription at level 1; or /);
  expect(stranger['#missing'].children.map(({ dataset }: any) => dataset.do)).toEqual(['subscribe', 'tip', 'buy']);
  expect((await visit(id, 'none'))['#gate'].textContent).toMatch(/install a wallet/);
});
