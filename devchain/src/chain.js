// Starts a chain by chopsticks from a genesis state.

import { Block, BuildBlockMode, GenesisProvider, setup } from '@acala-network/chopsticks-core';
import { hexToU8a, u8aConcat } from '@polkadot/util';
import { blake2AsHex, cryptoWaitReady } from '@polkadot/util-crypto';
import { execute } from './executor.js';
import { States } from './state.js';

/** What the first block has in place of the hash of one before it. */
const NO_PARENT = `0x${'00'.repeat(32)}`;

/** How many blocks are kept: each takes some kilobytes. */
const MAX_BLOCKS = 100_000;

/** Answers the requests of chopsticks to a forked chain. There is no forked chain, only a genesis state. */
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
 * @param {object} spec the result of `genesisOf`
 */
export async function startChain(spec) {
  await cryptoWaitReady();
  const states = new States(spec.genesis.raw.top);
  // All that chopsticks asks of a runtime goes through this method.
  Block.prototype.call = async function (name, args, anySignature) {
    const [wasm, state] = await Promise.all([this.wasm, states.of(this)]);
    return execute(wasm, name, args, state, { anySignature });
  };
  const chain = await setup({
    genesis: await new Genesis(spec).settle(),
    buildBlockMode: BuildBlockMode.Instant,
    mockSignatureHost: false,
    runtimeLogLevel: 0,
    // Older blocks would be forgotten, and clients read the history from the first one on.
    maxMemoryBlockCount: MAX_BLOCKS,
  });
  // dedot waits for two finalized blocks.
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
