// What the runtime answers, remembered: each call of it takes the executor a fifth of a second, as it reads the whole runtime, and
// clients ask the same again and again.

/** Functions that depend on the runtime alone. */
const OF_THE_RUNTIME = /^(Metadata|Core)_/;

/**
 * `state_call` with a memory of the newest block. On one block a call gives the same each time, as it changes nothing.
 *
 * @param chain what `startChain` gives
 * @param {(params: unknown[]) => Promise<string>} ask the method without a memory
 * @returns {{ call: (params: unknown[]) => Promise<string>, forget: () => void }} the method, and what to call when the state or
 *   the runtime may have changed in any other way than by a block
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
      // What failed may have failed for another reason than the call itself.
      answer.catch(() => answers.delete(key));
    }
    return answer;
  };
  return { call, forget };
}
