// The chain that chopsticks makes of a genesis, with what a chain of one's own needs beyond it.

import { BuildBlockMode, GenesisProvider, setup } from '@acala-network/chopsticks-core';
import { hexToU8a, u8aConcat } from '@polkadot/util';
import { blake2AsHex } from '@polkadot/util-crypto';

/** What the first block has in place of the hash of one before it. */
const NO_PARENT = `0x${'00'.repeat(32)}`;

/** What chopsticks asks the chain it forks; here there is none, only a genesis. */
class Genesis extends GenesisProvider {
  #hash;

  constructor(spec) {
    super(spec);
    const inherited = this.send;
    const header = this.getHeader;
    // The inherited one names the same made-up hash for its parent and for itself, on every chain.
    this.getHeader = async () => ({ ...(await header()), parentHash: NO_PARENT });
    const { top } = spec.genesis.raw;
    this.send = async (method, params, cacheable) => {
      switch (method) {
        // The hash of another block is none of this chain, and not another name of the first.
        case 'chain_getHeader':
          return params[0] && params[0] !== this.#hash ? null : this.getHeader();
        case 'chain_getBlockHash':
        case 'chain_getFinalizedHead':
          return this.#hash;
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

  /**
   * Derives the hash of the first block from its header, as nodes do. So it depends on the whole state and on the runtime: each
   * width of balances and each genesis has its own, and what is signed for one chain is worth nothing on another.
   */
  async settle() {
    const { parentHash, stateRoot, extrinsicsRoot } = await this.getHeader();
    const [number, logs] = [[0], [0]];
    const parts = [hexToU8a(parentHash), number, hexToU8a(stateRoot), hexToU8a(extrinsicsRoot), logs];
    this.#hash = blake2AsHex(u8aConcat(...parts.map((part) => Uint8Array.from(part))), 256);
    return this;
  }

  /** Hash of the first block. */
  get blockHash() {
    return this.#hash;
  }
}

/**
 * Starts a chain that builds a block as soon as there is a transaction.
 *
 * @param {object} spec what `genesisOf` gives
 */
export async function startChain(spec) {
  const chain = await setup({
    genesis: await new Genesis(spec).settle(),
    buildBlockMode: BuildBlockMode.Instant,
    mockSignatureHost: false,
    runtimeLogLevel: 0,
  });
  // dedot waits for two finalized blocks.
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
