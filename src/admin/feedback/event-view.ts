import type { Context } from '../../context.ts';
import { readReportOf, type EventDetail } from '../../db/feedback/list.ts';
import { urlOf } from '../../http/pager.ts';
import { FEEDBACK_KINDS } from '../../model/feedback.ts';
import { RULES } from '../../replies/rules.ts';
import type { Saying } from '../saying.ts';
import { adviceText } from './advice.ts';
import { shownText } from './shown-text.ts';
import { toldBy } from './told-by.ts';
import { addressText, stateLines, thenText, whatText } from './words.ts';

/** Prepares the page of an event; who does not see addresses does not see the report either. */
export async function eventView(ctx: Context, say: Saying, event: EventDetail, sees: boolean) {
  const { words, moment } = say;
  const { kind, correctedKind, effect, report, before, after } = event;
  const bytes = report && sees ? await readReportOf(ctx.db, event.id) : null;
  return {
    page: `/admin/feedback/${event.id}`,
    what: whatText(say, event),
    then: thenText(say, event),
    at: moment(event.at),
    corrected: correctedKind
      ? words('admin.feedback.corrected', { kind: words(`admin.feedback.kind.${correctedKind}`) })
      : '',
    facts: factsOf(say, event, sees),
    ruled: ruleOf(say, event),
    change:
      before && after && effect !== null ? { before: stateLines(say, before), after: stateLines(say, after) } : null,
    undone: event.undoneAt && moment(event.undoneAt),
    raw: bytes && {
      ...shownText(bytes),
      hint: words('admin.feedback.rawHint', { size: sizeText(say, bytes.length), days: ctx.config.FEEDBACK_DAYS }),
    },
    noRaw: bytes ? '' : words(report && !sees ? 'admin.feedback.hidden' : 'admin.feedback.noRaw'),
    kinds: FEEDBACK_KINDS.filter((one) => one !== (correctedKind ?? kind)).map((value) => ({
      value,
      name: words(`admin.feedback.kind.${value}`),
    })),
  };
}

/** A fact of an event: a text, or a link. */
interface Fact {
  name: string;
  text: string;
  href: string;
}

function factsOf(say: Saying, event: EventDetail, sees: boolean): Fact[] {
  const { words } = say;
  const fact = (name: string, text: string | null, href = ''): Fact[] =>
    text ? [{ name: words(`admin.feedback.fact.${name}`), text, href }] : [];
  const { mailKind, mailedAt, edition, email, subscriber, report, destination } = event;
  const mail = mailKind && [words(`admin.mail.kind.${mailKind}`), edition, mailedAt && say.moment(mailedAt).exact];
  const where = { edition: edition ?? '', email: sees ? (email ?? '') : '' };
  const href = urlOf('/admin/deliveries', where);
  return [
    ...fact('mail', mail ? mail.filter(Boolean).join(', ') : null, href),
    ...(subscriber ? fact('reader', addressText(email), `/admin/subscribers/${subscriber}`) : fact('named', email)),
    ...fact('destination', destination, urlOf('/admin/weather', { find: destination })),
    ...fact('door', [words(`admin.feedback.door.${event.door}`), report?.name].filter(Boolean).join(': ')),
    ...fact('because', report ? toldBy(words, report.because) : null),
  ];
}

function ruleOf({ words }: Saying, { line, rule, kind }: EventDetail) {
  const known = RULES.find(({ name }) => name === rule) ?? null;
  const isRefusal = kind === 'hard' || kind === 'soft';
  return {
    line: line ?? '',
    name: known?.name ?? rule ?? '',
    source: known?.source ?? '',
    sourceHref: known && /^https?:\/\/\S+$/.test(known.source) ? known.source : '',
    advice: known ? adviceText(words, known) : isRefusal && rule === null ? words('admin.feedback.noRule') : '',
  };
}

function sizeText({ language }: Saying, bytes: number): string {
  const kilobytes = Math.max(1, Math.round(bytes / 1024));
  return new Intl.NumberFormat(language, { style: 'unit', unit: 'kilobyte' }).format(kilobytes);
}
