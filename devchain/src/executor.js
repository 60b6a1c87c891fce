// Runs functions of a runtime in V8. The executor of chopsticks reads the whole runtime for each call, which takes a fifth of a second,
// and interprets it.

import { hexToU8a, u8aConcat } from '@polkadot/util';
import { Heap } from './heap.js';
import { halves, hostFunctions } from './host.js';
import { Overlay } from './overlay.js';

/** How many runtimes are kept compiled: that of the chain, and one that `dev_setStorage` has put in its place. */
const KEPT = 2;
/** Promises of the compiled runtimes, newest first. */
const runtimes = [];

/**
 * Calls a function of a runtime.
 *
 * @param {string} wasm the runtime in hexadecimal digits
 * @param {string} name the function
 * @param {string[]} args in SCALE, in hexadecimal digits: they are joined
 * @param {object} state the state, as `Overlay` takes it
 * @param {{ anySignature?: boolean }} [options] whether all signatures count as right
 * @returns {Promise<{ result: string, storageDiff: [string, string | null][] }>} the result in SCALE, and what it changed
 * @throws {Error} if the runtime panics
 */
export async function execute(wasm, name, args, state, { anySignature = false } = {}) {
  const runtime = await compiled(wasm);
  return runtime.run(name, u8aConcat(...args.map((arg) => hexToU8a(arg))), new Overlay(state), anySignature);
}

function compiled(wasm) {
  const known = runtimes.find((one) => one.wasm === wasm);
  if (known) return known.runtime;
  const runtime = WebAssembly.compile(hexToU8a(wasm)).then((module) => new Runtime(module));
  runtimes.unshift({ wasm, runtime });
  runtimes.length = Math.min(runtimes.length, KEPT);
  return runtime;
}

/** A compiled runtime. A call runs to its end before another one begins. */
class Runtime {
  #module;
  #instance;
  /** What the imports work on. */
  #call = {};

  constructor(module) {
    this.#module = module;
  }

  run(name, input, overlay, anySignature) {
    const { exports, base, data } = (this.#instance ??= this.#instantiate());
    const { memory } = exports;
    const heap = new Heap(memory, base);
    Object.assign(this.#call, { memory, heap, overlay, anySignature, panic: undefined });
    try {
      if (!exports[name]) throw new Error('there is no such function');
      const address = heap.allocate(input.length);
      Buffer.from(memory.buffer, address, input.length).set(input);
      const [start, length] = halves(exports[name](address, input.length));
      const result = `0x${Buffer.from(memory.buffer, start, length).toString('hex')}`;
      // A call finds the memory as the first one did. A new instance for each would leave its memory to the collector, which is late.
      const bytes = new Uint8Array(memory.buffer);
      bytes.set(data);
      bytes.fill(0, base, heap.end);
      return { result, storageDiff: overlay.diff() };
    } catch (error) {
      // Its stack is not unwound.
      this.#instance = undefined;
      throw new Error(`the runtime failed in ${name}: ${this.#call.panic ?? error.message}`);
    }
  }

  #instantiate() {
    const functions = hostFunctions(this.#call);
    const env = {};
    for (const { name } of WebAssembly.Module.imports(this.#module)) {
      env[name] = functions[name.replace(/_version_\d+$/, '')] ?? absent(name);
    }
    const { exports } = new WebAssembly.Instance(this.#module, { env });
    const base = exports.__heap_base.value;
    return { exports, base, data: new Uint8Array(exports.memory.buffer, 0, base).slice() };
  }
}

/** Stands for a function that this host does not have. */
function absent(name) {
  return () => {
    throw new Error(`it needs the function ${name}, which this chain does not have`);
  };
}
