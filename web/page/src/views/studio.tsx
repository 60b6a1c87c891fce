// The creator's side: what comes in, who supports, and what the owner can change.

import { useEffect, useState } from 'preact/hooks';
import { sameAccount, textOf, utf8, type Call, type FanRecord, type IncomeSum, type NamedTier, type RegistryTypes, type Sealed, type VaultTypes } from '@patronage/sdk';
import { tierName } from '../actions.js';
import { amount, number, percent, t, time } from '../i18n.js';
import { route, to } from '../route.js';
import { act } from '../sheet.js';
import { account, creator, creatorConfig, isOwner, shop } from '../state.js';
import { Account, AmountField, Field, Lines, readAmount, saveFile, TextField, wordsOf } from '../ui.js';
import { titleOf } from './content.js';
import { readAddress } from './join.js';

const NATIVE = { type: 'Native' } as const;
const DAY = 86_400_000n;
/** Days that one transaction collects at most: more than fit would fail. */
const EPOCHS = 100;
const PARTS = [['', 'studio.income', Income], ['members', 'studio.members', Members], ['tiers', 'studio.tiers', Tiers], ['splits', 'studio.splits', Splits],
  ['publish', 'studio.publish', Publish], ['people', 'studio.people', People], ['settings', 'studio.settings', Settings]] as const;

/** One call with its title, in the sheet. */
function call(title: string, ...calls: Call[]): void {
  act({ title, plan: () => creator.value!.plan({}, ...calls) });
}

/** The studio with its parts. */
export function Studio() {
  const [part = ''] = route.value.rest;
  const Part = (PARTS.find(([name]) => name === part) ?? PARTS[0])[2];
  return (
    <>
      <h1>{t('studio.title')}</h1>
      {!isOwner.value && <p class="note">{t('studio.owner', { owner: shop.value!.owner })}</p>}
      <nav class="tabs" aria-label={t('studio.title')}>{PARTS.map(([name, key]) => <a key={name} href={to(name ? `studio/${name}` : 'studio')} {...(name === part ? { 'aria-current': 'page' } : {})}>{t(key)}</a>)}</nav>
      <Part />
    </>
  );
}

function Income() {
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

/** A value in a CSV file. What a spreadsheet would take for a formula gets a sign before it. */
export function csvValue(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function Members() {
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
  const end = until === '' ? null : BigInt(Date.parse(`${until}T00:00:00Z`));
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

function TierChoice({ tier, onTier }: { tier: number; onTier: (tier: number) => void }) {
  return <Field label={t('studio.tier')}>{(props) => <select {...props} value={tier} onChange={(event) => onTier(Number(event.currentTarget.value))}>{shop.value!.tiers.map((one) => <option key={one.id} value={one.id}>{tierName(one)}</option>)}</select>}</Field>;
}

function Tiers() {
  const of = creator.value!;
  const [fields, setFields] = useState({ price: '', days: '30', stay: '0', level: '1', seats: '', uri: '' });
  const set = (name: keyof typeof fields) => (text: string) => setFields({ ...fields, [name]: text });
  const price = readAmount(fields.price, of.nativeUnit);
  const days = /^\d{1,5}$/;
  const add = () => {
    if (!price) return;
    const terms: VaultTypes.TierTerms = {
      asset: NATIVE, price, period: BigInt(fields.days) * DAY, level: Number(fields.level), seats: fields.seats === '' ? null : Number(fields.seats),
      minimumStay: BigInt(fields.stay) * DAY, uri: utf8(fields.uri),
    };
    call(t('studio.addtier'), of.vault.call.addTier({ terms }));
  };
  const fine = price && days.test(fields.days) && days.test(fields.stay) && days.test(fields.level) && (fields.seats === '' || /^\d{1,9}$/.test(fields.seats));
  return (
    <>
      <div class="columns">{shop.value!.tiers.map((tier) => <TierForm key={tier.id} tier={tier} />)}</div>
      <section class="card">
        <h2>{t('studio.addtier')}</h2>
        <AmountField label={t('studio.price')} unit={of.nativeUnit} text={fields.price} onText={set('price')} />
        <TextField label={t('studio.period')} text={fields.days} onText={set('days')} />
        <TextField label={t('studio.stay')} text={fields.stay} onText={set('stay')} />
        <TextField label={t('studio.level')} text={fields.level} onText={set('level')} />
        <TextField label={t('studio.seats')} text={fields.seats} onText={set('seats')} />
        <TextField label={t('studio.uri')} text={fields.uri} onText={set('uri')} />
        <button class="primary" disabled={!fine} onClick={add}>{t('studio.addtier')}</button>
      </section>
    </>
  );
}

function TierForm({ tier }: { tier: NamedTier }) {
  const of = creator.value!;
  const [price, setPrice] = useState(amountText(tier.terms.price, tier.unit.decimals));
  const [seats, setSeats] = useState(tier.terms.seats === null ? '' : String(tier.terms.seats));
  const [open, setOpen] = useState(tier.open);
  const value = readAmount(price, tier.unit);
  const change = () => value && call(`${t('studio.change')}: ${tierName(tier)}`, of.vault.call.updateTier({ tier: tier.id, price: value, seats: seats === '' ? null : Number(seats), open, uri: tier.terms.uri }));
  return (
    <section class="card">
      <h2>{tierName(tier)}</h2>
      <AmountField label={t('studio.price')} unit={tier.unit} text={price} onText={setPrice} />
      <TextField label={t('studio.seats')} text={seats} onText={setSeats} />
      <p><label><input type="checkbox" checked={open} onChange={(event) => setOpen(event.currentTarget.checked)} /> {t('studio.open')}</label></p>
      <button disabled={!value || !/^\d{0,9}$/.test(seats)} onClick={change}>{t('studio.change')}</button>
    </section>
  );
}

function amountText(value: bigint, decimals: number): string {
  const text = value.toString().padStart(decimals + 1, '0');
  return `${text.slice(0, text.length - decimals)}.${text.slice(text.length - decimals)}`.replace(/\.?0+$/, '') || '0';
}

/** A share in percent as basis points; null where it is none. */
export function readPercent(text: string): number | null {
  const found = /^(\d{1,3})(?:[.,](\d{1,2}))?$/.exec(text.trim());
  const points = found ? Number(found[1]) * 100 + Number((found[2] ?? '').padEnd(2, '0')) : null;
  return points !== null && points <= 10_000 ? points : null;
}

function Splits() {
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
  const end = until === '' ? null : BigInt(Date.parse(`${until}T00:00:00Z`));
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

function Publish() {
  const of = creator.value!;
  const [file, setFile] = useState<File | null>(null);
  const [name, setName] = useState('');
  const [rule, setRule] = useState<'everyone' | 'level' | 'holds'>('level');
  const [value, setValue] = useState('1');
  const [price, setPrice] = useState('');
  const [sealed, setSealed] = useState<Sealed | null>(null);
  const [share, setShare] = useState<number | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const seal = async () => {
    if (!file) return;
    setFault(null);
    try {
      const { seal: encrypt } = await import('@patronage/sdk/content');
      setSealed(await encrypt(file, (bytes) => setShare(file.size === 0 ? 1 : bytes / file.size)));
    } catch (error) {
      setFault(wordsOf(error));
    }
    setShare(null);
  };
  const held = readAmount(value, of.tokenUnit);
  const condition: RegistryTypes.Condition | null = rule === 'level'
    ? (/^[1-9]\d{0,2}$/.test(value) && Number(value) < 256 ? { type: 'Subscribed', vault: of.deployment.vault, level: Number(value), grace: 0n } : null)
    : rule === 'holds' && held ? { type: 'Holds', token: of.deployment.token, amount: held } : null;
  const audience: RegistryTypes.Audience | null = rule === 'everyone' ? { type: 'Everyone' } : condition && { type: 'AnyOf', value: [[condition]] };
  const cost = price === '' ? null : readAmount(price, of.nativeUnit);
  const uriFine = /^[A-Za-z0-9._-]+$/.test(name) || /^https?:\/\//.test(name);
  const register = () => {
    if (!sealed || !audience) return;
    act({ title: t('studio.register'), plan: () => of.publish(sealed, name, { audience, ...(cost ? { price: cost } : {}) }) });
  };
  return (
    <>
      <section class="card">
        <Field label={t('studio.file')}>{(props) => <input {...props} type="file" onChange={(event) => {
          const chosen = event.currentTarget.files?.[0] ?? null;
          setFile(chosen);
          setSealed(null);
          if (chosen) setName(`${chosen.name.replace(/[^A-Za-z0-9._-]+/g, '-')}.age`);
        }} />}</Field>
        <TextField label={t('studio.name')} text={name} onText={setName} />
        <Field label={t('studio.rule')}>{(props) => <select {...props} value={rule} onChange={(event) => setRule(event.currentTarget.value as typeof rule)}>{(['everyone', 'level', 'holds'] as const).map((one) => <option key={one} value={one}>{t(`studio.rule.${one}`)}</option>)}</select>}</Field>
        {rule !== 'everyone' && <TextField label={t(rule === 'level' ? 'studio.level' : 'me.amount')} text={value} onText={setValue} />}
        <AmountField label={t('studio.saleprice')} unit={of.nativeUnit} text={price} onText={setPrice} />
        <p class="actions"><button class="primary" disabled={!file || share !== null} onClick={() => void seal()}>{t('studio.seal')}</button></p>
        <div role="status">{share !== null && <p class="busy">{number(Math.round(share * 100))} %</p>}{fault && <p class="fault">{fault}</p>}</div>
      </section>
      {sealed && (
        <section class="card">
          <p>{t('studio.sealed')}</p>
          <p class="actions">
            <button onClick={() => saveFile(name, sealed.encrypted)}>{t('studio.sealed.file')}</button>
            <button onClick={() => saveFile(`${sealed.recipient}.key`, `${sealed.identity}\n`)}>{t('studio.sealed.key')}</button>
            <button class="primary" disabled={!audience || !uriFine} onClick={register}>{t('studio.register')}</button>
          </p>
        </section>
      )}
      <ul class="contents">{shop.value!.contents.map((one) => {
        const title = t(one.terms.retired ? 'studio.unretire' : 'studio.terms');
        return <li key={one.id} class="card"><div><h2>{titleOf(one)}</h2><p class="muted cut">{textOf(one.content.uri)}</p></div><button class="small" aria-label={`${title}: ${titleOf(one)}`} onClick={() => call(`${title}: ${titleOf(one)}`, of.registry.call.changeTerms({ id: one.id, terms: { ...one.terms, retired: !one.terms.retired } }))}>{title}</button></li>;
      })}</ul>
    </>
  );
}

function People() {
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

function Settings() {
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
