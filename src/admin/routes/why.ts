import { Router, type Request, type Response } from 'express';
import type { Context } from '../../context.ts';
import { errorText } from '../../lib/error-text.ts';
import { AppError } from '../../lib/errors.ts';
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
  router.get('/why', (req, res) => showWhy({ ctx, show }, req, res));
  return router;
}

async function showWhy({ ctx, show }: Admin, req: Request, res: Response): Promise<void> {
  const say = sayingFor(ctx, req);
  const asked = {
    email: parameter(req, 'email', 320),
    edition: parameter(req, 'edition', 40),
    paper: parameter(req, 'paper', 500),
  };
  const { answer, problem } = await ask(ctx, asked, say);
  const view = { asked, problem, answer: answer && answerView(answer, asked, say) };
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

function answerView(answer: Why, asked: Record<string, string>, { words, language }: Saying) {
  const when = (at: Date) => momentText(language, at);
  const edition = (key: string) => editionName(key, words, language);
  return {
    sentence: answerInWords(answer, words, when, edition),
    note: words(`admin.why.${answer.about}`),
    email: displayAddress(answer.email),
    reader: answer.reader === null ? '' : `/admin/subscribers/${answer.reader}`,
    api: urlOf('/api/v1/why', asked),
    gates: answer.gates.map(({ name, standing, says, link }) => ({
      ...{ name: words(`admin.why.gate.${name}`), standing, sign: SIGNS[standing] },
      word: words(`admin.why.standing.${standing}`),
      fact: says ? wordsOf(says, words, when, edition) : standing === 'passed' ? '–' : '',
      link: link ?? '',
    })),
  };
}
