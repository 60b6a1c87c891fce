// Serves a chain with this runtime until it receives a signal: node src/main.js RUNTIME.wasm [PORT]

import { genesisOf } from './genesis.js';
import { startChain } from './chain.js';
import { serve } from './server.js';

const [runtime, port = '9944'] = process.argv.slice(2);

// The parent process may close the output after it has read the line below.
process.stderr.on('error', () => {});
process.stdout.on('error', () => {});

// An unhandled rejection, such as of a block that no client waits for, must not end the process.
process.on('unhandledRejection', (error) => console.error(error));

try {
  if (!runtime || !/^\d+$/.test(port)) throw new Error('usage: node src/main.js RUNTIME.wasm [PORT]');
  const begun = performance.now();
  const chain = await startChain(await genesisOf(runtime));
  const taken = await serve(chain, Number(port));
  // Tools that start a node, such as ink_e2e, wait for this line.
  console.error(`Running JSON-RPC server: addr=127.0.0.1:${taken}`);
  const megabytes = Math.round(process.memoryUsage().rss / 1e6);
  console.error(`ready after ${Math.round(performance.now() - begun)} ms, with ${megabytes} MB of memory`);
  for (const signal of ['SIGINT', 'SIGTERM']) {
    // There is no persistent state.
    process.once(signal, () => process.exit(0));
  }
} catch (error) {
  const words = error.code === 'EADDRINUSE' ? `another program uses port ${port}` : error.message;
  console.error(`devchain: ${words}`);
  process.exit(1);
}
