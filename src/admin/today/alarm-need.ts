import type { Alarmed } from '../../operate/today/alarmed.ts';

/** What helps with an alarm: a job to run, by the words on its button, and a page by those on its link. */
interface Help {
  job?: { name: string; label: string };
  page?: { href: string; label: string };
}

/** Where nothing on these pages helps, the words of the alarm say what to look at. */
const HELP: Partial<Record<Alarmed['code'], Help>> = {
  'readers-late': { job: { name: 'plan', label: 'runAgain' }, page: { href: '/admin/jobs?job=plan', label: 'runs' } },
  'no-digest': { job: { name: 'ingest', label: 'again' }, page: { href: '/admin/sources', label: 'source' } },
  'bounces-silent': { page: { href: '/admin/feedback', label: 'cameBack' } },
  backup: { job: { name: 'backup', label: 'runAgain' }, page: { href: '/admin/jobs?job=backup', label: 'runs' } },
};

/** Words an open alarm and what can be done; `word` words `admin.need.…`. */
export function alarmNeed(
  { code, about, problem }: Alarmed,
  word: (key: string, values?: Record<string, string>) => string,
) {
  const { job, page } = HELP[code] ?? {};
  return {
    ...{ says: word(`alarm.${code}`, { about }), detail: problem, more: word(`alarm.${code}.help`, { about }) },
    acts: job ? [{ action: '/admin/run', name: 'job', value: job.name, label: word(job.label) }] : [],
    links: page ? [{ href: page.href, label: word(page.label) }] : [],
  };
}
