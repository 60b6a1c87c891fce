// A cache of the runtime's answers. The executor reads the whole runtime for each call, which takes a fifth of a second, and clients
// repeat the same calls.

/** Functions that depend on the runtime only. */
const OF_THE_RUNTIME = /^(Metadata|Core)_/;

/**
 * `state_call` with a cache for the newest block. A call changes nothing, so its answer is the same for one block.
 *
 * @param chain the result of `startChain`
 * @param {(params: unknown[]) => Promise<string>} ask the method without a cache
 * @returns {{ call: (params: unknown[]) => Promise<string>, forget: () => void }} the method, and a function that clears the cache
 *   after a change of state or runtime without a block
 */
export function rememberCalls(chain, ask) {
  let block;
  let onBlock = new Map();
  let onRuntime = new Map();
  const forget = () => {
    block = undefined;
    onRuntime = new Map();
  };
  const call = ([name, data, at]) => {
    const newest = chain.head.hash;
    if (at && at !== newest) return ask([name, data, at]);
    if (block !== newest) {
      block = newest;
      onBlock = new Map();
    }
    const answers = OF_THE_RUNTIME.test(name) ? onRuntime : onBlock;
    const key = `${name} ${data}`;
    let answer = answers.get(key);
    if (!answer) {
      answer = ask([name, data, newest]);
      answers.set(key, answer);
      // A failure is not cached, as its cause may not be the call.
      answer.catch(() => answers.delete(key));
    }
    return answer;
  };
  return { call, forget };
}
