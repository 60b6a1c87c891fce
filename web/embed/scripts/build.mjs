// Builds dist/patronage.js: one script without imports. Fails where it is larger than it may be.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** The most that a site is asked to load, in bytes after gzip. */
const MOST = 30_000;
const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const outfile = at('dist/patronage.js');
await build({
  entryPoints: [at('src/embed.ts')], outfile, bundle: true, minify: true, format: 'iife', platform: 'browser', target: 'es2022', logLevel: 'warning',
  // A gate opens nothing, signs nothing and shows no profile itself: the page does.
  plugins: [{ name: 'without', setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /(^|\/)(transact|unlock|publish|profile)\.js$/ }, () => ({ path: 'none', namespace: 'none' }));
    onLoad({ filter: /.*/, namespace: 'none' }, () => ({ contents: 'export {}' }));
  } }],
});
const bytes = gzipSync(readFileSync(outfile)).length;
console.log(`embed ${bytes} B gzip, at most ${MOST}`);
if (bytes > MOST) process.exit(1);
