import type { Request, Response, Router } from 'express';
import { findLetter, listLetters, type ListedLetter } from '../../db/feedback/letters.ts';
import { findSubscriberByEmail } from '../../db/subscribers/subscribers.ts';
import { readMail } from '../../feedback/read-mail.ts';
import { fieldOf } from '../../http/bodies.ts';
import { pathPart } from '../../http/parameters.ts';
import { visitOf } from '../../http/visit.ts';
import { displayAddress } from '../../model/address.ts';
import { settleLetter } from '../../operate/feedback/settle-letter.ts';
import type { Admin, Section } from '../admin.ts';
import { addressText } from '../feedback/words.ts';
import { listRoutes, type AdminList } from '../list.ts';
import { backTo } from '../respond.ts';
import { sayingFor, type Saying } from '../saying.ts';
import { actorOf } from '../session.ts';

const PATH = '/admin/replies';

const LIST: AdminList<ListedLetter> = {
  ...{ area: 'replies', path: PATH, room: 'more' },
  columns: ['when', 'from', 'subject'],
  filters: [{ name: 'state', options: ['done'], otherwise: 'waiting' }],
  read: (ctx, wish, { state }) => listLetters(ctx.db, state !== 'done', wish),
  cells: ({ id, at, sender, subject }, { words, when }, sees) => {
    const text = subject?.trim() ? subject : words('admin.replies.noSubject');
    return [when(at), addressText(sender), sees ? { text, href: `${PATH}/${id}` } : text];
  },
};

/** Letters from people: what they wrote, until somebody has dealt with it. */
export const replies: Section = {
  ...{ area: LIST.area, path: PATH, room: LIST.room },
  rights: {
    'GET /replies': 'viewer',
    'GET /replies/:id': 'editor',
    'POST /replies/:id': 'editor',
    'GET /replies/:id/letter.eml': 'editor',
  },
  routes,
};

function routes(admin: Admin): Router {
  const router = listRoutes(LIST)(admin);
  router.get('/replies/:id', async (req, res, next) => {
    const letter = await findLetter(admin.ctx.db, pathPart(req, 'id'));
    if (!letter) return next();
    const view = await letterView(admin, sayingFor(admin.ctx, req), letter);
    admin.show(req, res, { template: 'letter', title: view.heading, view });
  });
  router.post('/replies/:id', (req, res) => settle(admin, req, res));
  router.get('/replies/:id/letter.eml', async (req, res, next) => {
    const letter = await findLetter(admin.ctx.db, pathPart(req, 'id'));
    if (!letter) return next();
    res.attachment(`letter-${letter.publicId}.eml`).type('application/octet-stream').send(Buffer.from(letter.bytes));
  });
  return router;
}

type Letter = NonNullable<Awaited<ReturnType<typeof findLetter>>>;

async function letterView({ ctx }: Admin, { words, moment }: Saying, letter: Letter) {
  const { publicId, sender, subject, receivedAt, waits, bytes } = letter;
  const mail = await readMail(bytes);
  const reader = sender === null ? null : await findSubscriberByEmail(ctx.db, sender);
  const heading = subject?.trim() ? subject : words('admin.replies.noSubject');
  const answer = new URLSearchParams({ subject: `Re: ${heading}` }).toString().replaceAll('+', '%20');
  return {
    ...{ heading, waits, page: `${PATH}/${publicId}`, at: moment(receivedAt) },
    from: words('admin.replies.from', { from: sender === null ? '–' : displayAddress(sender) }),
    reader: reader ? `/admin/subscribers/${reader.publicId}` : '',
    answer: sender === null ? '' : `mailto:${encodeURIComponent(sender).replace('%40', '@')}?${answer}`,
    text: mail?.text.trim() ?? '',
  };
}

async function settle({ ctx }: Admin, req: Request, res: Response): Promise<void> {
  const { words } = visitOf(req);
  const id = pathPart(req, 'id');
  const waits = (await fieldOf(req, 'action')) === 'again';
  const { outcome } = await settleLetter(ctx, id, waits, actorOf(res));
  backTo(
    res,
    outcome === 'done' || outcome === 'unknown' ? PATH : `${PATH}/${id}`,
    words(`admin.replies.did.${outcome}`),
  );
}
