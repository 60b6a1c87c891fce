// A proxy in front of a node that disturbs its answers, for tests: node src/proxy.js NODE_URL FAULT [SEED]
//
// Prints its URL in one line. The same seed disturbs the same messages in the same way. FAULT is one of:
//   none            passes everything on
//   delay           delays every message of the node by up to 150 ms, in order
//   reorder         delays each message by itself, so that answers overtake each other
//   repeat          sends every notification of the node twice
//   repeat-answers  sends every answer of the node twice, which JSON-RPC forbids
//   cut=N           closes the connection in place of the N-th message of the node, once
//   cut-submission  closes each connection after a transaction was passed on, before the node's answer
//   flip            changes one hexadecimal digit in a tenth of the answers
//   truncate        cuts a tenth of the messages of the node short
//   dropped         reports every transaction as dropped, which the node includes
//   stale-nonce     answers the nonce of an account with the one before

import { WebSocket, WebSocketServer } from 'ws';

const [upstream, fault, seed = '1'] = process.argv.slice(2);
const [kind, argument] = (fault ?? '').split('=');

/** Pseudorandom numbers from 0 to 1, by mulberry32. */
let state = Number(seed) >>> 0;
function random() {
  state = (state + 0x6d2b79f5) >>> 0;
  let mixed = Math.imul(state ^ (state >>> 15), state | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}

const MAX_DELAY = 150;
const PART = 0.1;
/** Messages of the node on all connections. */
let messages = 0;

const isAnswer = (text) => JSON.parse(text).id !== undefined;
const isSubmission = (text) => text.includes('author_submit');

/** The message with another digit in its longest hexadecimal string. */
function flip(text) {
  const longest = [...text.matchAll(/0x[0-9a-f]+/g)].sort((a, b) => b[0].length - a[0].length)[0];
  if (!longest) return text;
  const at = longest.index + 2 + Math.floor(random() * (longest[0].length - 2));
  const digit = ((parseInt(text[at], 16) + 1 + Math.floor(random() * 15)) % 16).toString(16);
  return text.slice(0, at) + digit + text.slice(at + 1);
}

function connect(client) {
  const node = new WebSocket(upstream, { maxPayload: 64 << 20 });
  const waiting = [];
  const nonces = new Set();
  let last = Promise.resolve();
  const end = () => {
    client.terminate();
    node.terminate();
  };
  const send = (text) => client.readyState === client.OPEN && client.send(text);

  client.on('message', (data) => {
    const text = data.toString();
    if (kind === 'stale-nonce' && text.includes('system_accountNextIndex')) nonces.add(JSON.parse(text).id);
    const pass = () => {
      node.send(text);
      // The node has it before the connection is closed.
      if (kind === 'cut-submission' && isSubmission(text)) setTimeout(end, 20);
    };
    if (node.readyState === node.OPEN) pass();
    else waiting.push(pass);
  });
  node.on('open', () => waiting.splice(0).forEach((pass) => pass()));
  node.on('message', (data) => {
    let text = data.toString();
    messages += 1;
    const delay = Math.round(random() * MAX_DELAY);
    const chosen = random() < PART;
    switch (kind) {
      case 'none':
        return send(text);
      case 'delay':
        last = last.then(() => new Promise((done) => setTimeout(done, delay))).then(() => send(text));
        return;
      case 'reorder':
        return void setTimeout(() => send(text), delay);
      case 'repeat':
      case 'repeat-answers':
        send(text);
        if (isAnswer(text) === (kind === 'repeat-answers')) send(text);
        return;
      case 'cut':
        return messages === Number(argument) ? end() : send(text);
      case 'cut-submission':
        return send(text);
      case 'flip':
        return send(chosen ? flip(text) : text);
      case 'truncate':
        return send(chosen ? text.slice(0, Math.floor(random() * text.length)) : text);
      case 'dropped': {
        const message = JSON.parse(text);
        if (message.method === 'author_extrinsicUpdate') message.params.result = 'dropped';
        return send(JSON.stringify(message));
      }
      case 'stale-nonce': {
        const message = JSON.parse(text);
        if (nonces.delete(message.id)) message.result = Math.max(0, message.result - 1);
        text = JSON.stringify(message);
        return send(text);
      }
    }
  });
  for (const side of [client, node]) {
    side.on('close', end);
    side.on('error', end);
  }
}

const KINDS = ['none', 'delay', 'reorder', 'repeat', 'repeat-answers', 'cut', 'cut-submission', 'flip', 'truncate', 'dropped', 'stale-nonce'];
if (!upstream || !KINDS.includes(kind)) {
  console.error('usage: node src/proxy.js NODE_URL FAULT [SEED]');
  process.exit(1);
}
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, maxPayload: 64 << 20 });
server.on('connection', connect);
server.on('listening', () => console.log(`ws://127.0.0.1:${server.address().port}`));
// The test that started it has ended.
process.stdin.on('end', () => process.exit(0)).resume();
