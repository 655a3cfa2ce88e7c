import { z } from 'zod';
import { AppError } from '../../lib/errors.ts';
import type { ParsedDigest, ParsedEntry, ParseWarning } from '../../model/digest.ts';
import { firstEntries } from '../cap-digest.ts';
import { describe, readJson } from './json-answer.ts';
import { askedDay, fullDateIn, type DayHints } from './list-day.ts';
import { textOfMarkup } from './markup-text.ts';
import { squeeze } from './plain-text.ts';
import type { SourceKind } from './source-kind.ts';
import { isWithdrawn } from './withdrawn.ts';

/** Answers of OpenReview's API, both versions (https://docs.openreview.net/reference/api-v2). */
export const openreviewJson: SourceKind = {
  kind: 'openreview-json',
  recognises: (start, text) => /^\{\s*"(?:notes|count)"\s*:/.test(start) && text.includes('"notes"'),
  read: parseOpenReview,
};

/** A field of a note: its value, bare in version 1, wrapped in version 2. */
const field = z.union([z.string(), z.object({ value: z.string() }).transform(({ value }) => value)]).catch('');
/** One that cannot be read takes no other with it. */
const list = z.array(z.string().catch(''));
const names = z.union([list, z.object({ value: list }).transform(({ value }) => value)]).catch([]);
const instant = z.number().min(0).max(8.64e15).nullable().catch(null);
const note = z.object({
  id: z.string(),
  forum: z.string().catch(''),
  pdate: instant.default(null),
  cdate: instant.default(null),
  content: z.object({ title: field, abstract: field, authors: names.default([]), venue: field.default('') }),
});
type Note = z.output<typeof note>;

const EXPECTED = 'expected an answer of https://api2.openreview.net/notes with «notes»';

/**
 * Reads an answer of OpenReview's API: its submissions, the newest one's day as its day. Throws AppError bad-input
 * where it is no such answer.
 */
function parseOpenReview(source: string, hints: DayHints): ParsedDigest {
  const json = readJson(source, hints.name, EXPECTED);
  const given = z.object({ notes: z.array(z.unknown()) }).safeParse(json).data;
  if (!given)
    throw new AppError('bad-input', `${hints.name}: ${describe(json)} without a list; ${EXPECTED}`, {
      said: { name: 'capture.noList', values: { file: hints.name } },
    });
  const warnings: ParseWarning[] = [];
  const read = firstEntries(given.notes, warnings).flatMap((element) => note.safeParse(element).data ?? []);
  if (given.notes.length > 0 && read.length === 0) {
    throw new AppError('bad-input', `${hints.name}: none of the ${given.notes.length} notes has a title; ${EXPECTED}`, {
      said: { name: 'capture.noPapers', values: { file: hints.name, n: given.notes.length } },
    });
  }
  const listed = read.filter(({ content }) => !isWithdrawn(content) && !/withdrawn|desk.rejected/i.test(content.venue));
  const newest = listed.flatMap((one) => dayOf(one) ?? []).reduce((a, b) => (a > b ? a : b), '');
  const digestOn =
    askedDay(hints) ?? (newest || (fullDateIn(hints.name) ?? hints.fetchedAt.toISOString().slice(0, 10)));
  return {
    listing: 'stream',
    digestOn,
    entries: listed.map((one, index) => toEntry(index + 1, one, warnings)),
    warnings,
  };
}

function dayOf({ pdate, cdate }: Note): string | null {
  const at = pdate ?? cdate;
  return at === null ? null : new Date(at).toISOString().slice(0, 10);
}

function toEntry(position: number, given: Note, warnings: ParseWarning[]): ParsedEntry {
  const { title: rawTitle, abstract: rawAbstract, authors: rawAuthors } = given.content;
  const [title, abstract] = [textOfMarkup(rawTitle), textOfMarkup(rawAbstract)];
  if (title === '') warnings.push({ position, field: 'title', problem: 'missing' });
  if (abstract === '') warnings.push({ position, field: 'abstract', problem: 'missing' });
  const authors = rawAuthors.map(squeeze).filter((name) => name !== '' && !/^anonymous$/i.test(name));
  const forum = encodeURIComponent(given.forum || given.id);
  return {
    position,
    title,
    abstract,
    authors,
    authorCount: authors.length || null,
    organization: null,
    publishedOn: dayOf(given),
    upvotes: null,
    comments: null,
    arxivId: null,
    doi: null,
    url: `https://openreview.net/forum?id=${forum}`,
    codeUrl: null,
    discussionUrl: `https://openreview.net/forum?id=${forum}`,
  };
}
