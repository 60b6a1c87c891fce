// What came in, what waits, and taking it.

import { useEffect, useState } from 'preact/hooks';
import { type IncomeSum, type VaultTypes } from '@patronage/sdk';
import { tierName } from '../../actions.js';
import { amount, t } from '../../i18n.js';
import { account, creator, creatorConfig, shop } from '../../state.js';
import { Lines } from '../../ui.js';
import { call, NATIVE } from './shared.js';

/** Days that one transaction collects at most: more than fit would fail. */
const EPOCHS = 100;

/** Income: sums, a chart, and collecting. */
export function Income() {
  const [of, seen] = [creator.value!, shop.value!];
  const [sums, setSums] = useState<{ due: VaultTypes.Obligations; fees: bigint; mine: [number, bigint][] } | null>(null);
  const [history, setHistory] = useState<IncomeSum[]>([]);
  const who = account.value?.address;
  useEffect(() => {
    const ask = async () => {
      const [due, version] = await Promise.all([of.vault.query.obligations({ asset: NATIVE }), of.vault.query.splitsVersion()]);
      const versions = Array.from({ length: Math.min(version + 1, 8) }, (_, index) => version - index);
      const claims = who ? await Promise.all(versions.map(async (one) => [one, await of.vault.query.claimableOf({ who, asset: NATIVE, version: one })] as [number, bigint])) : [];
      const recipient = await of.token.query.feeRecipient();
      setSums({ due, fees: await of.token.query.claimable({ account: recipient }), mine: claims.filter(([, value]) => value > 0n) });
    };
    ask().catch((error: unknown) => console.warn(error));
    if (creatorConfig.value?.history) of.server?.income({ by: 'month' }).then(setHistory, (error: unknown) => console.warn(error));
  }, [seen, who]);
  const money = (value: bigint) => amount(value, of.nativeUnit);
  const comesIn = history.filter(({ asset, comesIn }) => asset === null && comesIn);
  const months = [...new Set(comesIn.map(({ period }) => period))].sort();
  const sum = (month: string) => comesIn.filter(({ period }) => period === month).reduce((all, one) => all + one.amount, 0n);
  const most = months.map(sum).reduce((a, b) => (a > b ? a : b), 1n);
  return (
    <>
      {sums && <Lines lines={[
        [t('studio.earned'), money(sums.due.unclaimed)], [t('studio.streams'), money(sums.due.streams)], [t('studio.credits'), money(sums.due.credits)], [t('studio.salefees'), money(sums.fees)],
      ]} />}
      {months.length > 0
        ? <svg class="chart" viewBox={`0 0 ${months.length * 60} 200`} role="img" aria-label={months.map((month) => `${month}: ${money(sum(month))}`).join('; ')}>{months.map((month, index) => {
          const height = (Number(sum(month)) / Number(most)) * 150;
          return <g key={month}><rect class="area" x={index * 60 + 10} y={170 - height} width="40" height={height} /><text x={index * 60 + 30} y="190" text-anchor="middle">{month}</text></g>;
        })}</svg>
        : <p class="muted">{t('studio.nochart')}</p>}
      <p class="actions">
        {seen.tiers.map((tier) => <button key={tier.id} onClick={() => call(t('studio.collect', { tier: tierName(tier) }), of.vault.call.collect({ tier: tier.id, maxEpochs: EPOCHS }))}>{t('studio.collect', { tier: tierName(tier) })}</button>)}
        <button onClick={() => call(t('studio.collectfees'), of.vault.call.collectSaleFees())}>{t('studio.collectfees')}</button>
        {sums?.mine.map(([version, value]) => <button key={version} class="primary" onClick={() => call(t('studio.claim', { amount: money(value) }), of.vault.call.claim({ asset: NATIVE, version }))}>{t('studio.claim', { amount: money(value) })}</button>)}
      </p>
    </>
  );
}
