// Prints what a page loads of the SDK, in bytes after gzip, and fails where a part is larger than it may be.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** The most that each part may have. The whole first load of a page has 110 kB, and an embedded gate 30 kB. */
const MOST = { first: 29_000, transact: 60_000, age: 60_000 };
const entry = fileURLToPath(new URL('../src/index.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'patronage-sizes-'));
try {
  const { metafile } = await build({
    // What a gate needs; whatever it does not name is left out.
    stdin: { contents: `export { connect, wallets, format, formatDuration } from ${JSON.stringify(entry)};`, resolveDir: folder, loader: 'ts' },
    bundle: true, splitting: true, minify: true, format: 'esm', platform: 'browser', target: 'es2022', outdir: folder, metafile: true, logLevel: 'error',
  });
  // A chunk counts for whatever loads it first: with the entry, for a transaction, or to open content.
  const outputs = Object.entries(metafile.outputs).filter(([name]) => name.endsWith('.js'));
  const byName = new Map(outputs.map(([name, output]) => [name, output]));
  const reach = (name, seen) => {
    if (seen.has(name)) return seen;
    seen.add(name);
    for (const { path, kind } of byName.get(name).imports) if (kind === 'import-statement' && byName.has(path)) reach(path, seen);
    return seen;
  };
  const inputsOf = (part) => outputs.find(([, { entryPoint }]) => entryPoint?.includes(part))?.[0];
  const first = reach(outputs.find(([, output]) => output.entryPoint?.includes('stdin'))[0], new Set());
  const size = (names) => [...names].reduce((sum, name) => sum + gzipSync(readFileSync(join(folder, name.split('/').at(-1)))).length, 0);
  const beyond = (part) => new Set([...reach(inputsOf(part), new Set())].filter((name) => !first.has(name)));
  const parts = { first: size(first), transact: size(beyond('src/transact.ts')), age: size(beyond('age-encryption/')) };
  let over = false;
  for (const [name, bytes] of Object.entries(parts)) {
    console.log(`${name.padEnd(9)} ${String(bytes).padStart(7)} B gzip, at most ${MOST[name]}`);
    over ||= bytes > MOST[name];
  }
  if (readdirSync(folder).length === 0 || over) {
    console.error('sizes: a part of the SDK has grown beyond what it may have');
    process.exit(1);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
