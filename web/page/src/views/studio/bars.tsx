// Amounts over time as bars. A table beside it says the same in words.

import type { Unit } from '@patronage/sdk';
import { amount } from '../../i18n.js';

const [WIDTH, HEIGHT, BOTTOM, TOP] = [640, 200, 26, 22];

/** Bars of amounts of one unit, with the name of the first and the last, and the largest amount. */
export function BarChart({ bars, unit, label }: { bars: { name: string; value: bigint }[]; unit: Unit; label: string }) {
  const most = bars.reduce((largest, { value }) => (value > largest ? value : largest), 0n);
  const step = WIDTH / bars.length;
  const base = HEIGHT - BOTTOM;
  const height = (value: bigint) => (most === 0n ? 0 : Math.max(value > 0n ? 2 : 0, (Number(value) / Number(most)) * (base - TOP)));
  return (
    <svg class="chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      <path class="axis" d={`M0 ${base} H${WIDTH}`} />
      {bars.map(({ name, value }, index) => <rect key={name} class="bar" x={index * step + step * 0.12} y={base - height(value)} width={step * 0.76} height={height(value)}><title>{`${name}: ${amount(value, unit)}`}</title></rect>)}
      {most > 0n && <text x={4} y={16} class="now">{amount(most, unit, 4, true)}</text>}
      <text x={4} y={HEIGHT - 7}>{bars[0]?.name}</text>
      <text x={WIDTH - 4} y={HEIGHT - 7} text-anchor="end">{bars.at(-1)?.name}</text>
    </svg>
  );
}
