// Who gets which part of the income.

import { useEffect, useState } from 'preact/hooks';
import { type VaultTypes } from '@patronage/sdk';
import { percent, t, time } from '../../i18n.js';
import { creator, shop } from '../../state.js';
import { TextField } from '../../ui.js';
import { readAddress } from '../join.js';
import { call, readDay, readPercent } from './shared.js';

/** The splits and their lock. */
export function Splits() {
  const [of, { settings, now }] = [creator.value!, shop.value!];
  const [rows, setRows] = useState<{ who: string; share: string }[]>([]);
  const [stakers, setStakers] = useState('0');
  const [until, setUntil] = useState('');
  useEffect(() => {
    const ask = async () => {
      const { shares, stakers: part } = await of.vault.query.splits({ version: await of.vault.query.splitsVersion() });
      setRows(shares.map(({ recipient, bp }) => ({ who: recipient, share: String(bp / 100) })));
      setStakers(String(part / 100));
    };
    ask().catch((error: unknown) => console.warn(error));
  }, []);
  const shares = rows.map(({ who, share }) => ({ recipient: readAddress(who), bp: readPercent(share) }));
  const part = readPercent(stakers);
  const sum = shares.reduce((all, { bp }) => all + (bp ?? 0), part ?? 0);
  const fine = part !== null && sum === 10_000 && shares.every(({ recipient, bp }) => recipient && bp);
  const put = (index: number, change: Partial<{ who: string; share: string }>) => setRows(rows.map((row, at) => (at === index ? { ...row, ...change } : row)));
  const end = readDay(until);
  return (
    <>
      <section class="card">
        {rows.map(({ who, share }, index) => (
          <div key={index} class="columns">
            <TextField label={`${t('studio.account')} ${index + 1}`} text={who} onText={(text) => put(index, { who: text })} fault={readAddress(who) ? null : t('error.address')} />
            <TextField label={`${t('studio.share')} ${index + 1}`} text={share} onText={(text) => put(index, { share: text })} />
          </div>
        ))}
        <p class="actions"><button class="small" onClick={() => setRows([...rows, { who: '', share: '' }])}>{t('add')}</button>{rows.length > 1 && <button class="small" onClick={() => setRows(rows.slice(0, -1))}>{t('remove')}</button>}</p>
        <TextField label={t('studio.stakers')} text={stakers} onText={setStakers} />
        <p class="help" role="status">{t('studio.sum', { sum: percent(sum) })}</p>
        <button class="primary" disabled={!fine} onClick={() => call(t('studio.setsplits'), of.vault.call.setSplits({ shares: shares as VaultTypes.Share[], stakers: part ?? 0 }))}>{t('studio.setsplits')}</button>
      </section>
      <section class="card">
        {settings.splitsLockedUntil > now && <p>{t('studio.locked', { time: time(settings.splitsLockedUntil) })}</p>}
        <TextField label={t('studio.lock')} type="date" text={until} onText={setUntil} />
        <button disabled={end === null} onClick={() => end !== null && call(t('studio.lock'), of.vault.call.lockSplitsUntil({ time: end }))}>{t('studio.lock')}</button>
      </section>
    </>
  );
}
