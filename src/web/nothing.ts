import type { Request, Response } from 'express';
import type { Web } from './respond.ts';

/** Says in the frame of a newsletter why there is none. */
export function showNothing(web: Web, req: Request, res: Response, text: string, status = 200): void {
  res.set('Content-Security-Policy', "default-src 'none'; style-src 'self'; frame-ancestors 'self'");
  web.show(req, res, { template: 'fragment-nothing', title: text, status, view: { text } });
}
