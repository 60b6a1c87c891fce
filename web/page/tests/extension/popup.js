// In place of the extension's windows: sends what their buttons send, and keeps what they would show.

import { PORT_EXTENSION } from '@polkadot/extension-base/defaults';

const port = chrome.runtime.connect({ name: PORT_EXTENSION });
const waiting = new Map();
const requests = {};
let next = 1;
port.onMessage.addListener(({ id, response, subscription, error }) => {
  const one = waiting.get(id);
  if (!one) return;
  if (subscription !== undefined) requests[one.message] = subscription;
  else if (error) one.reject(new Error(error));
  else one.resolve(response);
});
const send = (message, request = null) =>
  new Promise((resolve, reject) => {
    const id = `popup.${next++}`;
    waiting.set(id, { message, resolve, reject });
    port.postMessage({ id, message, request });
  });
window.wallet = { send, requests };
for (const kind of ['authorize', 'signing', 'metadata']) send(`pri(${kind}.requests)`).catch((error) => console.error(error));
