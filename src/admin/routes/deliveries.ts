import type { Context } from '../../context.ts';
import { listDeliveries, type LedgerFilter } from '../../db/ledger/list.ts';
import { addressHash, canonicalAddress } from '../../model/address.ts';
import { DELIVERY_STATES } from '../../model/delivery.ts';
import { listSection } from '../list.ts';
import { atText } from '../respond.ts';

/** The ledger: every mail, with what became of it. */
export const deliveries = listSection({
  ...{ name: 'Deliveries', path: '/admin/deliveries', title: 'Deliveries' },
  columns: ['Kind', 'Edition', 'Address', 'State', { number: 'Tries' }, 'Sent', 'Last words'],
  empty: 'No such mails.',
  filters: [
    { name: 'edition', label: 'Edition' },
    { name: 'email', label: 'Address', type: 'text', inputmode: 'email', ofAddresses: true },
    { name: 'state', label: 'State', options: DELIVERY_STATES },
  ],
  read: async (ctx, wish, asked) => {
    const { filter, problem } = filterOf(ctx, asked);
    return { ...(await listDeliveries(ctx.db, filter, wish)), problem };
  },
  cells: ({ kind, edition, email, state, attempts, sentAt, lastReply }) => [
    ...[kind, edition ?? '–', email ?? 'erased', state, attempts, atText(sentAt), lastReply ?? ''],
  ],
});

function filterOf(
  { keys }: Context,
  { edition = '', email = '', state = '' }: Record<string, string>,
): { filter: LedgerFilter; problem: string } {
  const address = canonicalAddress(email);
  return {
    filter: {
      edition: edition || undefined,
      state: DELIVERY_STATES.find((name) => name === state),
      addressHash: address.ok ? addressHash(keys.suppression, address.address) : undefined,
    },
    problem: email !== '' && !address.ok ? `«${email}» is no whole address; showing all.` : '',
  };
}
