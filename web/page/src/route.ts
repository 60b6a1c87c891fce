// Routes in the fragment of the address: any static host can serve them.

import { computed, signal } from '@preact/signals';

const read = () => location.hash.replace(/^#\/?/, '');
const hash = signal(read());
addEventListener('hashchange', () => {
  hash.value = read();
  scrollTo(0, 0);
});

/** Names of the creators, set once page.json is read. */
export const creatorNames = signal<string[]>([]);

/** What the address says: the creator, the parts of the view, and the query. */
export const route = computed(() => {
  const [path = '', search = ''] = hash.value.split('?');
  const parts = path.split('/').filter(Boolean).map(decode);
  const names = creatorNames.value;
  const named = parts[0] !== undefined && names.includes(parts[0]);
  const creator = named ? parts.shift()! : (names[0] ?? '');
  return { creator, view: parts[0] ?? '', rest: parts.slice(1), query: new URLSearchParams(search) };
});

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The address of a view of the creator that is shown. */
export function to(view: string): string {
  const { creator } = route.value;
  return creatorNames.value.length > 1 ? `#/${encodeURIComponent(creator)}/${view}` : view === '' ? `#/${encodeURIComponent(creator)}` : `#/${view}`;
}
