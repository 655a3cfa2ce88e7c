import { Router, type Request, type Response } from 'express';
import type { Context } from '../../context.ts';
import { errorText } from '../../lib/error-text.ts';
import { AppError } from '../../lib/errors.ts';
import { findAddresses } from '../../db/subscribers/list.ts';
import { canonicalAddress, displayAddress } from '../../model/address.ts';
import type { Gate, Why } from '../../model/why.ts';
import { answerInWords, wordsOf } from '../../operate/why/words.ts';
import { why } from '../../operate/why/why.ts';
import { momentText } from '../../http/moments.ts';
import { parameter } from '../../http/parameters.ts';
import { urlOf } from '../../http/pager.ts';
import type { Admin, Section } from '../admin.ts';
import { editionName } from '../edition-words.ts';
import { sayingFor, type Saying } from '../saying.ts';
import { seesAddresses } from '../session.ts';

/** Why somebody got a newsletter or a paper, or did not: one sentence, then every gate in order. */
export const whySection: Section = {
  area: 'why',
  path: '/admin/why',
  room: 'readers',
  rights: { 'GET /why': 'viewer' },
  routes,
};

const SIGNS: Record<Gate['standing'], string> = { passed: '•', stopped: '×', 'not-reached': '·' };

function routes({ ctx, show }: Admin): Router {
  const router = Router();
  router.get('/why', async (req, res, next) => {
    const whom = await whomIn(ctx, req, seesAddresses(res));
    if (!whom) return next();
    await showWhy({ ctx, show }, req, res, whom);
  });
  return router;
}

/** Who is asked about: by the id of a reader or, where addresses are seen, by one. */
interface Whom {
  reader: string;
  email: string;
  sees: boolean;
}

/** Reads whom a request is about, '' for nobody; null where there is no such reader. */
async function whomIn({ db }: Context, req: Request, sees: boolean): Promise<Whom | null> {
  const [reader, email] = [parameter(req, 'reader', 80), sees ? parameter(req, 'email', 320) : ''];
  if (reader === '' || email !== '') return { reader: '', email, sees };
  const known = (await findAddresses(db, [reader])).get(reader);
  return known === undefined ? null : { reader, email: known, sees };
}

async function showWhy({ ctx, show }: Admin, req: Request, res: Response, whom: Whom): Promise<void> {
  const say = sayingFor(ctx, req);
  const asked = { email: whom.email, edition: parameter(req, 'edition', 40), paper: parameter(req, 'paper', 500) };
  const { answer, problem } = await ask(ctx, asked, say);
  const { reader, sees } = whom;
  const told = answer && { ...answerView(answer, say), api: sees ? urlOf('/api/v1/why', asked) : '' };
  const view = { asked, reader, sees, mayAsk: sees || reader !== '', problem, answer: told };
  const title = say.words('admin.why.title');
  show(req, res, { template: 'why', title, view, status: problem === '' ? 200 : 422 });
}

async function ask(
  ctx: Context,
  { email, edition, paper }: { email: string; edition: string; paper: string },
  { words }: Saying,
): Promise<{ answer: Why | null; problem: string }> {
  if (email === '') return { answer: null, problem: '' };
  const address = canonicalAddress(email);
  if (!address.ok) return { answer: null, problem: words('admin.why.badEmail', { text: email }) };
  try {
    const wish = { edition: edition || undefined, paper: paper || undefined };
    return { answer: await why(ctx, { email: address.address, ...wish }), problem: '' };
  } catch (error) {
    if (error instanceof AppError && error.code === 'bad-input')
      return { answer: null, problem: errorText(error, words) };
    throw error;
  }
}

function answerView(answer: Why, { words, language }: Saying) {
  const when = (at: Date) => momentText(language, at);
  const edition = (key: string) => editionName(key, words, language);
  return {
    sentence: answerInWords(answer, words, when, edition),
    note: words(`admin.why.${answer.about}`),
    email: displayAddress(answer.email),
    reader: answer.reader === null ? '' : `/admin/subscribers/${answer.reader}`,
    gates: answer.gates.map(({ name, standing, says, link }) => ({
      ...{ name: words(`admin.why.gate.${name}`), standing, sign: SIGNS[standing] },
      word: words(`admin.why.standing.${standing}`),
      fact: says ? wordsOf(says, words, when, edition) : standing === 'passed' ? '–' : '',
      link: link ?? '',
    })),
  };
}
