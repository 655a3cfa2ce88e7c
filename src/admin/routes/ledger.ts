import { Router } from 'express';
import { listDeliveries } from '../../db/ledger/list.ts';
import { listEditions } from '../../db/newsletters/editions.ts';
import { addressHash, canonicalAddress } from '../../model/address.ts';
import { DELIVERY_STATES } from '../../model/delivery.ts';
import { atText, cursorIn, pagerOf, pageUrl, showRoom, textOf } from '../respond.ts';
import type { AdminRoom } from '../room.ts';

const PAGE = 100;

/** Serves the editions with their sums, and the ledger of every mail. */
export function ledgerRoutes(room: AdminRoom): Router {
  const { ctx } = room;
  const router = Router();
  router.get('/editions', async (req, res) => {
    const page = await listEditions(ctx.db, { limit: PAGE, cursor: cursorIn(req) });
    const view = {
      states: DELIVERY_STATES,
      editions: page.rows.map(({ key, state, counts, waits }) => ({
        ...{ key, state, isOpen: state === 'open', waits },
        counts: DELIVERY_STATES.map((name) => ({
          count: counts[name] ?? 0,
          href: pageUrl('/admin/deliveries', { edition: key, state: name }),
        })),
        total: Object.values(counts).reduce((sum, count) => sum + count, 0),
      })),
      pager: pagerOf(req, page),
    };
    showRoom(room, req, res, { template: 'editions', title: 'Editions', room: '/admin/editions', view });
  });
  router.get('/deliveries', async (req, res) => {
    const edition = textOf(req.query['edition']).trim();
    const email = textOf(req.query['email']).trim();
    const state = DELIVERY_STATES.find((name) => name === req.query['state']);
    const address = canonicalAddress(email);
    const filter = {
      ...(edition ? { edition } : {}),
      ...(state ? { state } : {}),
      ...(address.ok ? { addressHash: addressHash(ctx.keys.suppression, address.address) } : {}),
    };
    const page = await listDeliveries(ctx.db, filter, { limit: PAGE, cursor: cursorIn(req) });
    const view = {
      ...{ edition, email },
      problem: email !== '' && !address.ok ? `«${email}» is no whole address; showing all.` : '',
      states: DELIVERY_STATES.map((name) => ({ name, selected: name === state })),
      deliveries: page.rows.map((entry) => ({
        ...entry,
        edition: entry.edition ?? '–',
        email: entry.email ?? 'erased',
        sentAt: atText(entry.sentAt),
        lastReply: entry.lastReply ?? '',
      })),
      pager: pagerOf(req, page, { edition, state: state ?? '', email }),
    };
    showRoom(room, req, res, { template: 'deliveries', title: 'Deliveries', room: '/admin/deliveries', view });
  });
  return router;
}
