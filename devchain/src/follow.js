// Converts the events of chopsticks to those of `chainHead_v1_follow` in its specification.

/** Number of recent blocks in the first event: enough for clients that need earlier blocks for mortal transactions. */
const SHOWN = 8;

/**
 * Translates an event.
 *
 * @param chain the result of `startChain`
 * @param {object} event the event of chopsticks
 */
export async function followEvent(chain, event) {
  switch (event.event) {
    case 'initialized':
      return {
        ...event,
        finalizedBlockHashes: await lastHashes(chain, event.finalizedBlockHashes.at(-1)),
        finalizedBlockRuntime: runtime(event.finalizedBlockRuntime) ?? undefined,
      };
    case 'newBlock':
      return { ...event, newRuntime: runtime(event.newRuntime) };
    default:
      return event;
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
