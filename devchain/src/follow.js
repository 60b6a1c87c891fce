// Converts the events of chopsticks to those of `chainHead_v1_follow` in its specification.

/** Number of recent blocks in the first event: enough for clients that need earlier blocks for mortal transactions. */
const SHOWN = 8;

/** A subscription of `chainHead_v1_follow`. */
export class Follower {
  #chain;
  /** Events before the first one, or nothing once it was sent. */
  #early = [];
  #announced = new Set();
  #best;

  /** @param chain the result of `startChain` */
  constructor(chain) {
    this.#chain = chain;
  }

  /**
   * Translates an event. In the specification `initialized` is the first one, and a block is the best one only after it was announced. A
   * block that is built meanwhile makes chopsticks send them in another order.
   *
   * @param {object} event the event of chopsticks
   * @returns {Promise<object[]>} what to send
   */
  async translate(event) {
    if (event.event === 'initialized') {
      const finalizedBlockHashes = await lastHashes(this.#chain, event.finalizedBlockHashes.at(-1));
      for (const hash of finalizedBlockHashes) this.#announced.add(hash);
      const first = { ...event, finalizedBlockHashes, finalizedBlockRuntime: runtime(event.finalizedBlockRuntime) ?? undefined };
      const early = this.#early;
      this.#early = undefined;
      const known = (one) => this.#announced.has(one.blockHash ?? one.bestBlockHash ?? one.finalizedBlockHashes?.at(-1));
      return [first, ...early.filter((one) => !known(one)).flatMap((one) => this.#ordered(one))];
    }
    if (this.#early) {
      this.#early.push(event);
      return [];
    }
    return this.#ordered(event);
  }

  #ordered(event) {
    switch (event.event) {
      case 'newBlock':
        this.#announced.add(event.blockHash);
        return [{ ...event, newRuntime: runtime(event.newRuntime) }];
      case 'bestBlockChanged': {
        const hash = event.bestBlockHash;
        if (!this.#announced.has(hash) || hash === this.#best) return [];
        this.#best = hash;
        return [event];
      }
      default:
        return [event];
    }
  }
}

/** The runtime's version. In the specification, its list of interfaces is a map. */
function runtime(version) {
  return version && { type: 'valid', spec: { ...version, apis: Object.fromEntries(version.apis) } };
}

/** Hashes of the blocks up to this one, oldest first. */
async function lastHashes(chain, hash) {
  const hashes = [];
  for (let block = await chain.getBlock(hash); block && hashes.length < SHOWN; block = await block.parentBlock) {
    hashes.unshift(block.hash);
  }
  return hashes;
}
