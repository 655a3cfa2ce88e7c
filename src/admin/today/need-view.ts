import { ALL_MAIL } from '../../db/sending/circuit.ts';
import { whenView, type WhenView } from '../../http/moments.ts';
import { reasonsText } from '../../lib/error-text.ts';
import type { Said } from '../../lib/errors.ts';
import { isString } from '../../lib/strings.ts';
import type { Today } from '../../operate/today/look-at-today.ts';
import type { Saying } from '../saying.ts';
import { keptText } from '../../model/kept-words.ts';
import { atLeast, type Role } from '../../model/role.ts';
import { editionName } from '../edition-words.ts';
import { alarmNeed } from './alarm-need.ts';

/** Something that needs somebody: what it is, since when, and what can be done with a button. */
export interface NeedView {
  says: string;
  /** What happened as alarms say it, which is in English; '' where `says` says all. */
  detail: string;
  more: string;
  since: WhenView | null;
  /** Buttons that act at once: the daily work, which is an editor's. */
  acts: { action: string; name: string; value: string; label: string }[];
  /** Pages that say more; `least` is the role that opens one, where not everybody may. */
  links: { href: string; label: string; least?: Role }[];
}

/** How it is said: words of `admin.need.…`, and the names of editions. */
interface Tongue {
  word: (key: string, values?: Record<string, string | number>) => string;
  edition: (key: string) => string;
  job: (name: string) => string;
  reasons: (why: readonly Said[] | null, kept: readonly string[]) => string;
  kept: (problem: string) => string;
}

type Told = Pick<NeedView, 'says' | 'more'> & Partial<Pick<NeedView, 'detail' | 'acts' | 'links'>>;

type Need = Today['needs'][number];

/** A need of one kind. */
type Of<Kind extends Need['kind']> = Extract<Need, { kind: Kind }>;

const TELL: { [Kind in Need['kind']]: (need: Of<Kind>, tongue: Tongue) => Told } = {
  stopped: ({ relay, problem }, { word, kept }) => ({
    says: relay === ALL_MAIL ? word('stopped') : word('relay', { relay: relay.replace(/^relay:/, '') }),
    more: kept(problem),
    acts: [{ action: '/admin/try-sending', name: 'now', value: 'yes', label: word('try') }],
    links: [{ href: '/admin/deliveries?state=retrying', label: word('waiting') }],
  }),
  uncertain: ({ edition, count: n }, tongue) => ({
    says: tongue.word('uncertain', { n }),
    more: edition ? tongue.edition(edition) : '',
    links: [
      {
        href: edition ? `/admin/editions/${edition}` : '/admin/deliveries?state=uncertain',
        label: tongue.word('decide'),
      },
    ],
  }),
  held: ({ id, source, on, reasons, why }, { word, reasons: worded }) => ({
    ...{ says: word('held', { source, on }), more: worded(why, reasons) },
    acts: [{ action: `/admin/digests/${id}`, name: 'action', value: 'release', label: word('release') }],
    links: [{ href: `/admin/digests/${id}`, label: word('look') }],
  }),
  failing: troubleOfSource,
  silent: troubleOfSource,
  job: ({ job, failures, error }, { word, kept, job: named }) => ({
    ...{ says: word('job', { job: named(job), n: failures }), more: kept(error) },
    acts: [runOf(job, word('runAgain'))],
    links: [{ href: '/admin/jobs', label: word('runs') }],
  }),
  aside: ({ problem, count, examples }, { word, kept }) => ({
    ...{ says: word('aside', { n: count }), more: kept(problem) },
    links: examples
      .slice(0, 3)
      .map((id, at) => ({ href: `/admin/subscribers/${id}`, label: word('reader', { n: at + 1 }) })),
  }),
  onHold: ({ why, reason }, { word, kept }) => ({
    ...{ says: word(why === 'behind' ? 'behind' : 'onHold'), more: kept(reason) },
  }),
  backup: ({ trouble, words }, { word, kept }) => ({
    ...{ says: word('backup'), more: word(`backup.${trouble}`, { words: kept(words) }) },
    acts: [runOf('backup', word('runAgain'))],
    links: [{ href: '/admin/jobs?job=backup', label: word('runs') }],
  }),
  paused: ({ edition, waiting }, tongue) => ({
    ...{ says: tongue.word('paused', { edition: tongue.edition(edition), n: waiting }), more: '' },
    links: [{ href: `/admin/editions/${edition}`, label: tongue.word('edition') }],
  }),
  alarmed: (alarm, { word }) => alarmNeed(alarm, word),
  undelivered: ({ edition, failed, bounced, total }, tongue) => ({
    says: tongue.word('undelivered', { n: failed + bounced, total, edition: tongue.edition(edition) }),
    more: tongue.word('undelivered.help', { failed, bounced }),
    links: [{ href: `/admin/editions/${edition}`, label: tongue.word('why') }],
  }),
  late: ({ due, late, holder, help }, { word }) => ({
    ...{ says: word('late', { late, due }), more: word('lateBy', { holder: holder ?? 'none', help }) },
    links: [{ href: '/admin/settings', label: word('limits'), least: 'owner' }],
  }),
  letters: ({ count: n }, { word }) => ({
    ...{ says: word('letters', { n }), more: word('lettersMore') },
    links: [{ href: '/admin/replies', label: word('read') }],
  }),
};

/** Prepares a need for the page of whoever has a role. */
export function needView(need: Need, now: Date, { words, language }: Saying, role: Role): NeedView {
  const tell = TELL[need.kind] as (need: Need, tongue: Tongue) => Told;
  const told = tell(need, {
    word: (key, values) => words(`admin.need.${key}`, values),
    edition: (key) => editionName(key, words, language),
    kept: (problem) => keptText(words, problem),
    reasons: (why, kept) => reasonsText(why, kept, words).join(' · '),
    job: (name) => (isString(`admin.job.${name}`) ? words(`admin.job.${name}`) : name),
  });
  const since = 'since' in need && need.since ? whenView(need.since, now, language) : null;
  const { detail = '', acts = [], links = [] } = told;
  return {
    ...{ ...told, detail, since, acts: atLeast(role, 'editor') ? acts : [] },
    links: links.filter(({ least }) => least === undefined || atLeast(role, least)),
  };
}

function troubleOfSource(
  { kind, source, problem, said, weekdays }: Of<'failing' | 'silent'>,
  { word, reasons }: Tongue,
): Told {
  return {
    ...{ says: word(kind, { source, n: weekdays }), more: reasons(said && [said], [problem]) },
    acts: [runOf('ingest', word('again'))],
    links: [{ href: '/admin/sources', label: word('source') }],
  };
}

function runOf(job: string, label: string): NeedView['acts'][number] {
  return { action: '/admin/run', name: 'job', value: job, label };
}
