// The local chain with a client that is not ours: dedot by the new JSON-RPC, at a block of the past and in a contract's storage.

import { Archive, DedotClient, WsProvider } from 'dedot';
import { expect, inject as given, test } from 'vitest';

test('dedot reads a block of the past by the archive', async () => {
  const { node, deployment } = given('world').chains.u128;
  const client: any = await DedotClient.new({ provider: new WsProvider(node) } as any);
  try {
    const archive: any = new Archive(client);
    expect(await archive.supported()).toBe(true);
    expect(await archive.genesisHash()).toBe(deployment.genesis);
    const first = (await archive.hashByHeight(1))[0];
    const at = await client.at(first);
    expect(await at.query.system.number()).toBe(1);
    expect(await at.query.contracts.contractInfoOf(deployment.vault)).toBeUndefined();
    const info = await client.query.contracts.contractInfoOf(deployment.vault);
    const [head] = await archive.hashByHeight(await archive.finalizedHeight());
    const items = await archive.storage([{ key: '0x', type: 'descendantsValues' }], info.trieId, head);
    expect(items.length).toBeGreaterThan(1);
    expect(items.every(({ childTrieKey }: any) => childTrieKey === info.trieId)).toBe(true);
  } finally {
    await client.disconnect();
  }
});
