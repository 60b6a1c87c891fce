// Prints what the page loads, in bytes after gzip, and fails where it is more than it may be.

import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

/** The most that the first view of a fan may load as script. */
const MOST = 110_000;
const dist = new URL('../dist/', import.meta.url);
const html = readFileSync(new URL('index.html', dist), 'utf8');
const entry = /<script[^>]*src="\.\/(assets\/[^"]+\.js)"/.exec(html)?.[1];
if (!entry) throw new Error('dist/index.html loads no script: build it first');
const first = new Set();
const walk = (name) => {
  if (first.has(name)) return;
  first.add(name);
  const source = readFileSync(new URL(name, dist), 'utf8');
  for (const [, file] of source.matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g)) walk(`assets/${file}`);
};
walk(entry);
const size = (name) => gzipSync(readFileSync(new URL(name, dist))).length;
const sum = [...first].reduce((all, name) => all + size(name), 0);
for (const name of readdirSync(new URL('assets/', dist))) {
  console.log(`${first.has(`assets/${name}`) ? 'first' : 'later'} ${name.padEnd(32)} ${String(size(`assets/${name}`)).padStart(7)} B gzip`);
}
console.log(`page  first load ${sum} B gzip of script, at most ${MOST}`);
if (sum > MOST) process.exit(1);
