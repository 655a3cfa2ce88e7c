import { Router, type Request, type RequestHandler, type Response } from 'express';
import { listTopics } from '../../db/interests/topics.ts';
import { displayAddress } from '../../model/address.ts';
import { DEFAULT_SCHEDULE, DEFAULT_SELECTIVITY } from '../../model/subscriber.ts';
import type { SignUp } from '../../subscribers/sign-up.ts';
import { subscribe } from '../../subscribers/subscribe.ts';
import { fieldsOf, jsonOf, readLongBody, type Fields } from '../../http/bodies.ts';
import { checkForm, firstProblems, unreadText } from '../check-sign-up.ts';
import { signUpOf, valuesOf, type FormValues } from '../form-values.ts';
import { openToOtherSites } from '../../http/cross-origin.ts';
import { inEvenTime } from '../../http/even-time.ts';
import { formStamp, stampAgain } from '../../http/form-guard.ts';
import { formView, type Problems } from '../form-view.ts';
import { lineHint } from '../line-hint.ts';
import { showNotice } from '../../http/notice.ts';
import { sendProblem } from '../../http/problem-json.ts';
import { refusedTooOften } from '../../http/problems.ts';
import { visitOf } from '../../http/visit.ts';
import type { Web } from '../respond.ts';
import { gateSignUp } from '../sign-up-gate.ts';
import { probablyMeant } from '../typo-hint.ts';
import { startingEstimate } from './preview.ts';

/** Serves the sign-up form and takes sign-ups, from the form or as JSON. */
export function homeRoutes(web: Web): Router {
  const router = Router();
  router.get('/', (req, res) => showForm(web, req, res, { values: defaultsFor(web, req), stamp: formStamp(web.ctx) }));
  // Where a reload, a bookmark or a guess leads: to the form, in the language asked for.
  router.get('/subscribe', (req, res) => res.redirect(303, `/${req.url.replace(/^[^?]*/, '')}`));
  router.use('/subscribe', forPrograms(openToOtherSites(['POST'])));
  router.post('/subscribe', readLongBody, (req, res) => signUp(web, req, res));
  return router;
}

/** What other sites may do with JSON; a form is sent by their visitors' browsers without asking. */
function forPrograms(handler: RequestHandler): RequestHandler {
  return (req, res, next) => {
    if (req.method === 'OPTIONS' || visitOf(req).wantsJson) handler(req, res, next);
    else next();
  };
}

/** The same answer whoever asks: 202. Malformed input alone is told apart: 422. */
async function signUp(web: Web, req: Request, res: Response): Promise<void> {
  const { language, words: t, visitor, wantsJson } = visitOf(req);
  const fields = await fieldsOf(req);
  const raw = { language, ...(req.is('json') ? jsonOf(req) : signUpOf(fields)) };
  const topics = await listTopics(web.ctx.db);
  const { MAX_PAPERS: maxPapers, DISPOSABLE_DOMAINS: disposableDomains } = web.ctx.config;
  const known = new Set(topics.map((topic) => topic.slug));
  const checked = checkForm(t, raw, { topics: known, maxPapers, disposableDomains });
  if (!checked.ok) {
    if (await refusedTooOften(web, req, res)) return;
    if (!wantsJson) {
      const values = valuesOf(fields, defaultsFor(web, req));
      return showForm(web, req, res, { values, problems: checked.problems, stamp: stampAgain(web.ctx, fields) });
    }
    return sendProblem(res, 422, t('problem.422.title'), firstProblems(checked.expected));
  }
  const gated = { email: checked.value.email, fields: req.is('json') ? solutionIn(raw) : fields };
  if ((await gateSignUp(web, req, res, gated)) === 'answered') return;
  await inEvenTime(async () => {
    // A program has seen none of our wording; the page behind the mail's link shows it.
    const source = req.is('json') ? 'json' : 'form';
    await subscribe(web.ctx, checked.value, visitor, { source });
  });
  showAccepted(web, req, res, checked.value);
}

/** What a program answers a challenge with. */
function solutionIn(raw: Record<string, unknown>): Fields {
  const given = ['challenge', 'solution'].map((name): [string, string[]] => [name, [String(raw[name] ?? '')]]);
  return new Map(given);
}

/** Says the same whatever is known of the address; only what was typed may add a hint. */
function showAccepted(web: Web, req: Request, res: Response, { email, unread, wishes }: SignUp): void {
  const { words: t, wantsJson, seesOutbox } = visitOf(req);
  const meant = probablyMeant(email);
  if (wantsJson) {
    res.status(202).json({
      outcome: 'accepted',
      message: t('accepted.json'),
      ...(meant && { probablyMeant: meant }),
      ...(unread && { unread }),
    });
    return;
  }
  const links = seesOutbox
    ? [{ href: '/outbox', label: t('accepted.outbox') }]
    : [{ href: '/digests', label: t('accepted.digests') }];
  const hint = meant ? [t('accepted.typo', { typed: displayAddress(email), meant })] : [];
  const lines = [
    ...hint,
    ...(unread ? [unreadText(t, unread)] : []),
    ...[lineHint(t, wishes)].filter(Boolean),
    t('accepted.lead'),
    t('accepted.spam'),
    t('accepted.existing'),
  ];
  showNotice(web, req, res, { heading: t('accepted.heading'), lines, links, status: 202 });
}

async function showForm(
  web: Web,
  req: Request,
  res: Response,
  { values, problems = {}, stamp }: { values: FormValues; problems?: Problems; stamp: string },
): Promise<void> {
  const { language, words: t } = visitOf(req);
  const topics = await listTopics(web.ctx.db);
  const wrong = Object.keys(problems).length > 0;
  const view = {
    ...formView(t, language, topics, values, problems, !wrong),
    liked: null,
    stamp,
    consent: t('form.consent'),
    estimate: startingEstimate(t),
  };
  void web.recentPapers().catch(() => null); // ready by the time the preview is asked for
  res.set('Cache-Control', 'no-cache'); // the stamp is this visit's own
  web.show(req, res, {
    template: 'home',
    title: t('home.title'),
    listed: !wrong,
    here: 'home',
    status: wrong ? 422 : 200,
    view,
  });
}

function defaultsFor(web: Web, req: Request): FormValues {
  const { cadence, weekday, hour, timeZone } = DEFAULT_SCHEDULE;
  return {
    email: '',
    topics: [],
    interests: '',
    authors: '',
    organizations: '',
    muted: '',
    like: '',
    cadence,
    weekday: String(weekday),
    hour: String(hour),
    timeZone,
    maxPapers: String(web.ctx.config.MAX_PAPERS),
    selectivity: DEFAULT_SELECTIVITY,
    perhaps: 'no',
    language: visitOf(req).language,
  };
}
