import type { Request, Response, Router } from 'express';
import { countFiltered, newestReaderId, nextFiltered } from '../../db/subscribers/filtered.ts';
import { listTopics } from '../../db/interests/topics.ts';
import { fieldOf } from '../../http/bodies.ts';
import { urlOf } from '../../http/pager.ts';
import { displayAddress } from '../../model/address.ts';
import { interestKey, MAX_INTEREST_LENGTH, type Wish } from '../../model/interest.ts';
import { tidy } from '../../model/wish-lines.ts';
import { beginOnReaders, MANY_ACTS, type ManyWish } from '../../operate/errands/on-readers.ts';
import { readersAsked } from '../asked-readers.ts';
import type { Admin } from '../admin.ts';
import { isSure } from '../ask.ts';
import { pauseEnd } from '../days.ts';
import { backTo } from '../respond.ts';
import type { Rights } from '../rights.ts';
import { sayingFor, type Saying } from '../saying.ts';
import { actorOf, seesAddresses } from '../session.ts';

const PATH = '/admin/subscribers';
/** Readers shown before it is done. */
const SAMPLES = 10;

/** What acting on many asks. */
export const manyRights = {
  'POST /subscribers/many': { role: 'editor', fresh: true },
} as const satisfies Rights;

/** Serves acts on everybody a list is narrowed to: asked for with their number, then done step by step. */
export function manyRoutes(admin: Admin, router: Router): void {
  router.post('/subscribers/many', (req, res) => actOnMany(admin, req, res));
}

async function actOnMany(admin: Admin, req: Request, res: Response): Promise<void> {
  const { ctx } = admin;
  const say = sayingFor(ctx, req);
  const { words } = say;
  const { asked, filter } = await readersAsked(ctx, req, seesAddresses(res));
  const back = urlOf(PATH, asked);
  const wish = await wishIn(admin, req, say);
  if (typeof wish === 'string') return backTo(res, back, wish);
  const now = ctx.now();
  const count = await countFiltered(ctx.db, filter, { now, exactly: true });
  if (count === 0) return backTo(res, back, words('admin.readers.none'));
  const range = { now, after: 0, upTo: await newestReaderId(ctx.db), most: SAMPLES };
  const samples = (await nextFiltered(ctx.db, filter, range)).map(({ email }) => displayAddress(email));
  const name = words(`admin.readers.many.${wish.act}`);
  const sure = await isSure(admin, req, res, {
    title: words('admin.readers.many.title', { act: name, count }),
    says: [
      words(`admin.readers.many.says.${wish.act}`, { count, interest: wish.wish?.text ?? '', until: untilText(wish) }),
      words('admin.readers.many.back'),
    ],
    samples:
      count > samples.length
        ? [...samples, words('admin.readers.many.others', { count: count - samples.length })]
        : samples,
    typed: { label: words('admin.readers.many.type', { n: String(count) }), expected: String(count) },
    wrong: words('admin.readers.many.wrong', { n: String(count) }),
    ...{ yes: name, no: words('admin.readers.leaveIt'), back },
    fields: { action: wish.act, until: untilText(wish), interest: wish.wish?.text ?? '' },
  });
  if (!sure) return;
  const id = await beginOnReaders(ctx, { ...wish, filter }, actorOf(res));
  res.redirect(303, `/admin/errands/${id}`);
}

/** Reads what is to be done; a text says what is wrong with it. */
async function wishIn({ ctx }: Admin, req: Request, { words }: Saying): Promise<Omit<ManyWish, 'filter'> | string> {
  const given = await fieldOf(req, 'action');
  const act = MANY_ACTS.find((one) => one === given);
  if (!act) return words('admin.readers.many.which');
  if (act === 'pause') {
    const at = pauseEnd(await fieldOf(req, 'until'), ctx.now());
    return at ? { act, until: at.toISOString() } : words('admin.readers.untilExpected');
  }
  if (act !== 'add-interest' && act !== 'remove-interest') return { act };
  const text = tidy(await fieldOf(req, 'interest')).slice(0, MAX_INTEREST_LENGTH);
  const topic = (await listTopics(ctx.db)).find(({ slug, name }) => slug === text || name === text);
  const wish: Wish = topic ? { kind: 'topic', text: topic.slug, muted: false } : { kind: 'words', text, muted: false };
  return interestKey(wish.kind, wish.text) === '' ? words('admin.readers.interestExpected') : { act, wish };
}

function untilText({ until }: Pick<ManyWish, 'until'>): string {
  if (until === undefined) return '';
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  return new Intl.DateTimeFormat('sv-SE', { timeZone }).format(new Date(until));
}
