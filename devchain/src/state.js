// The states of blocks, for the executor, which can't wait: chopsticks answers each look-up with a promise.

/** How many states are kept whole. Others are made from the nearest of their ancestors. */
const KEPT = 4;

/** The states of a chain's blocks. */
export class States {
  #genesis;
  #kept = [];

  /** @param {Record<string, string>} top the genesis state, in hexadecimal digits */
  constructor(top) {
    this.#genesis = new Map();
    apply(this.#genesis, top);
  }

  /**
   * The state of a block, which may be under construction.
   *
   * @param block a block of chopsticks
   * @returns {Promise<{ get: (key: string) => Buffer | undefined, keys: () => Iterable<string> }>} by keys without the prefix `0x`
   */
  async of(block) {
    const base = await this.#before(block);
    const own = new Map();
    apply(own, await block.storageDiff(), (key) => own.set(key, null));
    return {
      get: (key) => (own.has(key) ? (own.get(key) ?? undefined) : base.get(key)),
      *keys() {
        for (const key of base.keys()) if (!own.has(key)) yield key;
        for (const [key, value] of own) if (value) yield key;
      },
    };
  }

  /** What a block begins with: the whole state of its parent. */
  async #before(block) {
    if (block.number === 0) return this.#genesis;
    const parent = await block.parentBlock;
    return this.#whole(parent);
  }

  async #whole(block) {
    // Blocks without a state here, from the newest.
    const line = [];
    let state;
    for (let one = block; ; one = await one.parentBlock) {
      const known = this.#kept.find((kept) => kept.block === one && kept.layers === one.storageLayerCount);
      if (known) {
        state = known.state;
        break;
      }
      line.push(one);
      if (one.number === 0) {
        state = this.#genesis;
        break;
      }
    }
    if (line.length === 0) return state;
    state = new Map(state);
    for (const one of line.reverse()) {
      apply(state, await one.storageDiff(), (key) => state.delete(key));
    }
    this.#kept.unshift({ block, layers: block.storageLayerCount, state });
    this.#kept.length = Math.min(this.#kept.length, KEPT);
    return state;
  }
}

/** Puts values in hexadecimal digits into a state. A null stands for a key that was deleted. */
function apply(state, values, erase) {
  for (const [key, value] of Object.entries(values)) {
    if (value == null) erase(key.slice(2));
    else state.set(key.slice(2), Buffer.from(value.slice(2), 'hex'));
  }
}
