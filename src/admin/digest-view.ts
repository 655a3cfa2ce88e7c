import type { Request } from 'express';
import type { Context } from '../context.ts';
import { loadDigestBytes, type DigestDossier } from '../db/digests/digest-dossier.ts';
import { compareWithBefore } from '../db/digests/recent-lists.ts';
import { parameter } from '../http/parameters.ts';
import { captureText } from '../ingest/capture-text.ts';
import { errorText, reasonsText } from '../lib/error-text.ts';
import { AppError } from '../lib/errors.ts';
import { isString } from '../lib/strings.ts';
import { keptText } from '../model/kept-words.ts';
import { readAgain } from '../operate/read-again.ts';
import { sayingFor, type Saying } from './saying.ts';

/** Characters of a capture on one page, titles named of a difference, and changes of reading again. */
const PIECE = 20_000;
const TITLES = 30;
const CHANGES = 100;

/** Prepares the page of a digest: what was read beside its source, and how it differs from the day before. */
export async function digestView(ctx: Context, req: Request, digest: DigestDossier) {
  const say = sayingFor(ctx, req);
  const { words, when } = say;
  const { id, source, digestOn, state, verdict, capture } = digest;
  const isAgain = parameter(req, 'again') === 'yes';
  return {
    ...{
      id,
      path: `/admin/digests/${id}`,
      publicPath: `/digests/${digestOn}`,
      isHeld: state === 'held',
      isDiscarded: state === 'discarded',
    },
    heading: words('admin.digests.heading', { source, day: digestOn }),
    sentence: words(`admin.digests.sentence.${state}`, {
      n: digest.entries.length,
      verdict: words(`admin.digests.verdict.${verdict}`),
    }),
    reasons: reasonsText(digest.why, digest.reasons, words),
    arrived: (when(digest.arrivedAt) as { when: unknown }).when,
    file: { name: capture.name, sha256: capture.sha256.slice(0, 12), version: capture.parserVersion ?? 0 },
    whole: digest.warnings.filter(({ position }) => position === null).map((warning) => warningText(warning, say)),
    entries: entriesView(digest, say),
    raw: await rawView(ctx, req, digest, say),
    difference: await differenceView(ctx, digest, say),
    again: isAgain ? await againView(ctx, digest, say) : null,
  };
}

function warningText({ field, problem }: DigestDossier['warnings'][number], { words }: Saying): string {
  return words('admin.digests.warning', { field: fieldText(words, field), problem: keptText(words, problem) });
}

/** Names a field of a list; one that an older release knew stands as it is. */
function fieldText(words: Saying['words'], field: string): string {
  const key = `admin.digests.field.${field}`;
  return isString(key) ? words(key) : field;
}

function entriesView({ entries, warnings }: DigestDossier, say: Saying) {
  return entries.map(({ position, title, paperPublicId, known, hasAbstract, authorCount }) => {
    const told = warnings.filter((warning) => warning.position === position);
    const isTold = told.some(({ field }) => field === 'abstract');
    return {
      ...{ position, title: title || say.words('admin.digests.untitled'), href: `/admin/papers/${paperPublicId}` },
      notes: [
        ...told.map((warning) => warningText(warning, say)),
        ...(hasAbstract || isTold ? [] : [say.words('admin.digests.noAbstract')]),
        ...(authorCount === null ? [say.words('admin.digests.noAuthors')] : []),
        ...(known ? [say.words('admin.digests.known')] : []),
      ],
    };
  });
}

/** A piece of the capture as text; what it holds is shown, never run. */
async function rawView(ctx: Context, req: Request, digest: DigestDossier, { words, count }: Saying) {
  let text: string;
  try {
    text = captureText(await loadDigestBytes(ctx.db, digest), digest.capture.name);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { text: '', note: errorText(error, words), more: '', back: '' };
  }
  const asked = Number(parameter(req, 'from')) || 0;
  const from = Math.min(Math.max(0, Math.floor(asked)), Math.max(0, text.length - 1));
  const to = Math.min(text.length, from + PIECE);
  const path = `/admin/digests/${digest.id}?from=`;
  return {
    text: text.slice(from, to),
    note: words('admin.digests.piece', { from: count(from + 1), to: count(to), total: count(text.length) }),
    more: to < text.length ? `${path}${to}` : '',
    back: from > 0 ? `${path}${Math.max(0, from - PIECE)}` : '',
  };
}

async function differenceView(ctx: Context, digest: DigestDossier, { words }: Saying) {
  const found = await compareWithBefore(ctx.db, digest);
  if (!found) return null;
  const { before, added, gone, both } = found;
  return {
    sentence: words('admin.sources.difference', { day: before, added: added.length, gone: gone.length, both }),
    added: added.slice(0, TITLES),
    gone: gone.slice(0, TITLES),
  };
}

async function againView(ctx: Context, digest: DigestDossier, { words }: Saying) {
  const replay = await readAgain(ctx, digest);
  const changes = replay.entries.slice(0, CHANGES).map(({ title, change, fields }) => ({
    ...{
      title,
      change: words(`admin.digests.change.${change}`),
      fields: fields.map((field) => fieldText(words, field)).join(', '),
    },
  }));
  const whole = replay.captureChanges.map(({ name, was, would }) =>
    words('admin.digests.otherwise', { name, was, would }),
  );
  return {
    sentence: words('admin.digests.again', { n: replay.entries.length, captures: replay.captures }),
    ...{ changes, whole },
  };
}
