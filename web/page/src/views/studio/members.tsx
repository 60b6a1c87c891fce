// Who supports, and grants.

import { useEffect, useState } from 'preact/hooks';
import { type FanRecord } from '@patronage/sdk';
import { tierName } from '../../actions.js';
import { amount, t, time } from '../../i18n.js';
import { creator, shop } from '../../state.js';
import { Account, saveFile, TextField } from '../../ui.js';
import { readAddress } from '../join.js';
import { call, csvValue, readDay, TierChoice } from './shared.js';

/** Everyone the vault has an entry of, and grants. */
export function Members() {
  const [of, seen] = [creator.value!, shop.value!];
  const [fans, setFans] = useState<FanRecord[] | null>(null);
  useEffect(() => {
    let wanted = true;
    const ask = async () => {
      const all: FanRecord[] = [];
      let from: { next: `0x${string}`; at: `0x${string}` } | undefined;
      do {
        const page = await of.fans(200, from);
        all.push(...page.fans);
        from = page.next ? { next: page.next, at: page.at } : undefined;
      } while (from);
      if (wanted) setFans(all);
    };
    ask().catch((error: unknown) => console.warn(error));
    return () => { wanted = false; };
  }, [seen]);
  const [grantTo, setGrantTo] = useState('');
  const [tier, setTier] = useState(0);
  const [until, setUntil] = useState('');
  if (!fans) return <p class="busy" role="status">{t('loading')}</p>;
  const runs = (fan: FanRecord) => fan.subscription !== null && fan.subscription.stream.end > seen.now;
  const iso = (at: bigint) => (at < 253_402_300_800_000n ? new Date(Number(at)).toISOString() : '');
  const csv = () => [
    ['account', 'tier', 'since', 'until', 'price', 'tipped', 'staked'].join(','),
    ...fans.map(({ account: who, subscription: s, tipped, stake }) =>
      [who, s ? tierName(seen.tiers[s.tier]!) : '', s ? iso(s.since) : '', s ? iso(s.stream.end) : '', String(s?.stream.price ?? ''), String(tipped), String(stake?.staked ?? 0n)].map(csvValue).join(',')),
  ].join('\r\n');
  const fan = readAddress(grantTo);
  const end = readDay(until);
  return (
    <>
      {fans.length === 0 ? <p class="muted">{t('studio.nomembers')}</p> : (
        <>
          <div class="tablebox" tabIndex={0} role="region" aria-label={t('studio.members')}>
            <table>
              <thead><tr>{(['account', 'tier', 'since', 'until', 'price', 'tipped', 'staked'] as const).map((name) => <th key={name} scope="col">{t(`studio.${name}`)}</th>)}<th scope="col"><span class="hidden">{t('studio.change')}</span></th></tr></thead>
              <tbody>{fans.map((one) => {
                const s = one.subscription;
                const granted = s?.stream.price === 0n;
                return (
                  <tr key={one.account}>
                    <td><Account address={one.account} /></td><td>{s ? tierName(seen.tiers[s.tier]!) : ''}</td><td>{s ? time(s.since) : ''}</td><td>{s ? time(s.stream.end) : ''}</td>
                    <td>{s ? amount(s.stream.price, seen.tiers[s.tier]!.unit) : ''}</td><td>{amount(one.tipped, of.nativeUnit)}</td><td>{amount(one.stake?.staked ?? 0n, of.tokenUnit)}</td>
                    <td>{runs(one) && <button class="small" onClick={() => call(t(granted ? 'studio.revoke' : 'studio.end'), granted ? of.vault.call.revokeGrant({ fan: one.account }) : of.vault.call.endSubscription({ fan: one.account }))}>{t(granted ? 'studio.revoke' : 'studio.end')}</button>}</td>
                  </tr>
                );
              })}</tbody>
            </table>
          </div>
          <p><button onClick={() => saveFile('members.csv', csv())}>{t('studio.csv')}</button></p>
        </>
      )}
      <section class="card">
        <h2>{t('studio.grant')}</h2>
        <TextField label={t('studio.account')} text={grantTo} onText={setGrantTo} fault={grantTo !== '' && !fan ? t('error.address') : null} />
        <TierChoice tier={tier} onTier={setTier} />
        <TextField label={t('studio.until')} type="date" text={until} onText={setUntil} />
        <button class="primary" disabled={!fan || end === null} onClick={() => fan && end !== null && call(t('studio.grant'), of.vault.call.grant({ fan, tier, until: end }))}>{t('studio.grant')}</button>
      </section>
    </>
  );
}
