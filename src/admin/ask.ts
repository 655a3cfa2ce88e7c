import type { Request, Response } from 'express';
import { fieldOf } from '../http/bodies.ts';
import type { Admin } from './admin.ts';

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

/**
 * Asks before an act: true where the form already said `sure=yes`, and what must be typed was typed; else shows the
 * question, whose form comes back to the same address, and says false.
 */
export async function isSure({ show }: Admin, req: Request, res: Response, question: Question): Promise<boolean> {
  const { typed, title, samples = [], wrong = '' } = question;
  const answered = (await fieldOf(req, 'sure')) === 'yes';
  const right = !typed || (await fieldOf(req, 'typed')).trim() === typed.expected;
  if (answered && right) return true;
  const fields = Object.entries(question.fields).map(([name, value]) => ({ name, value }));
  const view = { ...question, samples, typed: typed ?? null, fields, problem: answered ? wrong : '' };
  show(req, res, { template: 'ask', title, view: { ...view, action: req.originalUrl }, status: answered ? 422 : 200 });
  return false;
}
