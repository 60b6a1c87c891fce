// What a call to the runtime has changed of the state, with nested transactions.

/** A key of the state: its bytes in hexadecimal digits. A deleted one has the value null. */
export class Overlay {
  #state;
  #layers = [new Map()];
  #sorted;

  /** @param {{ get: (key: string) => Buffer | undefined, keys: () => Iterable<string> }} state the state before the call */
  constructor(state) {
    this.#state = state;
  }

  /** The value of a key, or undefined. */
  get(key) {
    for (let depth = this.#layers.length - 1; depth >= 0; depth -= 1) {
      const value = this.#layers[depth].get(key);
      if (value !== undefined) return value ?? undefined;
    }
    return this.#state.get(key);
  }

  /** Sets the value of a key, or deletes it with null. */
  set(key, value) {
    this.#layers.at(-1).set(key, value);
  }

  /** All keys with this prefix, in no order. */
  *withPrefix(prefix) {
    const own = new Set(this.#layers.flatMap((layer) => [...layer.keys()]));
    for (const key of own) if (key.startsWith(prefix) && this.get(key)) yield key;
    for (const key of this.#state.keys()) if (key.startsWith(prefix) && !own.has(key)) yield key;
  }

  /** The first key after this one with this prefix, or undefined. */
  after(key, prefix) {
    this.#sorted ??= [...this.#state.keys()].sort();
    let next;
    for (let place = firstAfter(this.#sorted, key); place < this.#sorted.length; place += 1) {
      const candidate = this.#sorted[place];
      if (!candidate.startsWith(prefix)) break;
      if (this.get(candidate)) {
        next = candidate;
        break;
      }
    }
    for (const layer of this.#layers) {
      for (const candidate of layer.keys()) {
        const sooner = candidate > key && (next === undefined || candidate < next);
        if (sooner && candidate.startsWith(prefix) && this.get(candidate)) next = candidate;
      }
    }
    return next;
  }

  /**
   * Deletes keys with this prefix: all that the call has made, and of those before it at most `limit`.
   *
   * @returns {{ deleted: number, all: boolean }} how many of those before it, and whether none is left
   */
  clearPrefix(prefix, limit = Infinity) {
    let deleted = 0;
    for (const key of [...this.withPrefix(prefix)].sort()) {
      const before = this.#state.get(key) !== undefined;
      if (before && deleted >= limit) return { deleted, all: false };
      this.set(key, null);
      deleted += Number(before);
    }
    return { deleted, all: true };
  }

  /** Begins a transaction inside the ones that are open. */
  begin() {
    this.#layers.push(new Map());
  }

  /** Ends the innermost transaction, and keeps what it has changed. */
  commit() {
    const layer = this.#close();
    for (const [key, value] of layer) this.set(key, value);
  }

  /** Ends the innermost transaction, and forgets what it has changed. */
  rollBack() {
    this.#close();
  }

  #close() {
    if (this.#layers.length === 1) throw new Error('the runtime ended a transaction that it had not begun');
    return this.#layers.pop();
  }

  /** @returns {[string, string | null][]} what has changed, in the format of chopsticks */
  diff() {
    return [...this.#layers[0]].map(([key, value]) => [`0x${key}`, value && `0x${value.toString('hex')}`]);
  }
}

/** The place of the first item after this one in a sorted list. */
function firstAfter(sorted, item) {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] > item) high = middle;
    else low = middle + 1;
  }
  return low;
}
