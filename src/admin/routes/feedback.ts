import type { Request, Response, Router } from 'express';
import type { Context } from '../../context.ts';
import { findEvent, listEvents, readReportOf, type EventFilter, type ListedEvent } from '../../db/feedback/list.ts';
import { fieldOf } from '../../http/bodies.ts';
import { pathPart } from '../../http/parameters.ts';
import { visitOf } from '../../http/visit.ts';
import { addressHash, canonicalAddress } from '../../model/address.ts';
import { DOORS, EFFECTS, FEEDBACK_KINDS } from '../../model/feedback.ts';
import { atLeast } from '../../model/role.ts';
import { correctEvent } from '../../operate/feedback/correct-event.ts';
import type { Admin, Section } from '../admin.ts';
import { eventView } from '../feedback/event-view.ts';
import { toldBy } from '../feedback/told-by.ts';
import { addressText, whatText } from '../feedback/words.ts';
import { listRoutes, type AdminList } from '../list.ts';
import { backTo } from '../respond.ts';
import { sayingFor } from '../saying.ts';
import { actorOf, seesAddresses, sessionFrom } from '../session.ts';

const PATH = '/admin/feedback';

const LIST: AdminList<ListedEvent> = {
  ...{ area: 'feedback', path: PATH, room: 'more', api: '/api/v1/feedback' },
  columns: ['when', 'what', 'address', 'effect', 'line', 'door'],
  filters: [
    { name: 'kind', options: FEEDBACK_KINDS },
    { name: 'effect', options: EFFECTS },
    { name: 'door', options: DOORS },
    { name: 'destination' },
    { name: 'email', type: 'text', inputmode: 'email', ofAddresses: true },
  ],
  read: async (ctx, wish, asked, { words }) => {
    const { filter, notAddress } = filterOf(ctx, asked);
    const problem = notAddress === '' ? '' : words('admin.feedback.notAddress', { text: notAddress });
    return { ...(await listEvents(ctx.db, filter, wish)), problem };
  },
  cells: (event, say) => [
    ...[say.when(event.at), { text: whatText(say, event), href: `${PATH}/${event.id}` }],
    event.subscriber
      ? { text: addressText(event.email), href: `/admin/subscribers/${event.subscriber}` }
      : addressText(event.email),
    ...[say.words(`admin.feedback.effect.${event.effect ?? 'waits'}`), toldBy(say.words, event.line ?? '')],
    say.words(`admin.feedback.door.${event.door}`),
  ],
};

/** What came back: each event with what it changed, its report, and the way to correct it. */
export const feedback: Section = {
  ...{ area: LIST.area, path: PATH, room: LIST.room },
  rights: {
    'GET /feedback': 'viewer',
    'GET /feedback/:id': 'viewer',
    'POST /feedback/:id': 'editor',
    'GET /feedback/:id/report.eml': 'editor',
  },
  routes,
};

function routes(admin: Admin): Router {
  const router = listRoutes(LIST)(admin);
  router.get('/feedback/:id', async (req, res, next) => {
    const event = await findEvent(admin.ctx.db, pathPart(req, 'id'));
    if (!event) return next();
    const view = await eventView(admin.ctx, sayingFor(admin.ctx, req), event, seesAddresses(res));
    const mayAct = atLeast(sessionFrom(res).role, 'editor');
    admin.show(req, res, { template: 'feedback-event', title: view.what, view: { ...view, mayAct } });
  });
  router.post('/feedback/:id', (req, res) => correct(admin, req, res));
  router.get('/feedback/:id/report.eml', async (req, res, next) => {
    const bytes = await readReportOf(admin.ctx.db, pathPart(req, 'id'));
    if (!bytes) return next();
    res
      .attachment(`report-${pathPart(req, 'id')}.eml`)
      .type('application/octet-stream')
      .send(Buffer.from(bytes));
  });
  return router;
}

async function correct({ ctx }: Admin, req: Request, res: Response): Promise<void> {
  const { words } = visitOf(req);
  const asked = await fieldOf(req, 'kind');
  const kind = FEEDBACK_KINDS.find((one) => one === asked);
  const id = pathPart(req, 'id');
  if (!kind) return backTo(res, `${PATH}/${id}`, words('admin.feedback.did.noKind'));
  const { outcome } = await correctEvent(ctx, id, kind, actorOf(res));
  backTo(res, outcome === 'unknown' ? PATH : `${PATH}/${id}`, words(`admin.feedback.did.${outcome}`));
}

function filterOf(
  { keys }: Context,
  { kind = '', effect = '', door = '', destination = '', email = '' }: Record<string, string>,
): { filter: EventFilter; notAddress: string } {
  const checked = canonicalAddress(email);
  return {
    filter: {
      kind: FEEDBACK_KINDS.find((one) => one === kind),
      effect: EFFECTS.find((one) => one === effect),
      door: DOORS.find((one) => one === door),
      destination: destination.trim().toLowerCase() || undefined,
      address: checked.ok
        ? { email: checked.address, hash: addressHash(keys.suppression, checked.address) }
        : undefined,
    },
    notAddress: checked.ok ? '' : email,
  };
}
