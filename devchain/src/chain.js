// Starts a chain by chopsticks from a genesis state.

import { BuildBlockMode, GenesisProvider, setup } from '@acala-network/chopsticks-core';

/** Answers the requests of chopsticks to a forked chain. There is no forked chain, only a genesis state. */
class Genesis extends GenesisProvider {
  constructor(spec) {
    super(spec);
    const inherited = this.send;
    const { top } = spec.genesis.raw;
    this.send = async (method, params, cacheable) => {
      switch (method) {
        // The genesis has no child tries, in which contracts have their storage. Without an answer, the first call of a contract fails.
        case 'childstate_getStorage':
          return null;
        case 'childstate_getKeysPaged':
          return [];
        case 'childstate_getStorageEntries':
          return params[1].map(() => null);
        // The inherited answer has another format than chopsticks expects.
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
 * @param {object} spec the result of `genesisOf`
 */
export async function startChain(spec) {
  const chain = await setup({
    genesis: new Genesis(spec),
    buildBlockMode: BuildBlockMode.Instant,
    mockSignatureHost: false,
    runtimeLogLevel: 0,
  });
  // Clients never see block 0, as its hash is not that of its header, which polkadot-api checks. dedot waits for two finalized
  // blocks, so two other blocks are needed.
  while (chain.head.number < 2) await chain.newBlock();
  return chain;
}

/**
 * Waits until every block that is queued is built, or has failed.
 *
 * @param chain the result of `startChain`
 */
export async function settled(chain) {
  let left;
  do {
    // A failed build is logged, and reported to the senders of its transactions.
    left = await chain.txPool.upcomingBlocks().catch(() => 1);
  } while (left > 0);
}

/** Runs tasks one after the other, in order. */
export class Queue {
  #last = Promise.resolve();

  /** Runs `work` after all earlier tasks, and returns its result. */
  run(work) {
    const running = this.#last.then(work);
    // A failure is reported to its caller only.
    this.#last = running.catch(() => {});
    return running;
  }
}
