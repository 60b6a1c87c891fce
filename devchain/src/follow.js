// The events of `chainHead_v1_follow` as its specification has them, from those of chopsticks.

/** How many of the last blocks a follower is shown at first: enough for mortal transactions of clients that look back. */
const SHOWN = 8;

/**
 * Translates an event.
 *
 * @param chain what `startChain` gives
 * @param {object} event as chopsticks gives it
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

/** The runtime's description, whose list of interfaces is a map in the specification. */
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
