// The states of blocks, for the executor, which can't wait: chopsticks answers each look-up with a promise.

/** After so many blocks, a state is stored whole, so that a look-up does not go through all blocks before it. */
const CHECKPOINT = 32;

/** A state: what a block has changed, and the state before it. Keys are without the prefix `0x`; a deleted one has the value null. */
class State {
  #before;
  #own;
  #depth;

  constructor(before, own) {
    this.#before = before;
    this.#own = own;
    this.#depth = before ? before.#depth + 1 : 0;
  }

  /** The value of a key, or undefined. */
  get(key) {
    for (let state = this; state; state = state.#before) {
      const value = state.#own.get(key);
      if (value !== undefined) return value ?? undefined;
    }
    return undefined;
  }

  /** All keys, in no order. */
  *keys() {
    const seen = new Set();
    for (let state = this; state; state = state.#before) {
      for (const [key, value] of state.#own) {
        if (seen.has(key)) continue;
        // In the first of all states there is nothing left to pass over.
        if (state.#before) seen.add(key);
        if (value) yield key;
      }
    }
  }

  /** The same state, stored whole if many are before it. */
  settled() {
    if (this.#depth < CHECKPOINT) return this;
    const whole = new Map();
    for (const key of this.keys()) whole.set(key, this.get(key));
    return new State(undefined, whole);
  }
}

/** The states of a chain's blocks. */
export class States {
  #genesis;
  /** Of each block, with the number of layers of chopsticks that it was made from. */
  #known = new WeakMap();

  /** @param {Record<string, string>} top the genesis state, in hexadecimal digits */
  constructor(top) {
    this.#genesis = new State(undefined, valuesOf(top));
  }

  /**
   * The state of a block, which may be under construction.
   *
   * @param block a block of chopsticks
   * @returns {Promise<{ get: (key: string) => Buffer | undefined, keys: () => Iterable<string> }>} by keys without the prefix `0x`
   */
  async of(block) {
    // Methods such as time travel, and each call of a block that is built, add layers.
    const layers = block.storageLayerCount;
    const known = this.#known.get(block);
    if (known?.layers === layers) return known.state;
    const before = known?.state ?? (await this.#before(block));
    const state = new State(before, valuesOf(await block.storageDiff())).settled();
    this.#known.set(block, { layers, state });
    return state;
  }

  /** The state that a block begins with. That of its parent is made first: a parent is in memory while blocks are built on it. */
  async #before(block) {
    if (block.number === 0) return this.#genesis;
    const parent = await block.parentBlock;
    if (!parent) throw new Error(`the chain has forgotten the block before ${block.number}`);
    return this.of(parent);
  }
}

/** Values in hexadecimal digits as bytes. */
function valuesOf(values) {
  const entries = Object.entries(values);
  return new Map(entries.map(([key, value]) => [key.slice(2), value == null ? null : Buffer.from(value.slice(2), 'hex')]));
}
