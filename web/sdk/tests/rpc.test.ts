import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import WebSocket, { WebSocketServer } from 'ws';
import { Rpc } from '../src/rpc.js';

(globalThis as any).WebSocket ??= WebSocket;
let server: WebSocketServer | undefined;
afterEach(() => new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve())));

/** A node that does with each request what `answer` says. */
async function node(answer: (request: any, socket: WebSocket, reply: (result: unknown) => void) => void, patience?: number) {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (socket) => socket.on('message', (text) => {
    const request = JSON.parse(text.toString());
    answer(request, socket, (result) => socket.send(JSON.stringify({ jsonrpc: '2.0', id: request.id, result })));
  }));
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return new Rpc(`ws://127.0.0.1:${port}`, patience);
}

test('answers go to who asked, in whatever order they come', async () => {
  const held: (() => void)[] = [];
  const rpc = await node(({ params }, _, reply) => {
    held.push(() => reply(params[0]));
    if (held.length === 3) held.reverse().forEach((send) => send());
  });
  expect(await Promise.all([1, 2, 3].map((one) => rpc.call('echo', one)))).toEqual([1, 2, 3]);
  rpc.close();
});

test('a lost connection fails what waits, and is opened again for the next question', async () => {
  let count = 0;
  const rpc = await node((_, socket, reply) => (count++ === 0 ? socket.terminate() : reply('here')));
  await expect(rpc.call('first')).rejects.toMatchObject({ code: 'Lost' });
  expect(await rpc.call('second')).toBe('here');
  rpc.close();
  await expect(rpc.call('third')).rejects.toMatchObject({ code: 'Closed' });
});

test('a node that does not answer is given up after a while', async () => {
  const rpc = await node(() => {}, 200);
  await expect(rpc.call('silence')).rejects.toMatchObject({ code: 'Timeout' });
  rpc.close();
});

test('a node’s error has its code and words; what is no JSON is passed over', async () => {
  const rpc = await node(({ id }, socket) => {
    socket.send('{');
    socket.send(JSON.stringify({ jsonrpc: '2.0', id, error: { code: 1010, message: 'Invalid Transaction', data: 'Transaction is outdated' } }));
  });
  await expect(rpc.call('submit')).rejects.toMatchObject({ rpcCode: 1010, message: 'the node says: Invalid Transaction (Transaction is outdated)' });
  rpc.close();
});

test('notifications that come before the answer with their name are not lost', async () => {
  const ended: unknown[] = [];
  const rpc = await node(({ method, params }, socket, reply) => {
    if (method === 'end') return ended.push(params), reply(true);
    const notify = (result: number) => socket.send(JSON.stringify({ jsonrpc: '2.0', method: 'news', params: { subscription: 's', result } }));
    notify(1);
    reply('s');
    notify(2);
  });
  const told: number[] = [];
  const stop = await rpc.subscribe('begin', 'end', [], (result) => told.push(result));
  await expect.poll(() => told).toEqual([1, 2]);
  stop();
  await expect.poll(() => ended).toEqual([['s']]);
  rpc.close();
});

test('subscribers are told of a lost connection', async () => {
  const rpc = await node((_, socket, reply) => {
    reply('s');
    setTimeout(() => socket.terminate(), 20);
  });
  const lost = new Promise((resolve) => void rpc.subscribe('begin', 'end', [], (_, error) => error && resolve(error)));
  expect(await lost).toMatchObject({ code: 'Lost' });
  rpc.close();
});
