// What the tests of the page run against: for each width of balances a local chain, a creator, her gateway and the built page.

import { execFile, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { deflateSync, crc32 } from 'node:zlib';
import { serveFolder } from '../scripts/serve.mjs';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../', import.meta.url));
const target = process.env.CARGO_TARGET_DIR ?? join(root, 'target');

function built(path) {
  const file = join(target, path);
  if (!existsSync(file)) throw new Error(`${file} is missing: run the tests by \`scripts/web ci\`, which builds it`);
  return file;
}

async function start(children, program, args, pattern, output) {
  const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, LOG_LEVEL: 'error' } });
  children.push(child);
  child[output === 'stdout' ? 'stderr' : 'stdout'].resume();
  for await (const line of createInterface({ input: child[output] })) {
    const found = pattern.exec(line)?.[1];
    if (!found) continue;
    child[output].resume();
    return { found, child };
  }
  throw new Error(`${program} ended before it was ready`);
}

/** A picture of one colour, as PNG. */
function picture(width, height) {
  const part = (kind, data) => {
    const body = Buffer.concat([Buffer.from(kind), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc(body));
    return Buffer.concat([length, body, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2], 8);
  const row = Buffer.concat([Buffer.of(0), Buffer.alloc(width * 3, 0xa2)]);
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), part('IHDR', head), part('IDAT', deflateSync(Buffer.concat(Array(height).fill(row)))), part('IEND', Buffer.alloc(0))]);
}

/** CRC-32, which Node has since 20.15. */
function crc(bytes) {
  return crc32(bytes);
}

/** A second of silence, as WAV. */
function sound() {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + 8000, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.set([1, 0, 1, 0], 20);
  head.writeUInt32LE(8000, 24);
  head.writeUInt32LE(8000, 28);
  head.set([1, 0, 8, 0], 32);
  head.write('data', 36);
  head.writeUInt32LE(8000, 40);
  return Buffer.concat([head, Buffer.alloc(8000, 0x80)]);
}

/** Text of the letter to members. */
export const LETTER = 'Dear members,\n\nthis <b>letter</b> is for you alone.\n';

/** Starts one width; gives the page's address, the deployment and what stops it all. */
export async function world(width, { dist = fileURLToPath(new URL('../dist', import.meta.url)) } = {}) {
  const children = [];
  const folder = mkdtempSync(join(tmpdir(), 'patronage-page-'));
  const servers = [];
  const stop = async () => {
    for (const child of children) child.kill();
    for (const server of servers) server.closeAllConnections?.(), server.close();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const main = join(root, 'devchain/src/main.js');
    const chain = await start(children, process.execPath, [main, built(`devchain/runtime-${width}.wasm`), '0'], /^Running JSON-RPC server: addr=(.+)$/, 'stderr');
    const node = `ws://${chain.found}`;
    const program = built('debug/patronage');
    const options = ['--chain', node, '--deployment', join(folder, 'mira.json'), '--yes'];
    const env = { ...process.env, PATRONAGE_BUNDLES: built(width === 'u128' ? 'ink' : 'ink-u64') };
    const command = (...args) => run(program, args[0] === '--deployment' ? ['--chain', node, '--yes', ...args] : [...options, ...args], { cwd: root, env });
    // With a tier that is paid in the creator's token.
    const insider = ['[[tiers]]', 'name = "Insider"', 'price = 20', 'in_tokens = true', 'period = "30d"', 'level = 2', ''].join('\n');
    writeFileSync(join(folder, 'creator.toml'), readFileSync(join(root, 'examples/creator.toml'), 'utf8').replace('\n[[content]]', `\n${insider}\n[[content]]`));
    await command('launch', join(folder, 'creator.toml'));
    writeFileSync(join(folder, 'letter.txt'), LETTER);
    writeFileSync(join(folder, 'cover.png'), picture(320, 200));
    writeFileSync(join(folder, 'demo.wav'), sound());
    await command('publish', join(folder, 'letter.txt'), '--title', 'A letter to members', '--rule', 'level 1', '--as', 'mira');
    await command('publish', join(folder, 'cover.png'), '--title', 'Cover, first draft', '--rule', 'tipped 2', '--rule', 'holds 3', '--as', 'mira');
    await command('publish', join(folder, 'demo.wav'), '--title', 'Demo tape', '--rule', 'staked 3', '--price', '1', '--as', 'mira');
    await command('profile', 'write', join(folder, 'creator.toml'), '--as', 'mira');
    const gateway = await start(children, program, [...options, 'serve', '--listen', '127.0.0.1:0', '--rate', '1000', '--json'], /(http:\/\/127\.0\.0\.1:\d+)/, 'stdout');
    const deployment = JSON.parse(readFileSync(join(folder, 'mira.json'), 'utf8'));
    const site = join(folder, 'site');
    cpSync(dist, site, { recursive: true });
    const config = {
      creators: [{
        name: 'mira', title: 'Mira', about: 'Songs, demos and a studio diary. Made at night, sent to you in the morning.',
        links: [{ text: 'Website', url: 'https://mira.example' }], node, server: gateway.found, history: true, deployment,
      }],
    };
    writeFileSync(join(folder, 'page.json'), JSON.stringify(config));
    await run(process.execPath, [fileURLToPath(new URL('../scripts/configure.mjs', import.meta.url)), site, join(folder, 'page.json'), `${width}=${built(width === 'u128' ? 'ink' : 'ink-u64')}`]);
    const { server, url } = await serveFolder(site);
    servers.push(server);
    return { url, node, deployment, gateway: gateway.found, command, folder, site, chain: chain.child, server: gateway.child, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
