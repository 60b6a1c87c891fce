// For all tests: a server on a free port, and raw requests to it.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import WebSocket from 'ws';

const ROOT = new URL('../../', import.meta.url);
const TARGET = process.env.CARGO_TARGET_DIR ? new URL(`file://${process.env.CARGO_TARGET_DIR}/`) : new URL('target/', ROOT);

/** The path of a file that is built. */
export function built(path) {
  const file = fileURLToPath(new URL(path, TARGET));
  if (!existsSync(file)) throw new Error(`${file} is missing: run the tests with \`scripts/chain test\`, which builds it`);
  return file;
}

/**
 * Starts the server as `scripts/chain` does.
 *
 * @param {'u128' | 'u64'} [balance] the width of the chain's balances, 128 bits unless it is said
 * @returns {Promise<{ url: string, http: string, stop: () => Promise<void> }>}
 */
export async function startServer(balance = 'u128') {
  const main = fileURLToPath(new URL('../src/main.js', import.meta.url));
  const server = spawn(process.execPath, [main, built(`devchain/runtime-${balance}.wasm`), '0'], {
    env: { ...process.env, LOG_LEVEL: process.env.LOG_LEVEL ?? 'error' },
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  for await (const line of createInterface({ input: server.stderr })) {
    const address = line.match(/^Running JSON-RPC server: addr=(.+)$/)?.[1];
    if (address) {
      server.stderr.resume();
      const stop = async () => {
        server.kill();
        if (server.exitCode === null) await once(server, 'exit');
      };
      return { url: `ws://${address}`, http: `http://${address}`, stop };
    }
    console.error(line);
  }
  throw new Error('the server ended before it was ready');
}

/** A connection that shows every message as it is. */
export class Raw {
  #socket;
  #next = 1;
  #waiting = new Map();
  /** Every notification so far, in order. */
  notifications = [];
  #listeners = [];

  /** Connects to `url`. */
  static async to(url) {
    const raw = new Raw();
    raw.#socket = new WebSocket(url);
    raw.#socket.on('message', (text) => raw.#receive(JSON.parse(text.toString())));
    await once(raw.#socket, 'open');
    return raw;
  }

  /** The result of a method; throws its error. */
  async call(method, ...params) {
    const id = this.#next++;
    const answer = new Promise((resolve) => this.#waiting.set(id, resolve));
    this.#socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    const { result, error } = await answer;
    if (error) throw Object.assign(new Error(error.message), error);
    return result;
  }

  /** Sends text as it is, and gives the next message. */
  async say(text) {
    this.#socket.send(text);
    const [answer] = await once(this.#socket, 'message');
    return JSON.parse(answer.toString());
  }

  /** The first notification, past or to come, for which `test` holds of its parameters. */
  async notified(test) {
    const found = this.notifications.find(({ params }) => test(params));
    if (found) return found.params;
    return new Promise((resolve) => this.#listeners.push({ test, resolve }));
  }

  /** Ends the connection. */
  close() {
    this.#socket.close();
  }

  #receive(message) {
    if (message.method) {
      // Clients ignore notifications of a subscription before they know its id.
      this.notifications.push({ ...message, early: this.#waiting.size > 0 });
      this.#listeners.filter(({ test }) => test(message.params)).forEach(({ resolve }) => resolve(message.params));
    } else {
      this.#waiting.get(message.id)?.(message);
      this.#waiting.delete(message.id);
    }
  }
}
