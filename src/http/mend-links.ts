import type { RequestHandler } from 'express';
import { mendedUrl } from '../links/mended.ts';

/**
 * Lets a link lead to its page though a mail program damaged it on the way; the pages of operators and of the outbox
 * are in no mail. */
export const mendLinks: RequestHandler = (req, _res, next) => {
  if (!/^\/(?:admin|outbox)\b/i.test(req.url)) req.url = mendedUrl(req.url);
  next();
};
