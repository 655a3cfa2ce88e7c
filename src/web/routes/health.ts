import { Router } from 'express';
import { failingJobs } from '../../db/operator/runs.ts';
import { listSetAside } from '../../db/subscribers/set-aside.ts';
import { readMeasures } from '../../db/operator/measures.ts';
import { reachable } from '../../db/reachable.ts';
import { askForToken, numbersAreOpenTo } from '../../http/loopback.ts';
import { measureSources } from '../../operate/measure-sources.ts';
import { reportSources } from '../../operate/report-sources.ts';
import type { Web } from '../respond.ts';

/** Serves what machines ask: alive, ready, numbers. */
export function healthRoutes({ ctx }: Web): Router {
  const router = Router();
  router.get('/healthz', (_req, res) => {
    res.set('Cache-Control', 'no-store').type('text').send('ok\n');
  });
  router.get('/readyz', async (req, res) => {
    const ready = await reachable(ctx.db);
    res
      .set('Cache-Control', 'no-store')
      .status(ready ? 200 : 503)
      .type('text');
    const more = ready && 'verbose' in req.query && numbersAreOpenTo(ctx.config, req) === 'open';
    res.send(
      `${[ready ? 'ready' : 'the database does not answer', ...(more ? await standing(ctx) : [])].join('\n')}\n`,
    );
  });
  router.get('/metrics', async (req, res) => {
    const opening = numbersAreOpenTo(ctx.config, req);
    if (opening === 'token-wanted') return askForToken(res);
    if (opening === 'closed') {
      res.status(403).type('text').send('Numbers are for who bears METRICS_TOKEN, which is not set.\n');
      return;
    }
    const measures = [...(await readMeasures(ctx.db)), ...measureSources(await reportSources(ctx))];
    const lines = measures.flatMap(({ name, help, values }) => [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} gauge`,
      ...values.map(({ labels, value }) => `${name}${labelText(labels)} ${value}`),
    ]);
    res
      .set('Cache-Control', 'no-store')
      .type('text/plain; version=0.0.4')
      .send(`${lines.join('\n')}\n`);
  });
  return router;
}

/**
 * Says in lines how the jobs stand, who cannot be planned and which sources are in trouble. It never makes a process
 * unready: pages, and links in mails, work all the same.
 */
async function standing(ctx: Web['ctx']): Promise<string[]> {
  const [failing, aside] = [await failingJobs(ctx.db), await listSetAside(ctx.db)];
  const sources = (await reportSources(ctx)).flatMap(({ source, state, record }) =>
    state === 'failing' || state === 'silent'
      ? [`source ${source} is ${state}: ${record?.failure ?? 'nothing new'}`]
      : [],
  );
  const jobs = failing.map(
    ({ job, failures, since, error }) =>
      `job ${job} fails: ${failures} in a row since ${since.toISOString()}: ${error}`,
  );
  const readers = aside.map(({ count, problem, newestAt }) => {
    return `readers set aside: ${count}, the newest at ${newestAt.toISOString()}: ${problem}`;
  });
  return [
    ...(jobs.length > 0 ? jobs : ['no job fails']),
    ...(readers.length > 0 ? readers : ['no reader is set aside']),
    ...sources,
  ];
}

/** Prometheus text format 0.0.4: label values escape backslash, quote and newline. */
function labelText(labels: Record<string, string>): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')}"`,
  );
  return pairs.length > 0 ? `{${pairs.join(',')}}` : '';
}
