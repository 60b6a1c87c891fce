// The chain that chopsticks makes of a genesis, with what a chain of one's own needs beyond it.

import { BuildBlockMode, GenesisProvider, setup } from '@acala-network/chopsticks-core';

/** What chopsticks asks the chain it forks; here there is none, only a genesis. */
class Genesis extends GenesisProvider {
  constructor(spec) {
    super(spec);
    const inherited = this.send;
    const { top } = spec.genesis.raw;
    this.send = async (method, params, cacheable) => {
      switch (method) {
        // Each contract keeps its storage in a child trie, of which a genesis has none. Unanswered, the first call of a
        // contract fails.
        case 'childstate_getStorage':
          return null;
        case 'childstate_getKeysPaged':
          return [];
        case 'childstate_getStorageEntries':
          return params[1].map(() => null);
        // The inherited answer has another shape than the one that chopsticks reads.
        case 'state_queryStorageAt':
          return [{ block: params[1], changes: params[0].map((key) => [key, top[key] ?? null]) }];
        default:
          return inherited(method, params, cacheable);
      }
    };
  }
}

/**
 * Starts a chain that builds a block as soon as there is a transaction.
 *
 * @param {object} spec what `genesisOf` gives
 */
export async function startChain(spec) {
  const chain = await setup({
    genesis: new Genesis(spec),
    buildBlockMode: BuildBlockMode.Instant,
    mockSignatureHost: false,
    runtimeLogLevel: 0,
  });
  // Clients are never shown block 0, as its hash is made up: polkadot-api compares it with the header's. dedot waits for
  // two finalized blocks, so there must be two others.
  while (chain.head.number < 2) await chain.newBlock();
  return chain;
}

/**
 * Waits until every block that is queued is built, or has failed.
 *
 * @param chain what `startChain` gives
 */
export async function settled(chain) {
  let left;
  do {
    // A failed build concerns those who sent its transactions, and is in the log.
    left = await chain.txPool.upcomingBlocks().catch(() => 1);
  } while (left > 0);
}

/** Runs one work after the other, in the order in which they come. */
export class Queue {
  #last = Promise.resolve();

  /** Runs `work` when all that came before is done, and gives its result. */
  run(work) {
    const running = this.#last.then(work);
    // Its failure is told to whoever asked for it, and to nobody behind it.
    this.#last = running.catch(() => {});
    return running;
  }
}
