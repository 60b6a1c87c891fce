// The picture of a profile. Its address is of a stranger, and a request tells its host who looks: so only a picture on the host of
// the page or on the creator's server is loaded, and only a format without scripts is shown.

import { useEffect, useState } from 'preact/hooks';
import { creatorConfig } from './state.js';
import { kindOf } from './viewer.js';

/** The most bytes of a picture. */
const MOST = 4 << 20;

/** Whether a picture at this address may be loaded. */
export function mayLoad(url: string, page: string, server: string | undefined): boolean {
  try {
    const { origin, username, password } = new URL(url);
    return username === '' && password === '' && [page, ...(server ? [new URL(server).origin] : [])].includes(origin);
  } catch {
    return false;
  }
}

async function load(url: string): Promise<Blob | null> {
  const response = await fetch(url, { credentials: 'omit', redirect: 'error', referrerPolicy: 'no-referrer' });
  if (!response.ok || Number(response.headers.get('Content-Length') ?? 0) > MOST) return null;
  const bytes = new Uint8Array(await response.arrayBuffer());
  const kind = kindOf(bytes);
  return bytes.length <= MOST && kind.show === 'image' ? new Blob([bytes], { type: kind.type }) : null;
}

/** The picture, or the first letter of the name. */
export function Picture({ url, title }: { url: string; title: string }) {
  const [shown, setShown] = useState<string | null>(null);
  useEffect(() => {
    setShown(null);
    if (url === '' || !mayLoad(url, location.origin, creatorConfig.value?.server)) return;
    let made: string | null = null;
    let wanted = true;
    load(url).then((blob) => {
      if (!blob || !wanted) return;
      made = URL.createObjectURL(blob);
      setShown(made);
    }, (error: unknown) => console.warn(error));
    return () => {
      wanted = false;
      if (made) URL.revokeObjectURL(made);
    };
  }, [url]);
  return shown ? <img class="avatar" src={shown} alt="" /> : <div class="avatar" aria-hidden="true">{[...title][0]}</div>;
}
