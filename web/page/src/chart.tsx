// The price line of the sale as a drawing.

import type { TokenTypes, Unit } from '@patronage/sdk';
import { amount, t } from './i18n.js';

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [640, 220, 10, 30, 30];

/** The price by tokens sold, with where it is now. What was paid up to there is the reserve. */
export function PriceChart({ sale, price, native, token }: { sale: TokenTypes.Sale; price: bigint; native: Unit; token: Unit }) {
  const { curve, sold, cap } = sale;
  const least = 100n * curve.unit;
  const end = [sold * 2n, least].reduce((a, b) => (a > b ? a : b));
  const last = end > cap ? cap : end;
  const priceAt = (tokens: bigint) => curve.basePrice + (curve.slope * tokens) / curve.unit;
  const top = Number(priceAt(last)) * 1.1 || 1;
  const x = (tokens: bigint) => LEFT + (Number(tokens) / Number(last || 1n)) * (WIDTH - 2 * LEFT);
  const y = (at: bigint) => HEIGHT - BOTTOM - (Number(at) / top) * (HEIGHT - BOTTOM - TOP);
  const base = HEIGHT - BOTTOM;
  const [from, to, here] = [priceAt(0n), priceAt(last), x(sold)];
  const words = t('token.chart', { from: amount(from, native), to: amount(to, native), tokens: amount(last, token), now: amount(price, native) });
  const right = here > WIDTH * 0.6;
  return (
    <svg class="chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={words}>
      <path class="area" d={`M${LEFT} ${base} L${LEFT} ${y(from)} L${here} ${y(priceAt(sold))} L${here} ${base} Z`} />
      <path class="axis" d={`M${LEFT} ${base} H${WIDTH - LEFT}`} />
      <path class="line" d={`M${LEFT} ${y(from)} L${x(last)} ${y(to)}`} />
      <path class="mark" d={`M${here} ${base} V${y(priceAt(sold))}`} />
      <circle cx={here} cy={y(priceAt(sold))} r="6" />
      <text x={here + (right ? -12 : 12)} y={y(priceAt(sold)) - 12} text-anchor={right ? 'end' : 'start'} class="now">{t('token.now', { price: amount(price, native, 6, true) })}</text>
      <text x={LEFT} y={HEIGHT - 8}>0</text>
      <text x={WIDTH - LEFT} y={HEIGHT - 8} text-anchor="end">{amount(last, token, 0)} {t('token.axis')}</text>
    </svg>
  );
}
