// Serves a chain from its runtime until it is told to stop: node src/main.js RUNTIME.wasm [PORT]

import { genesisOf } from './genesis.js';
import { startChain } from './chain.js';
import { serve } from './server.js';

const [runtime, port = '9944'] = process.argv.slice(2);

// Whoever started us may close our output once the line below has been read.
process.stderr.on('error', () => {});
process.stdout.on('error', () => {});

// A failure that nobody waits for, such as that of a block nobody asked about, must not end the chain for everybody.
process.on('unhandledRejection', (error) => console.error(error));

try {
  if (!runtime || !/^\d+$/.test(port)) throw new Error('usage: node src/main.js RUNTIME.wasm [PORT]');
  const begun = performance.now();
  const chain = await startChain(await genesisOf(runtime));
  const taken = await serve(chain, Number(port));
  // The line that tools look for which start a node themselves, such as ink_e2e.
  console.error(`Running JSON-RPC server: addr=127.0.0.1:${taken}`);
  const megabytes = Math.round(process.memoryUsage().rss / 1e6);
  console.error(`ready after ${Math.round(performance.now() - begun)} ms, with ${megabytes} MB of memory`);
  for (const signal of ['SIGINT', 'SIGTERM']) {
    // Nothing is kept that would have to be finished.
    process.once(signal, () => process.exit(0));
  }
} catch (error) {
  const words = error.code === 'EADDRINUSE' ? `another program uses port ${port}` : error.message;
  console.error(`devchain: ${words}`);
  process.exit(1);
}
