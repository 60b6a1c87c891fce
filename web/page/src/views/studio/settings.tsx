// Pausing and fees.

import { useState } from 'preact/hooks';
import { sameAccount } from '@patronage/sdk';
import { t } from '../../i18n.js';
import { account, creator, shop } from '../../state.js';
import { Account, TextField } from '../../ui.js';
import { call, readPercent } from './shared.js';

/** Pauses new money, and lowers fees. */
export function Settings() {
  const [of, { sale, settings, owner }] = [creator.value!, shop.value!];
  const [buyFee, setBuyFee] = useState(String(sale.buyFeeBp / 100));
  const [sellFee, setSellFee] = useState(String(sale.sellFeeBp / 100));
  const fees = { buyFeeBp: readPercent(buyFee), sellFeeBp: readPercent(sellFee) };
  const lower = fees.buyFeeBp !== null && fees.sellFeeBp !== null && fees.buyFeeBp <= sale.buyFeeBp && fees.sellFeeBp <= sale.sellFeeBp;
  const token = t(sale.paused ? 'studio.resumetoken' : 'studio.pausetoken');
  const vault = t(settings.paused ? 'studio.resumevault' : 'studio.pausevault');
  return (
    <>
      {account.value && sameAccount(account.value.address, owner) ? null : <p class="muted"><Account address={owner} /></p>}
      <section class="card">
        <p class="muted">{t('studio.pause.help')}</p>
        <p class="actions"><button onClick={() => call(token, of.token.call.setPaused({ paused: !sale.paused }))}>{token}</button><button onClick={() => call(vault, of.vault.call.setPaused({ paused: !settings.paused }))}>{vault}</button></p>
      </section>
      <section class="card">
        <TextField label={t('studio.buyfee')} text={buyFee} onText={setBuyFee} />
        <TextField label={t('studio.sellfee')} text={sellFee} onText={setSellFee} />
        <button disabled={!lower} onClick={() => lower && call(t('studio.fees'), of.token.call.lowerFees(fees as { buyFeeBp: number; sellFeeBp: number }))}>{t('studio.fees')}</button>
      </section>
    </>
  );
}
