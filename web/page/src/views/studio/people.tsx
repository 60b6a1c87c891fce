// Lists of accounts, and managers.

import { useState } from 'preact/hooks';
import { t } from '../../i18n.js';
import { creator } from '../../state.js';
import { TextField } from '../../ui.js';
import { readAddress } from '../join.js';
import { call } from './shared.js';

/** Changes lists and managers. */
export function People() {
  const of = creator.value!;
  const [list, setList] = useState('1');
  const [text, setText] = useState('');
  const [manager, setManager] = useState('');
  const lines = text.split(/\s+/).filter(Boolean);
  const accounts = lines.map(readAddress);
  const fine = /^\d{1,9}$/.test(list) && lines.length > 0 && accounts.every((one) => one !== null);
  const change = (listed: boolean) => call(t(listed ? 'studio.listadd' : 'studio.listremove'), of.registry.call.setListed({ list: Number(list), accounts: accounts as string[], listed }));
  const appoint = (appointed: boolean) => call(t(appointed ? 'studio.appoint' : 'studio.dismiss'), of.registry.call.setManager({ account: readAddress(manager)!, appointed }));
  return (
    <div class="columns">
      <section class="card">
        <TextField label={t('studio.list')} text={list} onText={setList} />
        <TextField label={t('studio.addresses')} long text={text} onText={setText} fault={lines.length > 0 && !accounts.every(Boolean) ? t('error.address') : null} />
        <p class="actions"><button class="primary" disabled={!fine} onClick={() => change(true)}>{t('studio.listadd')}</button><button disabled={!fine} onClick={() => change(false)}>{t('studio.listremove')}</button></p>
      </section>
      <section class="card">
        <TextField label={t('studio.manager')} text={manager} onText={setManager} fault={manager !== '' && !readAddress(manager) ? t('error.address') : null} />
        <p class="actions"><button class="primary" disabled={!readAddress(manager)} onClick={() => appoint(true)}>{t('studio.appoint')}</button><button disabled={!readAddress(manager)} onClick={() => appoint(false)}>{t('studio.dismiss')}</button></p>
      </section>
    </div>
  );
}
