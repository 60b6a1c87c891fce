import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('../scripts/configure.mjs', import.meta.url));

/** What the script prints for these creators, and the page's HTML afterwards. */
function configured(...creators) {
  const folder = mkdtempSync(join(tmpdir(), 'configure-'));
  try {
    writeFileSync(join(folder, 'index.html'), `<meta content="connect-src 'self' ws://127.0.0.1:*; img-src blob:">`);
    writeFileSync(join(folder, 'from.json'), JSON.stringify({ creators }));
    const { status, stderr } = spawnSync(process.execPath, [script, folder, join(folder, 'from.json')], { encoding: 'utf8' });
    return { status, stderr, html: readFileSync(join(folder, 'index.html'), 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('the page may connect to the nodes, servers and hosts of files of all creators, and to nothing else', () => {
  const { status, html } = configured(
    { node: 'wss://node.example/rpc?key=1', server: 'https://mira.example/creator', files: ['https://files.example/a/b'] },
    { node: 'ws://127.0.0.1:9944', server: 'https://mira.example' },
  );
  assert.equal(status, 0);
  assert.equal(html, `<meta content="connect-src 'self' wss://node.example https://mira.example https://files.example ws://127.0.0.1:9944; img-src blob:">`);
});

test('an address that the page could not use is refused in one line, and nothing is changed', () => {
  const node = 'wss://node.example';
  for (const creator of [{ node: 'a b' }, { node: 'https://node.example' }, { node, server: 'mira.example' }, { node, server: 'https://mira.example/?a' }, { node, server: 'https://mira.example/#a' }, { node, files: ['ftp://files.example'] }]) {
    const { status, stderr, html } = configured(creator);
    assert.equal(status, 1, JSON.stringify(creator));
    assert.match(stderr, /^configure: "[^\n]+\n$/);
    assert.match(html, /ws:\/\/127\.0\.0\.1:\*/);
  }
});
