// The editor of the profile: name, words, picture, links and descriptions, signed by the owner's wallet.

import { useState } from 'preact/hooks';
import type { Described, Profile } from '@patronage/sdk';
import { signProfile, validateProfile } from '@patronage/sdk/owner';
import { tierName } from '../../actions.js';
import { t } from '../../i18n.js';
import { account, creator, creatorConfig, isOwner, profile, profileFault, shop } from '../../state.js';
import { saveFile, TextField, wordsOf } from '../../ui.js';
import { titleOf } from '../content.js';

/** The profile that is there, with the tiers and the content of the chain; otherwise what page.json says. */
function first(): Profile {
  const [now, config, { tiers, contents, contentCount }, { deployment }] = [profile.value, creatorConfig.value!, shop.value!, creator.value!];
  const titles = 'content' in deployment ? deployment.content : [];
  const known = new Map(contents.map((one) => [one.id, titleOf(one)]));
  const described = (old: Described | undefined, name: string): Described => ({ name: old?.name || name, description: old?.description ?? '' });
  return {
    name: now?.name ?? config.title, words: now?.words ?? config.about ?? '', picture: now?.picture ?? '',
    links: now?.links ?? (config.links ?? []).map(({ text, url }) => ({ title: text, url })),
    tiers: tiers.map((tier) => described(now?.tiers[tier.id], tierName(tier))),
    content: Array.from({ length: contentCount }, (_, id) => described(now?.content[id], titles[id] ?? known.get(id) ?? '')),
  };
}

function faultOf(found: Profile): string | null {
  try {
    validateProfile(found);
    return null;
  } catch (error) {
    return wordsOf(error);
  }
}

/** Edits and signs the profile. */
export function ProfileEditor() {
  const of = creator.value!;
  const [form, setForm] = useState<Profile>(first);
  const [stage, setStage] = useState<'signing' | 'done' | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const put = (change: Partial<Profile>) => {
    setForm({ ...form, ...change });
    setStage(null);
  };
  const at = <T,>(list: T[], index: number, change: Partial<T>): T[] => list.map((one, place) => (place === index ? { ...one, ...change } : one));
  const fault = faultOf(form);
  const sign = async () => {
    if (!account.value) return;
    setRefused(null);
    setStage('signing');
    try {
      const file = await signProfile(form, { genesis: of.chain.genesis, vault: of.deployment.vault }, account.value);
      saveFile('profile.json', file);
      setStage('done');
    } catch (error) {
      setRefused(wordsOf(error));
      setStage(null);
    }
  };
  const describe = (kind: 'tiers' | 'content') => form[kind].map((one, index) => (
    <fieldset key={index} class="rule">
      <legend>{kind === 'tiers' ? t('studio.tier') : t('content.number', { id: index })} {kind === 'tiers' && `#${index}`}</legend>
      <TextField label={t('studio.profile.name')} text={one.name} onText={(name) => put({ [kind]: at(form[kind], index, { name }) })} />
      <TextField label={t('studio.profile.description')} long text={one.description} onText={(description) => put({ [kind]: at(form[kind], index, { description }) })} />
    </fieldset>
  ));
  return (
    <section class="card" data-profileform>
      <h2>{t('studio.profile')}</h2>
      <p class="muted">{t('studio.profile.help')}</p>
      {profileFault.value && <p class="note">{t('studio.profile.bad')} {profileFault.value}</p>}
      <TextField label={t('studio.profile.name')} text={form.name} onText={(name) => put({ name })} />
      <TextField label={t('studio.profile.words')} long text={form.words} onText={(words) => put({ words })} />
      <TextField label={t('studio.profile.picture')} help={t('studio.profile.picture.help')} text={form.picture} onText={(picture) => put({ picture })} />
      {form.links.map((link, index) => (
        <fieldset key={index} class="rule">
          <legend>{t('studio.profile.link', { n: index + 1 })}</legend>
          <TextField label={t('studio.profile.title')} text={link.title} onText={(title) => put({ links: at(form.links, index, { title }) })} />
          <TextField label={t('studio.profile.url')} text={link.url} onText={(url) => put({ links: at(form.links, index, { url }) })} />
          <button type="button" class="small" onClick={() => put({ links: form.links.filter((_, place) => place !== index) })}>{t('remove')}</button>
        </fieldset>
      ))}
      <p><button type="button" class="small" onClick={() => put({ links: [...form.links, { title: '', url: '' }] })}>{t('studio.profile.addlink')}</button></p>
      <details><summary>{t('studio.tiers')}</summary>{describe('tiers')}</details>
      <details><summary>{t('content.title')}</summary>{describe('content')}</details>
      <p class="actions"><button class="primary" disabled={fault !== null || !isOwner.value || stage === 'signing'} onClick={() => void sign()}>{t('studio.profile.sign')}</button></p>
      <div role="status">
        {fault && <p class="fault">{fault}</p>}
        {refused && <p class="fault">{refused}</p>}
        {stage === 'signing' && <p class="busy">{t('tx.signing')}</p>}
        {stage === 'done' && <p class="good">✓ {t('studio.profile.done')}</p>}
      </div>
    </section>
  );
}
