import { Router, type Request, type RequestHandler, type Response } from 'express';
import { listTopics } from '../../db/interests/topics.ts';
import { DEFAULT_SCHEDULE, DEFAULT_SELECTIVITY } from '../../model/subscriber.ts';
import { subscribe } from '../../subscribers/subscribe.ts';
import { fieldsOf, fieldsOfQuery, first, jsonOf, readLongBody, type Fields } from '../../http/bodies.ts';
import { showAccepted } from '../accepted.ts';
import { checkForm, firstProblems } from '../check-sign-up.ts';
import { FORM_FIELDS, namesTwoAddresses, signUpOf, valuesOf, wishesQuery, type FormValues } from '../form-values.ts';
import { openToOtherSites } from '../../http/cross-origin.ts';
import { inEvenTime } from '../../http/even-time.ts';
import { formStamp, stampAgain } from '../../http/form-guard.ts';
import { formView, type Problems } from '../form-view.ts';
import { sendProblem } from '../../http/problem-json.ts';
import { refusedTooOften } from '../../http/problems.ts';
import { visitOf } from '../../http/visit.ts';
import type { Web } from '../respond.ts';
import { gateSignUp } from '../sign-up-gate.ts';
import { estimateWithin, startingEstimate, type Estimate } from '../live-estimate.ts';
import { askedOf } from '../live-preview.ts';

/** Serves the sign-up form and takes sign-ups, from the form or as JSON. */
export function homeRoutes(web: Web): Router {
  const router = Router();
  router.get('/', (req, res) => showFilledIn(web, req, res));
  // Where a reload, a bookmark or a guess leads: to the form, in the language asked for.
  router.get('/subscribe', (req, res) => res.redirect(303, `/${req.url.replace(/^[^?]*/, '')}`));
  router.use('/subscribe', forPrograms(openToOtherSites(['POST'])));
  router.post('/subscribe', readLongBody, (req, res) => signUp(web, req, res));
  return router;
}

/** Shows the form as the address fills it in: what «See what this brings» does where no script runs. */
async function showFilledIn(web: Web, req: Request, res: Response): Promise<void> {
  const fields = fieldsOfQuery(req);
  const values = valuesOf(fields, defaultsFor(web, req));
  const filledIn = FORM_FIELDS.some((name) => fields.has(name) && name !== 'language');
  const asked = () => askedOf(web, req, fields);
  const estimate = filledIn ? await estimateWithin(web, req, asked) : undefined;
  const query = filledIn ? wishesQuery(fields, visitOf(req).language) : '';
  return showForm(web, req, res, { values, fields, stamp: formStamp(web.ctx), ...(estimate && { estimate }), query });
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
  if (first(fields, 'see') === 'form') return showAgain(web, req, res, fields);
  const raw = { language, ...(req.is('json') ? jsonOf(req) : signUpOf(fields)) };
  const topics = await listTopics(web.ctx.db);
  const { MAX_PAPERS: maxPapers, DISPOSABLE_DOMAINS: disposableDomains } = web.ctx.config;
  const known = new Set(topics.map((topic) => topic.slug));
  const checked = checkForm(t, raw, { topics: known, maxPapers, disposableDomains });
  if (namesTwoAddresses(fields)) return showAgain(web, req, res, fields, { email: t('address.two') });
  if (!checked.ok) {
    if (await refusedTooOften(web, req, res)) return;
    if (!wantsJson) {
      return showAgain(web, req, res, fields, checked.problems);
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
  showAccepted(web, req, res, checked.value, fields);
}

/** Shows the form as it was sent, with what is wrong with it. */
function showAgain(web: Web, req: Request, res: Response, fields: Fields, problems: Problems = {}): Promise<void> {
  const values = valuesOf(fields, defaultsFor(web, req));
  return showForm(web, req, res, { values, fields, problems, stamp: stampAgain(web.ctx, fields) });
}

/** What a program answers a challenge with. */
function solutionIn(raw: Record<string, unknown>): Fields {
  return new Map(
    ['challenge', 'solution'].flatMap((name) => {
      const given = raw[name];
      return typeof given === 'string' || typeof given === 'number' ? [[name, [String(given)]] as const] : [];
    }),
  );
}

/** What the form shows beyond its words. */
interface Filled {
  values: FormValues;
  /** What came: a time zone among them is one that was chosen. */
  fields: Fields;
  problems?: Problems;
  stamp: string;
  estimate?: Estimate;
  /** What the preview beside it is asked for. */
  query?: string;
}

async function showForm(web: Web, req: Request, res: Response, filled: Filled): Promise<void> {
  const { values, fields, problems = {}, stamp, query = '' } = filled;
  const { language, words: t } = visitOf(req);
  const topics = await listTopics(web.ctx.db);
  const wrong = Object.keys(problems).length > 0;
  const view = {
    ...formView(t, language, topics, values, problems, !wrong && !fields.has('timeZone')),
    liked: null,
    stamp,
    consent: t('form.consent'),
    estimate: filled.estimate ?? startingEstimate(t),
    previewUrl: '/preview',
    previewQuery: query,
    seeAction: '/#preview',
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
