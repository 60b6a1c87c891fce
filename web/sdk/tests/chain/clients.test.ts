// The local chain with a client that is not ours: dedot by the new JSON-RPC, at a block of the past and in a contract's storage.

import { DedotClient, WsProvider } from 'dedot';
import { expect, inject as given, test } from 'vitest';

test('dedot reads a block of the past by the archive', async () => {
  const { node, deployment } = given('world').chains.u128;
  const client: any = await DedotClient.new({ provider: new WsProvider(node) } as any);
  try {
    expect(await client.archive.supported()).toBe(true);
    expect(await client.archive.genesisHash()).toBe(deployment.genesis);
    const first = (await client.archive.hashByHeight(1))[0];
    const at = await client.at(first);
    expect(await at.query.system.number()).toBe(1);
    expect(await at.query.contracts.contractInfoOf(deployment.vault)).toBeUndefined();
    const info = await client.query.contracts.contractInfoOf(deployment.vault);
    const [head] = await client.archive.hashByHeight(await client.archive.finalizedHeight());
    const items = await client.archive.storage([{ key: '0x', type: 'descendantsValues' }], info.trieId, head);
    expect(items.length).toBeGreaterThan(1);
    expect(items.every(({ childTrieKey }: any) => childTrieKey === info.trieId)).toBe(true);
  } finally {
    await client.disconnect();
  }
});
