import { Router } from 'express';
import { visitOf } from '../../http/visit.ts';
import type { Web } from '../respond.ts';

const QUESTIONS = [
  { key: 'why' },
  { key: 'change', href: '/preferences' },
  { key: 'leave' },
  { key: 'empty', href: '/digests' },
  { key: 'data' },
  { key: 'contact' },
] as const;

/** Serves the page that List-Help names (RFC 2369 3.1). */
export function helpRoutes({ ctx, show }: Web): Router {
  const router = Router();
  router.get('/help', (req, res) => {
    const t = visitOf(req).words;
    const address = (ctx.config.MAIL_REPLY_TO ?? ctx.config.MAIL_FROM).address;
    const questions = QUESTIONS.map((item) => ({
      question: t(`help.${item.key}.q`),
      answers: [t(`help.${item.key}.a`, { address })],
      href: 'href' in item ? item.href : '',
      link: 'href' in item ? t(`help.${item.key}.link`) : '',
    }));
    show(req, res, { template: 'help', title: t('help.title'), listed: true, view: { questions } });
  });
  return router;
}
