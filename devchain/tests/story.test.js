// The whole story on chains of both widths of the balance.

import { after, before, describe, test } from 'node:test';
import { connect } from './client.js';
import { Raw, startServer } from './harness.js';
import { launch, SCENES } from './story.js';

for (const balance of ['u128', 'u64']) {
  describe(`with ${balance} balances`, () => {
    let server, raw, api, stage;
    before(async () => {
      server = await startServer(balance);
      raw = await Raw.to(server.url);
      api = await connect(server.url);
      stage = await launch(api, raw, balance);
    });
    after(async () => {
      raw?.close();
      await api?.disconnect();
      await server?.stop();
    });
    for (const [name, scene] of Object.entries(SCENES)) test(name, () => scene(stage));
  });
}
