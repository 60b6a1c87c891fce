// Pausing, fees and who receives them, and who owns the contracts.

import { useEffect, useState } from 'preact/hooks';
import { sameAccount, type Address, type Call } from '@patronage/sdk';
import { t } from '../../i18n.js';
import { account, creator, shop } from '../../state.js';
import { Account, Lines, TextField } from '../../ui.js';
import { readAddress } from '../join.js';
import { call, readPercent } from './shared.js';

/** Pauses new money, lowers fees, names their recipient, and hands the contracts over. */
export function Settings() {
  return <><Pause /><Fees /><Recipient /><Ownership /></>;
}

function Pause() {
  const [of, { sale, settings }] = [creator.value!, shop.value!];
  const token = t(sale.paused ? 'studio.resumetoken' : 'studio.pausetoken');
  const vault = t(settings.paused ? 'studio.resumevault' : 'studio.pausevault');
  return (
    <section class="card">
      <p class="muted">{t('studio.pause.help')}</p>
      <p class="actions">
        <button onClick={() => call(token, of.token.call.setPaused({ paused: !sale.paused }))}>{token}</button>
        <button onClick={() => call(vault, of.vault.call.setPaused({ paused: !settings.paused }))}>{vault}</button>
      </p>
    </section>
  );
}

function Fees() {
  const [of, { sale }] = [creator.value!, shop.value!];
  const [buyFee, setBuyFee] = useState(String(sale.buyFeeBp / 100));
  const [sellFee, setSellFee] = useState(String(sale.sellFeeBp / 100));
  const fees = { buyFeeBp: readPercent(buyFee), sellFeeBp: readPercent(sellFee) };
  const lower = fees.buyFeeBp !== null && fees.sellFeeBp !== null && fees.buyFeeBp <= sale.buyFeeBp && fees.sellFeeBp <= sale.sellFeeBp;
  return (
    <section class="card">
      <TextField label={t('studio.buyfee')} text={buyFee} onText={setBuyFee} />
      <TextField label={t('studio.sellfee')} text={sellFee} onText={setSellFee} />
      <button disabled={!lower} onClick={() => lower && call(t('studio.fees'), of.token.call.lowerFees(fees as { buyFeeBp: number; sellFeeBp: number }))}>{t('studio.fees')}</button>
    </section>
  );
}

function Recipient() {
  const of = creator.value!;
  const [now, setNow] = useState<Address | null>(null);
  const [text, setText] = useState('');
  useEffect(() => {
    let wanted = true;
    of.token.query.feeRecipient().then((found) => wanted && setNow(found), (error: unknown) => console.warn(error));
    return () => { wanted = false; };
  }, [shop.value]);
  const recipient = readAddress(text);
  const isVault = now !== null && sameAccount(now, of.deployment.vault);
  return (
    <section class="card" data-recipient={now ?? ''}>
      <h2>{t('studio.recipient')}</h2>
      <p class="muted">{t('studio.recipient.help')}</p>
      {now && <p>{isVault ? t('studio.recipient.vault') : <Account address={now} />}</p>}
      <TextField label={t('studio.recipient.new')} text={text} onText={setText} fault={text !== '' && !recipient ? t('error.address') : null} />
      <p class="actions">
        <button disabled={!recipient} onClick={() => recipient && call(t('studio.recipient.set'), of.token.call.setFeeRecipient({ recipient }))}>{t('studio.recipient.set')}</button>
        {!isVault && <button onClick={() => setText(of.deployment.vault)}>{t('studio.recipient.usevault')}</button>}
      </p>
    </section>
  );
}

const CONTRACTS = ['token', 'vault', 'registry'] as const;
type Owners = Record<(typeof CONTRACTS)[number], { owner: Address; pending: Address | null }>;

function Ownership() {
  const of = creator.value!;
  const [owners, setOwners] = useState<Owners | null>(null);
  const [text, setText] = useState('');
  useEffect(() => {
    let wanted = true;
    const one = async (name: (typeof CONTRACTS)[number]) => {
      const [owner, pending] = await Promise.all([of[name].query.owner(), of[name].query.pendingOwner()]);
      return [name, { owner, pending }] as const;
    };
    Promise.all(CONTRACTS.map(one)).then((list) => wanted && setOwners(Object.fromEntries(list) as Owners), (error: unknown) => console.warn(error));
    return () => { wanted = false; };
  }, [shop.value]);
  const who = account.value?.address ?? null;
  const candidate = readAddress(text);
  const mine = (address: Address | null) => Boolean(who && address && sameAccount(who, address));
  const owned = CONTRACTS.filter((name) => owners && mine(owners[name].owner));
  const offered = CONTRACTS.filter((name) => owners && mine(owners[name].pending));
  const propose = () => {
    if (candidate) call(t('studio.propose'), ...owned.map((name): Call => of[name].call.proposeOwner({ candidate })));
  };
  return (
    <section class="card" data-ownership>
      <h2>{t('studio.ownership')}</h2>
      <p class="muted">{t('studio.ownership.help')}</p>
      {owners && <Lines lines={CONTRACTS.map((name) => [
        t(`studio.contract.${name}`),
        <><Account address={owners[name].owner} />{owners[name].pending && <> → <Account address={owners[name].pending!} /></>}</>,
      ] as const)} />}
      {offered.length > 0 && <p><button class="primary" onClick={() => call(t('studio.accept'), ...offered.map((name): Call => of[name].call.acceptOwnership()))}>{t('studio.accept')}</button></p>}
      <TextField label={t('studio.candidate')} text={text} onText={setText} fault={text !== '' && !candidate ? t('error.address') : null} />
      <button disabled={!candidate || owned.length === 0} onClick={propose}>{t('studio.propose')}</button>
    </section>
  );
}
