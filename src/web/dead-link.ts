import type { Request, Response } from 'express';
import { formStamp } from '../http/form-guard.ts';
import { sendProblem } from '../http/problem-json.ts';
import { visitOf } from '../http/visit.ts';
import { links } from '../links/links.ts';
import type { Web } from './respond.ts';

/**
 * Answers a link that opens nothing (any more): says why it may be, and offers what helps, one's own link by mail and
 * signing up again; to a program as addresses.
 */
export function showDeadLink({ ctx, show }: Pick<Web, 'ctx' | 'show'>, req: Request, res: Response, why: string): void {
  const { words: t, wantsJson } = visitOf(req);
  const title = t('dead.heading');
  res.set({ 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex, nofollow' });
  if (wantsJson) {
    const base = ctx.config.PUBLIC_URL;
    const help = { askForLink: links.askForLink(base), signUp: links.home(base) };
    return sendProblem(res, 404, title, { detail: why, ...help });
  }
  const view = { why, stamp: formStamp(ctx), email: '', problem: '' };
  show(req, res, { template: 'dead-link', title, status: 404, view });
}
