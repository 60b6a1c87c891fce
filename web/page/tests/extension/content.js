// Between the page and the background.

import { MESSAGE_ORIGIN_CONTENT, MESSAGE_ORIGIN_PAGE, PORT_CONTENT } from '@polkadot/extension-base/defaults';

let port;
// The browser ends the background, and with it the port, after a pause.
const background = () => {
  if (port) return port;
  port = chrome.runtime.connect({ name: PORT_CONTENT });
  port.onMessage.addListener((message) => window.postMessage({ ...message, origin: MESSAGE_ORIGIN_CONTENT }, '*'));
  port.onDisconnect.addListener(() => (port = undefined));
  return port;
};
window.addEventListener('message', ({ data, source }) => {
  if (source === window && data.origin === MESSAGE_ORIGIN_PAGE) background().postMessage(data);
});
