// polkadot.js as dapps use it: a connection, the development accounts, and transactions with all that they cost.

import { ApiPromise, Keyring, WsProvider } from '@polkadot/api';
import { cryptoWaitReady } from '@polkadot/util-crypto';
import { Raw, startServer } from './harness.js';

await cryptoWaitReady();
const ring = new Keyring({ type: 'sr25519', ss58Format: 42 });
const names = ['Alice', 'Bob', 'Charlie', 'Dave', 'Eve', 'Ferdie', 'One', 'Two'];

/** The keys of the development accounts, by their names in small letters. */
export const keys = Object.fromEntries(names.map((name) => [name.toLowerCase(), ring.addFromUri(`//${name}`)]));

/** Connects to the chain at `url`. */
export async function connect(url) {
  return ApiPromise.create({ provider: new WsProvider(url), noInitWarn: true });
}

/**
 * Starts a chain for the tests of a file, with connections to it: as they are, and by polkadot.js.
 *
 * @param {'u128' | 'u64'} [balance] the width of the chain's balances, 128 bits unless it is said
 * @returns {Promise<{ server: object, raw: Raw, api: ApiPromise, close: () => Promise<void> }>}
 */
export async function chainForTests(balance) {
  const server = await startServer(balance);
  try {
    const raw = await Raw.to(server.url);
    const api = await connect(server.url);
    const close = async () => {
      raw.close();
      await api.disconnect();
      await server.stop();
    };
    return { server, raw, api, close };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/**
 * Signs and sends a transaction, and waits until it is in a block.
 *
 * @returns {Promise<{ fee: bigint, weightFee: bigint, records: object[], events: object[], failed: string | undefined,
 *   blockHash: string }>} the fee in planck and its part for computation, all events of the transaction, those of contracts
 *   decoded, and the name of the chain's error
 */
export async function send(call, who) {
  const result = await new Promise((resolve, reject) => {
    const watch = (status) => {
      // The status of inclusion is skipped if that of finality comes before the events have been read.
      if (status.isCompleted) resolve(status);
      else if (status.isError) reject(new Error(`the transaction became ${status.status.type}`));
    };
    call.signAndSend(who, { nonce: -1 }, watch).catch(reject);
  });
  const records = result.events;
  const paid = records.find(({ event }) => event.section === 'transactionPayment' && event.method === 'TransactionFeePaid');
  const fee = paid.event.data.actualFee.toBigInt();
  const error = result.dispatchError;
  return {
    fee,
    weightFee: fee - BigInt(call.encodedLength),
    records,
    events: result.contractEvents ?? [],
    failed: error?.isModule ? call.registry.findMetaError(error.asModule).name : error?.toString(),
    blockHash: result.status.inner.toHex(),
  };
}
