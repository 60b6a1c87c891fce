// What a creator offers, from a script:  node node.mjs ws://127.0.0.1:9944 deployment.json [ACCOUNT]

import { readFile } from 'node:fs/promises';
import WebSocket from 'ws';
import { connect, format, formatDuration } from '@patronage/sdk';

globalThis.WebSocket ??= WebSocket;
const [node, file, account] = process.argv.slice(2);
const creator = await connect({ node, deployment: JSON.parse(await readFile(file, 'utf8')) });

const [price, tiers, contents] = await Promise.all([creator.token.query.spotPrice(), creator.tiers(), creator.contents()]);
console.log(`one ${creator.tokenUnit.symbol} costs ${format(price, creator.nativeUnit)}`);
for (const { id, name, terms, taken, unit } of tiers) {
  const seats = terms.seats === null ? '' : `, ${terms.seats - taken} seats left`;
  console.log(`tier #${id} ${name ?? ''}: ${format(terms.price, unit)} each ${formatDuration(terms.period)}${seats}`);
}
const answers = account ? await creator.checkMany(contents.map(({ id }) => id), account) : [];
for (const [index, { id, title }] of contents.entries()) {
  const access = answers[index];
  console.log(`content #${id} ${title ?? ''}${access ? `: ${access.granted ? 'opens' : access.words}` : ''}`);
}
await creator.close();
