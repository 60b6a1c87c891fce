// The background of the polkadot.js extension, as its own package has it: accounts, authorisation and signatures.

import '@polkadot/extension-inject/crossenv';
import { handlers } from '@polkadot/extension-base/background';
import { AccountsStore } from '@polkadot/extension-base/stores';
import keyring from '@polkadot/ui-keyring';
import { cryptoWaitReady } from '@polkadot/util-crypto';

const ready = cryptoWaitReady().then(() => keyring.loadAll({ store: new AccountsStore(), type: 'sr25519' }));
chrome.runtime.onConnect.addListener((port) => port.onMessage.addListener((message) => ready.then(() => handlers(message, port))));
