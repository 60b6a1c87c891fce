// What came in, what waits, and taking it: in the chain's own money and in every token that tiers are paid in.

import { useEffect, useState } from 'preact/hooks';
import { plain, sameAccount, type IncomeSum, type VaultTypes } from '@patronage/sdk';
import { tierName } from '../../actions.js';
import { amount, t } from '../../i18n.js';
import { account, assetKey, creator, creatorConfig, shop, type NamedAsset } from '../../state.js';
import { Lines, saveFile, wordsOf } from '../../ui.js';
import { BarChart } from './bars.js';
import { call, csvValue } from './shared.js';

/** Days that one transaction collects at most: more than fit would fail. */
const EPOCHS = 100;
/** Versions of the splits that are asked for unclaimed shares, the newest ones. */
const VERSIONS = 8;

/** What waits in one asset, and what of it the account can claim, by the version of the splits. */
interface Due extends NamedAsset { due: VaultTypes.Obligations; mine: [version: number, amount: bigint][] }

/** Income: sums, a chart by day or month, and collecting. */
export function Income() {
  return <><Sums /><Chart /></>;
}

function Sums() {
  const [of, seen] = [creator.value!, shop.value!];
  const [dues, setDues] = useState<Due[]>([]);
  const [fees, setFees] = useState<bigint | null>(null);
  const who = account.value?.address;
  useEffect(() => {
    let wanted = true;
    const ask = async () => {
      const version = await of.vault.query.splitsVersion();
      const versions = Array.from({ length: Math.min(version + 1, VERSIONS) }, (_, index) => version - index);
      const found = await Promise.all(seen.assets.map(async ({ asset, unit }): Promise<Due> => {
        const due = await of.vault.query.obligations({ asset });
        const claims = who ? await Promise.all(versions.map(async (one) => [one, await of.vault.query.claimableOf({ who, asset, version: one })] as [number, bigint])) : [];
        return { asset, unit, due, mine: claims.filter(([, value]) => value > 0n) };
      }));
      const waiting = await of.token.query.claimable({ account: await of.token.query.feeRecipient() });
      if (!wanted) return;
      setDues(found);
      setFees(waiting);
    };
    ask().catch((error: unknown) => console.warn(error));
    return () => { wanted = false; };
  }, [seen, who]);
  return (
    <>
      {dues.map(({ asset, unit, due, mine }) => {
        const money = (value: bigint) => amount(value, unit);
        return (
          <section key={assetKey(asset)} class="card" data-due={assetKey(asset)}>
            <h2>{unit.symbol}</h2>
            <Lines lines={[
              [t('studio.earned'), money(due.unclaimed)], [t('studio.streams'), money(due.streams)], [t('studio.credits'), money(due.credits)],
              ...(asset.type === 'Native' && fees !== null ? [[t('studio.salefees'), money(fees)] as const] : []),
            ]} />
            <p class="actions">
              {seen.tiers.filter((tier) => assetKey(tier.terms.asset) === assetKey(asset)).map((tier) => {
                const title = t('studio.collect', { tier: tierName(tier) });
                return <button key={tier.id} onClick={() => call(title, of.vault.call.collect({ tier: tier.id, maxEpochs: EPOCHS }))}>{title}</button>;
              })}
              {asset.type === 'Native' && <button onClick={() => call(t('studio.collectfees'), of.vault.call.collectSaleFees())}>{t('studio.collectfees')}</button>}
              {mine.map(([version, value]) => {
                const title = t('studio.claim', { amount: money(value) });
                return <button key={version} class="primary" onClick={() => call(title, of.vault.call.claim({ asset, version }))}>{title}</button>;
              })}
            </p>
          </section>
        );
      })}
    </>
  );
}

type By = 'day' | 'month';
/** Days and months that the chart shows. */
const SHOWN: Record<By, number> = { day: 30, month: 12 };

/** The last days or months up to `now`, oldest first, as the server names them: `2026-01-31` or `2026-01`. Days are of UTC. */
export function periods(by: By, now: Date, count: number): string[] {
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  return Array.from({ length: count }, (_, index) => {
    const back = count - 1 - index;
    return by === 'day' ? new Date(Date.UTC(year, month, day - back)).toISOString().slice(0, 10) : new Date(Date.UTC(year, month - back, 1)).toISOString().slice(0, 7);
  });
}

/** Income as CSV: a line for each period, kind and asset. Amounts are in whole units. */
export function incomeCsv(sums: IncomeSum[], unitOf: (asset: string | null) => { symbol: string; decimals: number }): string {
  const lines = sums.map(({ period, kind, asset, amount: value, lines: count }) =>
    [period, kind, plain(value, unitOf(asset)), unitOf(asset).symbol, asset ?? '', String(count)].map(csvValue).join(','));
  return [['period', 'kind', 'amount', 'symbol', 'asset', 'lines'].join(','), ...lines].join('\r\n');
}

function Chart() {
  const [of, seen] = [creator.value!, shop.value!];
  const [by, setBy] = useState<By>('month');
  const [chosen, setChosen] = useState('');
  // What is shown stays until the answer for the other period is there.
  const [answer, setAnswer] = useState<{ by: By; sums: IncomeSum[] } | null>(null);
  const [units, setUnits] = useState<NamedAsset[]>(seen.assets);
  const [fault, setFault] = useState<string | null>(null);
  const asked = Boolean(creatorConfig.value?.history && of.server);
  useEffect(() => {
    if (!asked) return;
    let wanted = true;
    const ask = async () => {
      const found = await of.server!.income({ by });
      const tokens = [...new Set(found.flatMap(({ asset }) => asset ?? []))].filter((token) => !seen.assets.some(({ asset }) => asset.type === 'Psp22' && sameAccount(asset.value, token)));
      const more = await Promise.all(tokens.map(async (value): Promise<NamedAsset> => ({ asset: { type: 'Psp22', value }, unit: await of.unitOf({ type: 'Psp22', value }) })));
      if (!wanted) return;
      setUnits([...seen.assets, ...more]);
      setAnswer({ by, sums: found });
      setFault(null);
    };
    ask().catch((error: unknown) => wanted && setFault(wordsOf(error)));
    return () => { wanted = false; };
  }, [by, seen, asked]);
  if (!asked) return <p class="muted">{t('studio.nochart')}</p>;
  if (fault) return <p class="fault" role="alert">{fault}</p>;
  if (!answer) return <p class="busy" role="status">{t('loading')}</p>;
  const { sums } = answer;
  const matches = (one: NamedAsset, asset: string | null) => (asset === null ? one.asset.type === 'Native' : one.asset.type === 'Psp22' && sameAccount(one.asset.value, asset));
  const unitOf = (asset: string | null) => units.find((one) => matches(one, asset))?.unit ?? { symbol: asset ?? '', decimals: 0 };
  const shown = units.find((one) => assetKey(one.asset) === chosen) ?? units[0]!;
  const comesIn = sums.filter((one) => one.comesIn && matches(shown, one.asset));
  const sum = (period: string) => comesIn.filter((one) => one.period === period).reduce((all, one) => all + one.amount, 0n);
  const bars = periods(answer.by, new Date(Number(seen.now)), SHOWN[answer.by]).map((period) => ({ name: period, value: sum(period) }));
  const table = [...new Set(comesIn.map(({ period }) => period))].sort().reverse();
  return (
    <section class="card" data-income={answer.by}>
      <div class="row">
        <h2>{t('studio.income')}</h2>
        <p class="choices">
          <label>{t('studio.by')} <select value={by} onChange={(event) => setBy(event.currentTarget.value as By)}>{(['day', 'month'] as const).map((one) => <option key={one} value={one}>{t(`studio.by.${one}`)}</option>)}</select></label>
          {units.length > 1 && <label>{t('studio.asset')} <select value={chosen} onChange={(event) => setChosen(event.currentTarget.value)}>{units.map(({ asset, unit }) => <option key={assetKey(asset)} value={assetKey(asset)}>{unit.symbol}</option>)}</select></label>}
        </p>
      </div>
      <BarChart bars={bars} unit={shown.unit} label={t(`studio.chart.${answer.by}`)} />
      <details>
        <summary>{t('studio.table')}</summary>
        <div class="tablebox" tabIndex={0} role="region" aria-label={t('studio.table')}>
          <table>
            <caption class="hidden">{t(`studio.chart.${answer.by}`)}</caption>
            <thead><tr><th scope="col">{t(`studio.by.${answer.by}`)}</th><th scope="col">{t('me.amount')}</th></tr></thead>
            <tbody>{table.map((period) => <tr key={period}><th scope="row">{period}</th><td>{amount(sum(period), shown.unit)}</td></tr>)}</tbody>
          </table>
        </div>
      </details>
      <p class="actions"><button onClick={() => saveFile(`income-${answer.by}.csv`, incomeCsv(sums, unitOf))}>{t('studio.csv')}</button></p>
    </section>
  );
}
