// The creator's server: whether it answers, whether it serves this creator, and how far its index is.

import { useEffect, useState } from 'preact/hooks';
import { accountOf, toHex, type CreatorView, type GatewayHealth } from '@patronage/sdk';
import { number, t, time } from '../../i18n.js';
import { creator } from '../../state.js';
import { Lines, wordsOf } from '../../ui.js';

/** What was found out. A text says why there is no answer. */
interface Found { health: GatewayHealth | string; view: CreatorView | string; head: number }

/** Blocks that an index may be behind before the page says so. */
const BEHIND = 10;

/** Health of the gateway and its index. */
export function Server() {
  const of = creator.value!;
  const [found, setFound] = useState<Found | null>(null);
  const [again, setAgain] = useState(0);
  useEffect(() => {
    const { server } = of;
    if (!server) return;
    let wanted = true;
    setFound(null);
    Promise.all([server.health().catch(wordsOf), server.creator().catch(wordsOf), of.chain.height()])
      .then(([health, view, head]) => wanted && setFound({ health, view, head }), (error: unknown) => wanted && setFound({ health: wordsOf(error), view: '', head: 0 }));
    return () => { wanted = false; };
  }, [again]);
  if (!of.server) return <p class="card">{t('studio.server.none')}</p>;
  return (
    <section class="card" data-server={found ? 'asked' : 'asking'}>
      <h2>{of.server.url}</h2>
      {found ? <Answer found={found} /> : <p class="busy" role="status">{t('loading')}</p>}
      <p><button onClick={() => setAgain(again + 1)}>{t('retry')}</button></p>
    </section>
  );
}

function Answer({ found: { health, view, head } }: { found: Found }) {
  const of = creator.value!;
  const { genesis } = of.chain;
  if (typeof health === 'string') return <div role="alert"><p class="fault"><b>{t('studio.server.away')}</b> {health}</p><p>{t('studio.server.away.do')}</p></div>;
  const sameRegistry = health.genesis === genesis && health.registry === toHex(accountOf(of.deployment.registry));
  const behind = typeof view === 'string' ? 0 : head - view.asOf.block;
  return (
    <div role="status">
      {!sameRegistry && <p class="fault"><b>{t('studio.server.other')}</b></p>}
      {!health.reachable && <p class="fault"><b>{t('studio.server.nochain')}</b></p>}
      {sameRegistry && health.reachable && <p class="good">✓ {t('studio.server.fine')}</p>}
      {typeof view === 'string'
        ? <p>{t('studio.server.noindex')} <span class="muted">{view}</span></p>
        : (
          <>
            <Lines lines={[
              [t('studio.server.index'), number(view.asOf.block)], [t('studio.server.head'), number(head)], [t('studio.server.asof'), time(view.asOf.time)],
              [t('studio.members'), number(view.members)],
            ]} />
            {behind > BEHIND && <p class="note">{t('studio.server.behind', { blocks: number(behind) })}</p>}
          </>
        )}
    </div>
  );
}
