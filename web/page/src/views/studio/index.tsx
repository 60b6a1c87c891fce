// The creator's side: what comes in, who supports, and what the owner and managers can change.

import { t } from '../../i18n.js';
import { route, to } from '../../route.js';
import { isManager, isOwner, shop } from '../../state.js';
import { Income } from './income.js';
import { Members } from './members.js';
import { People } from './people.js';
import { ProfileEditor } from './profile.js';
import { Publish } from './publish.js';
import { Server } from './server.js';
import { Settings } from './settings.js';
import { Splits } from './splits.js';
import { Tiers } from './tiers.js';
import { Vestings } from './vesting.js';

const PARTS = [
  ['', 'studio.income', Income], ['members', 'studio.members', Members], ['tiers', 'studio.tiers', Tiers], ['splits', 'studio.splits', Splits],
  ['publish', 'studio.publish', Publish], ['people', 'studio.people', People], ['vesting', 'studio.vesting', Vestings],
  ['profile', 'studio.profile', ProfileEditor], ['settings', 'studio.settings', Settings], ['server', 'studio.server', Server],
] as const;

/** The studio with its parts. */
export function Studio() {
  const [part = ''] = route.value.rest;
  const Part = (PARTS.find(([name]) => name === part) ?? PARTS[0])[2];
  return (
    <>
      <h1>{t('studio.title')}</h1>
      {!isOwner.value && <p class="note">{isManager.value ? t('studio.ismanager') : t('studio.owner', { owner: shop.value!.owner })}</p>}
      <nav class="tabs" aria-label={t('studio.title')}>{PARTS.map(([name, key]) => <a key={name} href={to(name ? `studio/${name}` : 'studio')} {...(name === part ? { 'aria-current': 'page' } : {})}>{t(key)}</a>)}</nav>
      <Part />
    </>
  );
}
