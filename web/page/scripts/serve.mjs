// Serves a folder of static files on this machine: node scripts/serve.mjs FOLDER [PORT]. Prints its address.

import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize, resolve, sep } from 'node:path';

const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.svg': 'image/svg+xml' };

/** Starts a server; gives it with its address. */
export async function serveFolder(folder, port = 0) {
  const root = resolve(folder);
  const server = createServer((request, response) => {
    const fail = () => response.writeHead(404, { 'Content-Type': 'text/plain' }).end('not found');
    let path;
    try {
      path = normalize(join(root, decodeURIComponent(new URL(request.url, 'http://localhost').pathname)));
    } catch {
      return fail();
    }
    if (path !== root && !path.startsWith(root + sep)) return fail();
    if (path === root || path.endsWith(sep)) path = join(path, 'index.html');
    if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return fail();
    response.writeHead(200, {
      'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream',
      // Gates on other sites read it.
      ...(path.endsWith(`${sep}page.json`) ? { 'Access-Control-Allow-Origin': '*' } : {}),
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cache-Control': path.includes('/assets/') ? 'max-age=31536000, immutable' : 'no-cache',
    });
    createReadStream(path).pipe(response);
  });
  await new Promise((ready, failed) => server.once('error', failed).listen(port, '127.0.0.1', ready));
  return { server, url: `http://127.0.0.1:${server.address().port}/` };
}

if (process.argv[1] && resolve(process.argv[1]) === resolve(import.meta.filename ?? new URL(import.meta.url).pathname)) {
  const [folder, port = '0'] = process.argv.slice(2);
  if (!folder) {
    console.error('usage: node scripts/serve.mjs FOLDER [PORT]');
    process.exit(1);
  }
  console.log((await serveFolder(folder, Number(port))).url);
}
