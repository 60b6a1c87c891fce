// What can be listed from the state of the contracts, without an index of their events.

import { toAddress } from './address.js';
import type { Chain } from './chain.js';
import { noContract } from './chain.js';
import { decode, Reader } from './scale.js';
import { vaultInterface, type Fan } from './generated/vault.js';
import type { Address, Hex } from './types.js';

/** A fan with what the vault keeps of it. */
export interface FanRecord extends Fan { account: Address }

/** Some fans, in the order of the storage, and where to go on. */
export interface FanPage {
  fans: FanRecord[];
  /** To be given for the next page; null after the last one. */
  next: Hex | null;
  /** Block at which it was asked. All pages of one list should be asked at the same one. */
  at: Hex;
}

/**
 * Lists everyone the vault keeps something of: subscriptions running and ended, tips, stakes. The order says nothing.
 *
 * @param count how many at most
 * @param from page to go on behind
 */
export async function listFans(chain: Chain, vault: Address, count: number, from?: { next: Hex; at: Hex }): Promise<FanPage> {
  const at = from?.at ?? (await chain.head());
  const info = await chain.contractInfo(vault, at);
  if (!info) throw noContract(vault);
  const [root, type] = vaultInterface.stored['fans']!;
  const { keys, last } = await chain.contractKeys(info.trie, root as Hex, count, from?.next ?? null, at);
  const values = await chain.contractValues(info.trie, keys.map(({ key }) => key), at);
  const fans = keys.flatMap(({ rest }, index) => {
    const value = values[index];
    if (!value || rest.length !== 32) return [];
    const fan: Fan = decode(vaultInterface.types, type, new Reader(value));
    return [{ account: toAddress(rest), ...fan }];
  });
  return { fans, next: last, at };
}
