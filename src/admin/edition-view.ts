import type { EditionSum } from '../db/ledger/edition-sums.ts';
import type { NothingSum } from '../db/newsletters/nothing.ts';
import type { EditionSummary } from '../db/newsletters/editions.ts';
import { urlOf } from '../http/pager.ts';
import type { DeliveryState } from '../model/delivery.ts';
import { editionName } from './edition-words.ts';
import type { Saying } from './saying.ts';

/** In this order sums are told: the good one first, then what goes on, then what is over. */
const ORDER: readonly DeliveryState[] = [
  'sent',
  'sending',
  'planned',
  'retrying',
  'uncertain',
  'bounced',
  'failed',
  'cancelled',
];
const TROUBLE: readonly DeliveryState[] = ['uncertain', 'bounced', 'failed'];

/** Prepares how far an edition is: a bar, a sentence, and its trouble where there is any. */
export function progressView({ key, state, counts, waits }: EditionSummary, { words, language, count }: Saying) {
  const of = (name: DeliveryState) => counts[name] ?? 0;
  const total = Object.values(counts).reduce((sum, n) => sum + n, 0);
  const open = of('planned') + of('retrying') + of('sending');
  const told = TROUBLE.filter((name) => of(name) > 0).map((name) =>
    words(`admin.editions.trouble.${name}`, { count: of(name) }),
  );
  const standing = state === 'open' ? (open > 0 ? 'going' : 'done') : state;
  return {
    ...{ key, href: `/admin/editions/${encodeURIComponent(key)}`, name: editionName(key, words, language) },
    standing,
    badge: standing === 'done' ? '' : words(`admin.editions.standing.${standing}`),
    ...{ sent: of('sent'), total, open, waits },
    bar: words('admin.editions.bar', { sent: count(of('sent')), total: count(total) }),
    trouble: told.join(' · '),
    sentence: [words('admin.editions.bar', { sent: count(of('sent')), total: count(total) }), ...told].join(' · '),
  };
}

/** Prepares the sums of an edition, each with the reason and the list behind it: together they are all of its mails. */
export function sumsView(key: string, sums: readonly EditionSum[], { words, count }: Saying) {
  const place = ({ state }: EditionSum) => ORDER.indexOf(state);
  const rows = [...sums].sort((a, b) => place(a) - place(b) || b.count - a.count);
  return rows.map(({ state, endReason, count: n }) => ({
    state: words(`admin.mail.state.${state}`),
    reason: endReason === null ? '' : words(`admin.editions.reason.${endReason}`),
    count: count(n),
    href: urlOf('/admin/deliveries', { edition: key, state, reason: endReason ?? '' }),
  }));
}

/** Prepares who got no mail since nothing new fitted, by reason; what older versions counted has no names. */
export function nothingView(edition: string, sums: readonly NothingSum[], { words, count }: Saying) {
  return sums.map(({ reason, count: n }) => ({
    reason: words(reason === null ? 'admin.editions.nothingWhy' : `admin.without.reason.${reason}`),
    count: count(n),
    href: reason === null ? '' : urlOf('/admin/without', { edition, reason }),
  }));
}
