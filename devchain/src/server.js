// JSON-RPC 2.0 over WebSocket and HTTP, on one port of this machine.

import http from 'node:http';
import { ResponseError } from '@acala-network/chopsticks-core';
import { WebSocketServer } from 'ws';
import { methodsOf } from './methods.js';
import { Subscriptions } from './subscriptions.js';

/** Only clients on this machine are served. */
const HOST = '127.0.0.1';
/** Maximum length of a request in bytes. It has room for a contract of the maximum size in hexadecimal digits. */
const MAX_REQUEST = 16 << 20;
/** Pages of any origin may send requests, as wallets and dapps do. */
const HEADERS = {
  'Access-Control-Allow-Headers': '*',
  'Access-Control-Allow-Origin': '*',
  'Content-Type': 'application/json',
};
// Error codes of JSON-RPC.
const PARSE_ERROR = -32700;
const INVALID_REQUEST = -32600;
const METHOD_NOT_FOUND = -32601;
const INTERNAL_ERROR = -32603;

/**
 * Serves a chain.
 *
 * @param chain the result of `startChain`
 * @param {number} port 0 for any free port
 * @returns {Promise<number>} the port that it listens on
 * @throws with the code EADDRINUSE if another program uses the port
 */
export async function serve(chain, port) {
  const methods = methodsOf(chain);
  const server = http.createServer((request, response) => answerPost(methods, request, response));
  const sockets = new WebSocketServer({ server, maxPayload: MAX_REQUEST });
  sockets.on('connection', (socket) => converse(methods, chain, socket));
  await new Promise((resolve, reject) => {
    // The other server reports the same error.
    sockets.on('error', reject);
    server.on('error', reject).listen(port, HOST, resolve);
  });
  return server.address().port;
}

function converse(methods, chain, socket) {
  const send = (message) => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
  };
  const subscriptions = new Subscriptions(chain, send);
  socket.on('message', async (text) => {
    let answered;
    const turn = subscriptions.during(new Promise((resolve) => (answered = resolve)));
    const answer = await answerText(methods, text.toString(), turn);
    if (answer) send(answer);
    answered();
  });
  socket.on('close', () => subscriptions.close());
  socket.on('error', () => socket.terminate());
}

function answerPost(methods, request, response) {
  const parts = [];
  let length = 0;
  request.on('data', (part) => {
    length += part.length;
    if (length <= MAX_REQUEST) parts.push(part);
  });
  request.on('end', async () => {
    if (request.method !== 'POST' || length > MAX_REQUEST) {
      // The preflight request of browsers.
      const status = length > MAX_REQUEST ? 413 : request.method === 'OPTIONS' ? 204 : 405;
      response.writeHead(status, HEADERS).end();
      return;
    }
    const answer = await answerText(methods, Buffer.concat(parts).toString(), ONCE);
    response.writeHead(200, HEADERS).end(answer ? JSON.stringify(answer) : '');
  });
  request.on('error', () => response.destroy());
}

/** The subscriptions of a request over HTTP, which can't have notifications. */
const ONCE = {
  subscribe: () => {
    throw new ResponseError(METHOD_NOT_FOUND, 'subscriptions need a WebSocket: use the same address with ws://');
  },
  unsubscribe: () => {},
};

/** The answer to a request, or a list of answers. Nothing for a notification. */
async function answerText(methods, text, subscriptions) {
  let request;
  try {
    request = JSON.parse(text);
  } catch {
    return failure(null, PARSE_ERROR, 'Parse error');
  }
  if (!Array.isArray(request)) return answer(methods, request, subscriptions);
  if (request.length === 0) return failure(null, INVALID_REQUEST, 'Invalid request');
  const answers = await Promise.all(request.map((one) => answer(methods, one, subscriptions)));
  const wanted = answers.filter(Boolean);
  return wanted.length > 0 ? wanted : undefined;
}

async function answer(methods, request, subscriptions) {
  const id = request?.id ?? null;
  if (typeof request?.method !== 'string') return failure(id, INVALID_REQUEST, 'Invalid request');
  const method = methods.get(request.method);
  const params = request.params ?? [];
  let reply;
  if (!method) {
    reply = failure(id, METHOD_NOT_FOUND, `Method not found: ${request.method}`);
  } else if (!Array.isArray(params)) {
    reply = failure(id, INVALID_REQUEST, 'params must be a list');
  } else {
    try {
      reply = { jsonrpc: '2.0', id, result: await method(params, subscriptions) };
    } catch (error) {
      const code = error instanceof ResponseError ? error.code : INTERNAL_ERROR;
      reply = failure(id, code, error?.message ?? String(error), error?.data);
    }
  }
  return 'id' in request ? reply : undefined;
}

function failure(id, code, message, data) {
  return { jsonrpc: '2.0', id, error: { code, message, data } };
}
