// The allocator of a runtime's memory, which the host provides.

/** Bytes before each allocation, which hold its size class, as the answers of `free` need it. */
const HEADER = 8;
/** Bytes of the smallest size class. Each further class is twice as large. */
const SMALLEST = 8;
/** Classes up to 32 MiB, the largest allocation of Substrate's allocator. */
const CLASSES = 23;
const PAGE = 1 << 16;

/**
 * Allocates in classes of sizes that are powers of two, and reuses what was freed of the same class, as Substrate's own allocator does
 * (https://docs.rs/sp-allocator).
 */
export class Heap {
  #memory;
  #end;
  #free = Array.from({ length: CLASSES }, () => []);

  /**
   * @param {WebAssembly.Memory} memory
   * @param {number} base where the runtime's own data ends
   */
  constructor(memory, base) {
    this.#memory = memory;
    this.#end = Math.ceil(base / HEADER) * HEADER;
  }

  /** Address after all that was ever allocated. */
  get end() {
    return this.#end;
  }

  /**
   * @param {number} size in bytes
   * @returns {number} address of the allocation
   * @throws {RangeError} if the size is over the limit, or the memory is full
   */
  allocate(size) {
    let order = 0;
    while (SMALLEST << order < size) order += 1;
    if (order >= CLASSES) throw new RangeError(`the runtime asked for ${size} bytes at once`);
    const used = this.#free[order].pop();
    if (used !== undefined) return used;
    const address = this.#end + HEADER;
    this.#end = address + (SMALLEST << order);
    const missing = this.#end - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / PAGE));
    new DataView(this.#memory.buffer).setUint32(address - HEADER, order, true);
    return address;
  }

  /** @param {number} address a result of `allocate` */
  free(address) {
    this.#free[new DataView(this.#memory.buffer).getUint32(address - HEADER, true)].push(address);
  }
}
