import { Router, type Response } from 'express';
import { listActs } from '../../db/operator/acts-list.ts';
import {
  findListedSubscriber,
  listSubscribers,
  searchSubscribers,
  type ListedSubscriber,
} from '../../db/subscribers/list.ts';
import { links } from '../../links/links.ts';
import { displayAddress } from '../../model/address.ts';
import type { SubscriberStatus } from '../../model/subscriber.ts';
import { liftSuppression } from '../../operate/lift-suppression.ts';
import { suppress } from '../../operate/suppress.ts';
import { erase } from '../../subscribers/erase.ts';
import { personalData } from '../../subscribers/export-data.ts';
import { undoUnsubscribe, unsubscribe } from '../../subscribers/unsubscribe.ts';
import { actorOf, atText, backTo, cursorIn, fieldOf, pagerOf, showRoom, textOf } from '../respond.ts';
import type { AdminRoom } from '../room.ts';

const PAGE = 50;
const STATUSES = ['pending', 'confirmed', 'unsubscribed'] as const satisfies readonly SubscriberStatus[];

/** Serves the readers: a searchable list with their own links, and a page per reader with what may be done for them. */
export function subscriberRoutes(room: AdminRoom): Router {
  const { ctx } = room;
  const router = Router();
  router.get('/subscribers', async (req, res) => {
    const search = textOf(req.query['q']).trim();
    const status = STATUSES.find((one) => one === req.query['status']);
    const query = { status, limit: PAGE, cursor: cursorIn(req) };
    const page = await (search ? searchSubscribers(ctx.db, search, query) : listSubscribers(ctx.db, query));
    const view = {
      search,
      statuses: STATUSES.map((name) => ({ name, selected: name === status })),
      readers: page.rows.map((row) => readerView(room, row)),
      pager: pagerOf(req, page, { q: search, status: status ?? '' }),
    };
    showRoom(room, req, res, { template: 'subscribers', title: 'Readers', room: '/admin/subscribers', view });
  });
  router.get('/subscribers/:publicId', async (req, res, next) => {
    const row = await findListedSubscriber(ctx.db, textOf(req.params['publicId']));
    if (!row) return next();
    const data = await personalData(ctx.db, row);
    const acts = await listActs(ctx.db, { subject: row.publicId, limit: 50 });
    const view = {
      reader: readerView(room, row),
      wishes: row.wishes,
      consents: data.consents.map((consent) => ({
        ...consent,
        at: atText(consent.at),
        ip: consent.ip ?? '–',
        userAgent: consent.userAgent ?? '–',
      })),
      mails: data.mails
        .slice(0, 50)
        .map((mail) => ({ ...mail, at: atText(mail.at), edition: mail.editionKey ?? '–', papers: mail.papers.length })),
      acts: acts.rows.map((act) => ({ ...act, at: atText(act.at) })),
    };
    showRoom(room, req, res, { template: 'subscriber', title: row.email, room: '/admin/subscribers', view });
  });
  router.post('/subscribers/:publicId', async (req, res, next) => {
    const row = await findListedSubscriber(ctx.db, textOf(req.params['publicId']));
    if (!row) return next();
    await act(room, res, row, fieldOf(req, 'action'));
  });
  return router;
}

async function act({ ctx }: AdminRoom, res: Response, row: ListedSubscriber, action: string): Promise<void> {
  const by = { actor: actorOf(res) };
  const page = `/admin/subscribers/${row.publicId}`;
  if (action === 'unsubscribe') {
    const result = await unsubscribe(ctx, { publicId: row.publicId }, by);
    const said =
      result.outcome === 'unsubscribed'
        ? `Unsubscribed; ${result.cancelled} planned mails cancelled.`
        : 'Was out already.';
    return backTo(res, page, said);
  }
  if (action === 'undo') {
    const result = await undoUnsubscribe(ctx, { publicId: row.publicId }, by);
    return backTo(res, page, result.outcome === 'restored' ? 'Subscribed again.' : 'Nothing to take back.');
  }
  if (action === 'suppress') {
    const result = await suppress(ctx, { email: row.email }, by.actor);
    return backTo(
      res,
      page,
      result.outcome === 'suppressed'
        ? 'Suppressed: nothing goes to this address any more.'
        : 'Was suppressed already.',
    );
  }
  if (action === 'lift') {
    const result = await liftSuppression(ctx, row.email, by.actor);
    return backTo(res, page, result.outcome === 'lifted' ? 'The suppression is lifted.' : 'Was not suppressed.');
  }
  if (action === 'erase') {
    await erase(ctx, { email: row.email }, by);
    return backTo(res, '/admin/subscribers', 'Erased; only a keyed hash stays.');
  }
  backTo(res, page, 'No such act.');
}

function readerView({ ctx }: AdminRoom, row: ListedSubscriber) {
  const key = ctx.keys.link[0];
  if (!key) throw new Error('No key to sign links with');
  return {
    publicId: row.publicId,
    email: displayAddress(row.email),
    status: row.status,
    suppressed: row.suppressed ?? '',
    schedule: `${row.cadence}, ${String(row.hour).padStart(2, '0')}:00 ${row.timeZone}`,
    next: atText(row.nextDueAt),
    paused: row.pausedUntil ? atText(row.pausedUntil) : '',
    since: atText(row.confirmedAt ?? row.createdAt),
    maxPapers: row.maxPapers,
    language: row.language,
    note: row.unsubscribeNote ?? '',
    isOut: row.status === 'unsubscribed',
    isConfirmed: row.status === 'confirmed',
    page: `/admin/subscribers/${row.publicId}`,
    unsubscribeUrl: links.unsubscribe('', key, row.publicId, row.generation),
    preferencesUrl: links.preferences('', key, row.publicId, row.generation),
  };
}
