import { listNothing } from '../../db/newsletters/nothing.ts';
import { displayAddress } from '../../model/address.ts';
import { NOTHING_REASONS } from '../../model/nothing.ts';
import { listSection } from '../list.ts';
import { whyHref } from '../search/hits.ts';

/** Who had a slot in an edition and got no mail, and why. */
export const without = listSection({
  ...{ area: 'without', path: '/admin/without', room: 'more', api: '/api/v1/without' },
  columns: ['when', 'edition', 'reader', 'reason', 'later'],
  filters: [{ name: 'edition' }, { name: 'reason', options: NOTHING_REASONS }],
  read: (ctx, wish, { edition = '', reason = '' }) => {
    const filter = {
      edition: edition || undefined,
      reason: NOTHING_REASONS.find((name) => name === reason),
    };
    return listNothing(ctx.db, filter, wish);
  },
  cells: ({ at, edition, reader, email, reason, later }, { words, when }) => [
    ...[when(at), { text: edition, href: `/admin/editions/${edition}` }],
    reader === null || email === null
      ? words('admin.deliveries.erased')
      : { text: displayAddress(email), href: `/admin/subscribers/${reader}` },
    reader === null
      ? words(`admin.without.reason.${reason}`)
      : { text: words(`admin.without.reason.${reason}`), href: whyHref(reader, edition) },
    later ? words('admin.without.later') : '',
  ],
});
