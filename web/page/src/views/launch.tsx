import { useState } from 'preact/hooks';
import { t, type Key } from '../i18n.js';
import { creator, shop } from '../state.js';
import { Copy, Field, saveFile, TextField } from '../ui.js';
import { WalletLaunch } from './launch-wallet.js';

/** Fields of a launch with what they are at first. */
const FIRST = {
  account: '', name: '', symbol: '', base: '0.50', slope: '0.002', cap: '100000', buyFee: '3', sellFee: '1', stakers: '0',
  tierName: 'Member', tierPrice: '5', tierDays: '30', tierStay: '0', tierLevel: '1', tierSeats: '',
};
/** A launch as it is typed. */
export type LaunchForm = typeof FIRST;
type Launch = LaunchForm;

/** A text in TOML. */
function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&').replace(/[\u0000-\u001f\u007f]/g, ' ')}"`;
}

/** The launch file of the command `patronage launch`. */
export function launchFile(launch: Launch): string {
  const stakers = Number(launch.stakers) || 0;
  const lines = [
    '[creator]', `account = ${quoted(launch.account.trim())}`, '',
    '[token]', `name = ${quoted(launch.name)}`, `symbol = ${quoted(launch.symbol)}`, 'decimals = 12',
    `base_price = ${quoted(launch.base)}`, `slope = ${quoted(launch.slope)}`, `cap = ${quoted(launch.cap)}`,
    `buy_fee = ${quoted(`${launch.buyFee}%`)}`, `sell_fee = ${quoted(`${launch.sellFee}%`)}`, '',
    ...(stakers > 0 ? ['[stakers]', `share = ${quoted(`${launch.stakers}%`)}`, ''] : []),
    '[[splits]]', `account = ${quoted(launch.account.trim())}`, `share = ${quoted(`${Math.round((100 - stakers) * 100) / 100}%`)}`, '',
    '[[tiers]]', `name = ${quoted(launch.tierName)}`, `price = ${quoted(launch.tierPrice)}`, `period = ${quoted(`${launch.tierDays}d`)}`,
    ...(Number(launch.tierStay) > 0 ? [`minimum_stay = ${quoted(`${launch.tierStay}d`)}`] : []), `level = ${Number(launch.tierLevel) || 1}`,
    ...(launch.tierSeats === '' ? [] : [`seats = ${Number(launch.tierSeats) || 1}`]), '',
  ];
  return lines.join('\n');
}

const LABELS: [keyof Launch, Key][] = [
  ['account', 'launch.account'], ['name', 'launch.name'], ['symbol', 'launch.symbol'], ['base', 'launch.base'], ['slope', 'launch.slope'], ['cap', 'launch.cap'],
  ['buyFee', 'studio.buyfee'], ['sellFee', 'studio.sellfee'], ['stakers', 'launch.stakers'],
  ['tierName', 'launch.tiername'], ['tierPrice', 'studio.price'], ['tierDays', 'studio.period'], ['tierStay', 'studio.stay'], ['tierLevel', 'studio.level'], ['tierSeats', 'studio.seats'],
];

/** Writes the launch file of the command. */
export function Launch() {
  const [launch, setLaunch] = useState<Launch>(FIRST);
  const file = launchFile(launch);
  const ready = launch.account !== '' && launch.name !== '' && launch.symbol !== '';
  return (
    <>
      <h1>{t('launch.title')}</h1>
      <p class="muted">{t('launch.about')}</p>
      <div class="columns">
        <section class="card">{LABELS.map(([name, key]) => <TextField key={name} label={t(key)} text={launch[name]} onText={(text) => setLaunch({ ...launch, [name]: text })} />)}</section>
        <section>
          <Field label={t('launch.preview')}>{(props) => <textarea {...props} readOnly rows={28} value={file} />}</Field>
          <p class="actions"><button class="primary" disabled={!ready} onClick={() => saveFile('creator.toml', file)}>{t('download')}</button></p>
          <p><code class="cut">patronage launch creator.toml --chain wss://…</code> <Copy text="patronage launch creator.toml --chain " /></p>
        </section>
      </div>
      {creator.value && shop.value && <WalletLaunch form={launch} />}
    </>
  );
}
