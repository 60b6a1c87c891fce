// Writes a page.json beside a built page, and the addresses that it may connect to into its content security policy.
//
//   node scripts/configure.mjs FOLDER PAGE.json [WIDTH=BUNDLES ..]    FOLDER is a copy of dist/
//
// With u128=target/ink or u64=target/ink-u64, the codes of the contracts are copied beside the page, which can launch by a wallet then.

import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder, file, ...bundles] = process.argv.slice(2);
const stop = (words) => {
  console.error(`configure: ${words}`);
  process.exit(1);
};
if (!folder || !file) stop('usage: node scripts/configure.mjs FOLDER PAGE.json [WIDTH=BUNDLES ..]');
const { creators } = JSON.parse(readFileSync(file, 'utf8'));
if (!Array.isArray(creators) || creators.length === 0) stop(`${file} names no creator`);
const origin = (address, kinds) => {
  if (!URL.canParse(address)) stop(`"${address}" is no address`);
  const { protocol, host } = new URL(address);
  if (!kinds.includes(protocol)) stop(`"${address}" begins with none of ${kinds.join(', ')}`);
  return `${protocol}//${host}`;
};
// Paths are added to the address of a server.
const server = (address) => {
  if (/[?#]/.test(address)) stop(`"${address}" has a query or a fragment: write the address of the server alone`);
  return origin(address, ['http:', 'https:']);
};
const origins = new Set(
  creators.flatMap(({ node, server: address, files = [] }) => [
    origin(node, ['ws:', 'wss:']),
    ...(address ? [server(address)] : []),
    // Hosts of encrypted files, where that is not the gateway.
    ...files.map((one) => origin(one, ['http:', 'https:'])),
  ]),
);
const page = join(folder, 'index.html');
const html = readFileSync(page, 'utf8');
const changed = html.replace(/connect-src 'self'[^;]*;/, `connect-src 'self' ${[...origins].join(' ')};`);
if (!/connect-src 'self' (ws|http)/.test(changed)) stop(`${page} is no built page`);
writeFileSync(page, changed);
copyFileSync(file, join(folder, 'page.json'));
for (const one of bundles) {
  const [, width, from] = /^(u128|u64)=(.+)$/.exec(one) ?? stop(`"${one}" is not u128=FOLDER or u64=FOLDER`);
  mkdirSync(join(folder, 'contracts', width), { recursive: true });
  for (const name of ['creator_token', 'patronage_vault', 'content_registry']) {
    for (const end of ['.wasm', '.cold.wasm']) copyFileSync(join(from, name, name + end), join(folder, 'contracts', width, name + end));
  }
}
