import type { Request, RequestHandler, Response } from 'express';
import { fieldOf } from '../http/bodies.ts';
import { urlOf } from '../http/pager.ts';
import { parameter } from '../http/parameters.ts';
import type { Admin } from './admin.ts';
import { ASK, seal, unseal } from './sealed.ts';
import { sessionFrom } from './session.ts';

/** What is asked before something that cannot simply be taken back. All texts are worded already. */
export interface Question {
  title: string;
  /** What will happen, a sentence each. */
  says: readonly string[];
  /** Some of whom or what it touches, as examples. */
  samples?: readonly string[];
  /** What must be typed to go on, and how that is asked for. */
  typed?: { label: string; expected: string };
  /** The words of the button that does it, and of the way back. */
  yes: string;
  no: string;
  /** Where the way back leads. */
  back: string;
  /** Fields that the form carries along. */
  fields: Readonly<Record<string, string>>;
  /** Said where what was typed is wrong. */
  wrong?: string;
}

/** A question as its page shows it. */
interface Asked extends Omit<Question, 'typed' | 'wrong'> {
  typed: { label: string } | null;
  /** Where its form goes: to the address at which it was asked. */
  action: string;
  /** What is wrong with the answer before. */
  problem: string;
}

/** Longest sealed question, in characters. */
const LONGEST = 8_000;

/**
 * Asks before an act: true where the form already said `sure=yes`, and what must be typed was typed; else leads to the
 * question, whose form comes back to the same address, and says false. The question has an address of its own, so that
 * the browser can go back to it and load it again; it stands in it sealed, since addresses of people may be in it.
 */
export async function isSure({ ctx }: Admin, req: Request, res: Response, question: Question): Promise<boolean> {
  const { typed, wrong = '', ...rest } = question;
  const answered = (await fieldOf(req, 'sure')) === 'yes';
  const right = !typed || (await fieldOf(req, 'typed')).trim() === typed.expected;
  if (answered && right) return true;
  const asked: Asked = {
    ...rest,
    typed: typed ? { label: typed.label } : null,
    ...{ action: req.originalUrl, problem: answered ? wrong : '' },
  };
  const sealed = { [ASK]: seal(ctx, sessionFrom(res), asked), lang: parameter(req, 'lang') };
  res.redirect(303, urlOf(`${req.baseUrl}${req.path}`, sealed));
  return false;
}

/** Shows the question of an address that holds one of this session's; it changes nothing. */
export function showQuestions({ ctx, show }: Admin): RequestHandler {
  return (req, res, next) => {
    const sealed = req.method === 'GET' ? parameter(req, ASK, LONGEST) : '';
    const asked = sealed === '' ? null : (unseal(ctx, sessionFrom(res), sealed) as Asked | null);
    if (!asked) return next();
    const fields = Object.entries(asked.fields).map(([name, value]) => ({ name, value }));
    const view = { samples: [], ...asked, fields };
    show(req, res, { template: 'ask', title: asked.title, view, status: asked.problem === '' ? 200 : 422 });
  };
}
