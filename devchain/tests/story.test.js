// The whole story on chains of both widths of the balance.

import { after, before, describe, test } from 'node:test';
import { chainForTests } from './client.js';
import { launch, SCENES } from './story.js';

for (const balance of ['u128', 'u64']) {
  describe(`with ${balance} balances`, () => {
    let chain, stage;
    before(async () => {
      chain = await chainForTests(balance);
      stage = await launch(chain.api, chain.raw, balance);
    });
    after(() => chain?.close());
    for (const [name, scene] of Object.entries(SCENES)) test(name, () => scene(stage));
  });
}
