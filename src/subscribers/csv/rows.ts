import type { Said } from '../../lib/errors.ts';
import { yesOrNo } from '../../lib/yes-or-no.ts';
import type { InterestKind, Wish } from '../../model/interest.ts';
import { joinLine, joinList, mutedText, splitLine, splitList } from '../../model/wish-lines.ts';
import type { Preferences, SubscriberStatus } from '../../model/subscriber.ts';
import type { FieldProblem } from '../checked.ts';
import { likeTexts } from '../like-wish.ts';
import { checkSignUp, type SignUp, type SignUpSettings } from '../sign-up.ts';
import type { CsvColumn, CsvRecord } from './columns.ts';

/** A row that can be imported. */
export interface ImportRow extends SignUp {
  line: number;
  /** confirmed only with evidence; else pending, and the address is asked. */
  status: SubscriberStatus;
  consent: { at: Date; source: string } | null;
}

/** A row that cannot be used: why in English, and by name and values for pages. */
export interface RefusedRow {
  ok: false;
  line: number;
  email: string;
  reason: string;
  why: readonly Said[];
}

export type CheckedRow = { ok: true; row: ImportRow } | RefusedRow;

/** Longest evidence of consent that is kept, in UTF-16 units. */
const MAX_SOURCE = 500;

/** Characters shown of a cell that cannot be used. */
const SHOWN = 80;

/** Problems told of one row. */
const TOLD = 10;

/** Checks one record; `line` is where it stands in the file. */
export function checkRow(record: CsvRecord, line: number, settings: SignUpSettings, now: Date): CheckedRow {
  const text = (column: CsvColumn) => unquoteFormulas(record[column] ?? '').trim();
  const refuse = (reason: string, ...why: Said[]): CheckedRow => ({
    ...{ ok: false, line, email: text('email'), reason, why },
  });
  const checked = checkSignUp(formOf(text), settings);
  if (!checked.ok) {
    const columns = [...new Set(checked.problems.slice(0, TOLD).map(({ field }) => columnOf(field)))];
    const cell = (column: string) => Object.entries(record).find(([name]) => name === column)?.[1] ?? '';
    return refuse(inWords(checked.problems), ...columns.map((column) => fieldOf(column, cell(column))));
  }
  const [unread] = checked.value.unread?.lines ?? [];
  if (unread) {
    const expected = 'expected a title, an arXiv id, a DOI or an item of CSL-JSON';
    return refuse(`like: «${unread.text}»: ${expected}`, fieldOf('like', unread.text));
  }
  const status = text('status').toLowerCase();
  if (!['', 'pending', 'confirmed', 'unsubscribed'].includes(status)) {
    const expected = 'expected pending, confirmed, unsubscribed or nothing';
    return refuse(`status: «${status.slice(0, 80)}»: ${expected}`, fieldOf('status', status));
  }
  const at = text('consent_at') ? new Date(text('consent_at')) : null;
  if (at && (Number.isNaN(at.getTime()) || at > now || !/^\d{4}-\d{2}-\d{2}/.test(text('consent_at')))) {
    return refuse(
      `consent_at: «${text('consent_at').slice(0, 80)}»: expected a past instant such as 2025-06-01T10:00:00Z`,
      fieldOf('consent_at', text('consent_at')),
    );
  }
  const source = text('consent_source');
  if (source.length > MAX_SOURCE)
    return refuse(`consent_source: expected at most ${MAX_SOURCE} characters`, fieldOf('consent_source', source));
  const consent = at && source ? { at, source } : null;
  const final =
    status === 'confirmed' ? (consent ? 'confirmed' : 'pending') : status === 'unsubscribed' ? status : 'pending';
  const { email, wishes, preferences, unread: some } = checked.value;
  const row: ImportRow = { email, wishes, preferences, line, status: final, consent };
  if (some) row.unread = some;
  return { ok: true, row };
}

/** Writes a reader as a record of the CSV. */
export function toRecord(
  reader: Preferences & {
    email: string;
    status: SubscriberStatus;
    /** When and where they agreed; null where they have not yet. */
    consent: { at: Date; source: string } | null;
    wishes: readonly Wish[];
  },
): Record<CsvColumn, string> {
  const list = (kind: InterestKind) =>
    joinList(reader.wishes.filter((wish) => !wish.muted && wish.kind === kind).map(({ text }) => text));
  const muted = reader.wishes.filter((wish) => wish.muted);
  return {
    email: reader.email,
    topics: list('topic'),
    interests: list('words'),
    authors: list('author'),
    organizations: list('organization'),
    like: joinLine(reader.wishes.flatMap(({ like }) => (like ? likeTexts(like) : []))),
    muted: joinList(muted.map(mutedText)),
    cadence: reader.cadence,
    weekday: String(reader.weekday),
    hour: String(reader.hour),
    time_zone: reader.timeZone,
    max_papers: String(reader.maxPapers),
    selectivity: reader.selectivity,
    perhaps: reader.perhaps ? 'yes' : 'no',
    language: reader.language,
    status: reader.status,
    consent_at: reader.consent?.at.toISOString() ?? '',
    consent_source: reader.consent?.source ?? '',
  };
}

function inWords(problems: readonly FieldProblem[]): string {
  const told = problems.slice(0, TOLD).map(({ field, expected }) => `${columnOf(field)}: ${expected}`);
  return [...told, ...(problems.length > TOLD ? ['…'] : [])].join(' · ');
}

/** Says that a cell cannot be used; the words know what its column takes. */
function fieldOf(column: string, given: string): Said {
  return { name: 'field', values: { column, given: given.trim().slice(0, SHOWN) || 'none' } };
}

function formOf(text: (column: CsvColumn) => string): Record<string, unknown> {
  const number = (column: CsvColumn) => (/^\d+$/.test(text(column)) ? Number(text(column)) : text(column));
  const given = (name: string, column: CsvColumn, value: unknown) => (text(column) === '' ? {} : { [name]: value });
  return {
    email: text('email'),
    topics: splitList(text('topics')),
    interests: splitList(text('interests')),
    authors: splitList(text('authors')),
    organizations: splitList(text('organizations')),
    muted: splitList(text('muted')),
    like: likesOf(text('like')),
    ...given('cadence', 'cadence', text('cadence')),
    ...given('weekday', 'weekday', number('weekday')),
    ...given('hour', 'hour', number('hour')),
    ...given('timeZone', 'time_zone', text('time_zone')),
    ...given('maxPapers', 'max_papers', number('max_papers')),
    ...given('selectivity', 'selectivity', text('selectivity')),
    ...given('language', 'language', text('language')),
    ...given('perhaps', 'perhaps', yesOrNo(text('perhaps'))),
  };
}

/** Papers of a cell of several lines are read as a paste, which has rules of its own. */
function likesOf(cell: string): string[] {
  return /[\r\n]/.test(cell) ? [cell] : splitLine(cell);
}

/**
 * Where a spreadsheet may begin a cell: at the start, and behind whatever it may be told to split on; quotation marks
 * there are taken for its own. An apostrophe before them keeps a formula text.
 */
const CELL = String.raw`(?<=^|[;|\t\r\n])([^\S\t\r\n]*)`;
const BEGINS_FORMULA = String.raw`(?=(?:['"](?:['"]|[^\S\t\r\n])*)?[=+\-@\uff1d\uff0b\uff0d\uff20]|'*[\t\r])`;
const FORMULA = new RegExp(CELL + BEGINS_FORMULA, 'g');
const QUOTED_FORMULA = new RegExp(`${CELL}'${BEGINS_FORMULA}`, 'g');

/**
 * Puts an apostrophe before everything that a spreadsheet would take for a formula, whether it splits at commas,
 * semicolons or tabs (OWASP, CSV injection).
 */
export function quoteFormulas(text: string): string {
  return text.replace(FORMULA, "$1'");
}

/** Undoes `quoteFormulas`. */
function unquoteFormulas(text: string): string {
  return text.replace(QUOTED_FORMULA, '$1');
}

function columnOf(field: string): string {
  const [name = ''] = field.split('.');
  return name === 'timeZone' ? 'time_zone' : name === 'maxPapers' ? 'max_papers' : name;
}
