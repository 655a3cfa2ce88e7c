import type { Context } from '../../context.ts';
import { listDeliveries, type LedgerFilter } from '../../db/ledger/list.ts';
import { addressHash, canonicalAddress } from '../../model/address.ts';
import { DELIVERY_STATES, END_REASONS } from '../../model/delivery.ts';
import { keptText } from '../../model/kept-words.ts';
import { listSection } from '../list.ts';

/** The ledger: every mail, with what became of it. */
export const deliveries = listSection({
  ...{ area: 'deliveries', path: '/admin/deliveries', room: 'more', api: '/api/v1/deliveries' },
  columns: ['kind', 'edition', 'address', 'state', { number: 'tries' }, 'sent', 'words'],
  filters: [
    { name: 'edition' },
    { name: 'email', type: 'text', inputmode: 'email', ofAddresses: true },
    { name: 'state', options: DELIVERY_STATES },
    { name: 'reason', options: END_REASONS },
  ],
  read: async (ctx, wish, asked, { words }) => {
    const { filter, notAddress } = filterOf(ctx, asked);
    const problem = notAddress === '' ? '' : words('admin.deliveries.notAddress', { text: notAddress });
    return { ...(await listDeliveries(ctx.db, filter, wish)), problem };
  },
  cells: ({ kind, edition, email, state, attempts, sentAt, lastReply }, { words, when }) => [
    ...[words(`admin.mail.kind.${kind}`), edition ? { text: edition, href: `/admin/editions/${edition}` } : ''],
    ...[email ?? words('admin.deliveries.erased'), words(`admin.mail.state.${state}`), attempts, when(sentAt)],
    lastReply === null ? '' : keptText(words, lastReply),
  ],
});

function filterOf(
  { keys }: Context,
  { edition = '', email = '', state = '', reason = '' }: Record<string, string>,
): { filter: LedgerFilter; notAddress: string } {
  const address = canonicalAddress(email);
  return {
    filter: {
      edition: edition || undefined,
      state: DELIVERY_STATES.find((name) => name === state),
      endReason: END_REASONS.find((name) => name === reason),
      addressHash: address.ok ? addressHash(keys.suppression, address.address) : undefined,
    },
    notAddress: address.ok ? '' : email,
  };
}
