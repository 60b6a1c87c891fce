// Shows what was decrypted: pictures, audio, video and text. What it is, its first bytes say. Nothing of it ever becomes markup.

import { useEffect, useState } from 'preact/hooks';
import { t } from './i18n.js';

type Kind = { show: 'image' | 'audio' | 'video'; type: string } | { show: 'text'; text: string } | { show: 'nothing' };

/** First bytes of formats that browsers show; `?` stands for any byte. SVG is none of them, as it can have scripts. */
const FORMATS: [string, 'image' | 'audio' | 'video', string][] = [
  ['89504e47', 'image', 'image/png'], ['ffd8ff', 'image', 'image/jpeg'], ['47494638', 'image', 'image/gif'],
  ['52494646????????57454250', 'image', 'image/webp'], ['????????6674797061766966', 'image', 'image/avif'],
  ['52494646????????57415645', 'audio', 'audio/wav'], ['494433', 'audio', 'audio/mpeg'], ['fff?', 'audio', 'audio/mpeg'],
  ['4f676753', 'audio', 'audio/ogg'], ['664c6143', 'audio', 'audio/flac'], ['????????667479704d3441', 'audio', 'audio/mp4'],
  ['1a45dfa3', 'video', 'video/webm'], ['????????66747970', 'video', 'video/mp4'],
];

/** What bytes are. */
export function kindOf(bytes: Uint8Array): Kind {
  const head = [...bytes.subarray(0, 16)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  for (const [pattern, show, type] of FORMATS) {
    if ([...pattern].every((digit, index) => digit === '?' || digit === head[index])) return { show, type };
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.includes('\0') ? { show: 'nothing' } : { show: 'text', text };
  } catch {
    return { show: 'nothing' };
  }
}

/** Content in the page. */
export function Viewer({ bytes, name }: { bytes: Uint8Array; name: string }) {
  const [kind] = useState(() => kindOf(bytes));
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (!('type' in kind)) return;
    const made = URL.createObjectURL(new Blob([bytes as BlobPart], { type: kind.type }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, []);
  if (kind.show === 'text') return <div class="text" tabIndex={0} role="document" aria-label={name}>{kind.text}</div>;
  if (kind.show === 'nothing') return <p>{t('content.binary')}</p>;
  if (!url) return null;
  if (kind.show === 'image') return <img class="media" src={url} alt={name} />;
  if (kind.show === 'audio') return <audio class="media" controls src={url} aria-label={name} />;
  return <video class="media" controls src={url} aria-label={name} />;
}
