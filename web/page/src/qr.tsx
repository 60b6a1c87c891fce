// A QR code, for who goes on with a phone.

import { useEffect, useState } from 'preact/hooks';

/** Light modules around a code, as ISO/IEC 18004 demands. */
const QUIET = 4;

/** A text as a QR code, black on white in both themes. The encoder is loaded when the first code is shown. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const [rows, setRows] = useState<boolean[][] | null>(null);
  useEffect(() => {
    let wanted = true;
    import('uqr').then(({ encode }) => wanted && setRows(encode(text, { border: QUIET }).data), (error: unknown) => console.warn(error));
    return () => { wanted = false; };
  }, [text]);
  if (!rows) return null;
  const path = rows.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  return (
    <svg class="qr" role="img" aria-label={label} viewBox={`0 0 ${rows.length} ${rows.length}`} shape-rendering="crispEdges">
      <rect width="100%" height="100%" fill="#fff" /><path d={path} fill="#000" />
    </svg>
  );
}
