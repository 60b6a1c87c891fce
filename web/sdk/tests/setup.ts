// The world of the tests: a local chain for each width, on which the command launches a creator, and her gateway.

import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import WebSocket from 'ws';
import type { TestProject } from 'vitest/node';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../', import.meta.url));
const target = process.env['CARGO_TARGET_DIR'] ?? join(root, 'target');

/** What the tests need to know of it. */
export interface World {
  /** Address of the node, and what the launch has written, for each width. */
  chains: Record<'u128' | 'u64', { node: string; deployment: any }>;
  /** Address of the gateway of the creator on the wide chain, and its folders. */
  gateway: { url: string; keys: string; files: string };
  /** Title and words of what the command has published there. */
  published: { title: string; words: string };
  /** The program `patronage`, and what it is called with for that creator. */
  command: { program: string; options: string[] };
}

declare module 'vitest' {
  export interface ProvidedContext {
    world: World;
  }
}

function built(path: string): string {
  const file = join(target, path);
  if (!existsSync(file)) throw new Error(`${file} is missing: run the tests by \`scripts/web test\`, which builds it`);
  return file;
}

/** Starts a program, and gives what `pattern` finds in a line of its output. */
async function start(children: ChildProcess[], program: string, args: string[], pattern: RegExp, output: 'stdout' | 'stderr'): Promise<string> {
  const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, LOG_LEVEL: 'error' } });
  children.push(child);
  child[output === 'stdout' ? 'stderr' : 'stdout']!.resume();
  const said: string[] = [];
  for await (const line of createInterface({ input: child[output]! })) {
    said.push(line);
    const found = pattern.exec(line)?.[1];
    if (found) {
      child[output]!.resume();
      return found;
    }
  }
  throw new Error(`${program} ended before it was ready: ${said.join('\n')}`);
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // While one works on the tests, a world that is there already saves a minute.
  const existing = process.env['PATRONAGE_WORLD'];
  if (existing) {
    project.provide('world', JSON.parse(readFileSync(existing, 'utf8')));
    return async () => {};
  }
  const children: ChildProcess[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'patronage-sdk-'));
  const stop = async () => {
    for (const child of children) {
      if (child.exitCode !== null) continue;
      child.kill();
      await once(child, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    (globalThis as any).WebSocket ??= WebSocket;
    const program = built('debug/patronage');
    const optionsOf = (width: string, node: string) => ['--chain', node, '--deployment', join(folder, `${width}.json`), '--yes'];
    const launched = async (width: 'u128' | 'u64') => {
      const main = join(root, 'devchain/src/main.js');
      const at = await start(children, process.execPath, [main, built(`devchain/runtime-${width}.wasm`), '0'], /^Running JSON-RPC server: addr=(.+)$/, 'stderr');
      const node = `ws://${at}`;
      // The command has its bundles from where it was built: these are the ones that the SDK was generated from.
      const env = { ...process.env, PATRONAGE_BUNDLES: built(width === 'u128' ? 'ink' : 'ink-u64') };
      await run(program, [...optionsOf(width, node), 'launch', join(root, 'examples/creator.toml')], { env, cwd: root });
      return { node, deployment: JSON.parse(readFileSync(join(folder, `${width}.json`), 'utf8')) };
    };
    // One after the other: each takes all that a machine has.
    const wide = await launched('u128');
    const narrow = await launched('u64');
    const options = optionsOf('u128', wide.node);
    const words = 'the words that fans pay for';
    writeFileSync(join(folder, 'diary.txt'), words);
    const title = 'Diary, 3 May';
    const publish = ['publish', join(folder, 'diary.txt'), '--title', title, '--rule', 'level 1', '--rule', 'tipped 3, holds 5', '--as', 'mira'];
    await run(program, [...options, ...publish], { cwd: root });
    const deployment = JSON.parse(readFileSync(join(folder, 'u128.json'), 'utf8'));
    const url = await start(children, program, [...options, 'serve', '--listen', '127.0.0.1:0', '--rate', '1000', '--json'], /(http:\/\/127\.0\.0\.1:\d+)/, 'stdout');
    project.provide('world', {
      chains: { u128: { node: wide.node, deployment }, u64: narrow },
      gateway: { url, keys: join(folder, 'keys'), files: join(folder, 'content') },
      published: { title, words },
      command: { program, options },
    });
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}
