// The dialog that connects a wallet.

import { askForAccount, choices, choose, connecting, found, refused, useWallet } from './accounts.js';
import { t } from './i18n.js';
import { QrCode } from './qr.js';
import { Account, Dialog } from './ui.js';

/** Where wallets come from, for who has none. */
const WALLETS = [['Talisman', 'https://talisman.xyz'], ['SubWallet', 'https://subwallet.app'], ['polkadot.js', 'https://polkadot.js.org/extension/']] as const;

/** Wallets of phones, and how each opens a page. */
const PHONE_WALLETS = [['Nova Wallet', 'https://app.novawallet.io/open/dapp?url='], ['SubWallet', 'https://mobile.subwallet.app/browser?url=']] as const;

/** The dialog, while it is open. */
export function Connect() {
  if (!connecting.value) return null;
  const list = found.value;
  const here = encodeURIComponent(location.href);
  return (
    <Dialog title={t(choices.value.length > 1 ? 'wallet.account' : 'wallet.choose')} onClose={() => (connecting.value = false)}>
      <div class="sheet">
        {list === null && <p class="busy" role="status">{t('loading')}</p>}
        {choices.value.length <= 1 && list?.map((wallet) => (
          <div key={wallet.name}>
            <button class="choice" onClick={() => void useWallet(wallet)}><b>{wallet.name === 'test-wallet' ? t('wallet.test') : wallet.name}</b> <span class="muted">{wallet.version}</span></button>
            {wallet.name === 'test-wallet' && <p class="help">{t('wallet.test.help')}</p>}
          </div>
        ))}
        {choices.value.length > 1 && choices.value.map((one) => (
          <button key={one.address} class="choice" onClick={() => choose(one)}><b>{one.name}</b> <Account address={one.address} /></button>
        ))}
        {list?.length === 0 && (
          <>
            <p><b>{t('wallet.none')}</b> {t('wallet.none.help')}</p>
            <ul class="plainlist">{WALLETS.map(([name, url]) => <li key={name}><a href={url} rel="noreferrer noopener" target="_blank">{name}</a></li>)}</ul>
            <p class="help">{t('wallet.phone')}</p>
            <ul class="plainlist columns">{PHONE_WALLETS.map(([wallet, opens]) => (
              <li key={wallet}>
                <a href={opens + here} rel="noreferrer noopener">{t('wallet.open', { wallet })}</a>
                <QrCode text={opens + here} label={t('wallet.qr', { wallet })} />
              </li>
            ))}</ul>
          </>
        )}
        <div role="alert">{refused.value && <p class="fault">{refused.value}</p>}</div>
        {(refused.value || list?.length === 0) && <footer><button onClick={() => void askForAccount()}>{t('retry')}</button></footer>}
      </div>
    </Dialog>
  );
}
