import type { Annotations, ParsedDigest, ParsedEntry, ParseWarning } from '../model/digest.ts';
import { CAPS, cutText } from '../model/caps.ts';

/** Longest problem of a warning, in UTF-16 units: some quote the page. */
const LONGEST_PROBLEM = 300;

/** Cuts a list of a length that no day has, before more work is spent on it, and notes it. */
export function firstEntries<T>(list: readonly T[], warnings: ParseWarning[]): readonly T[] {
  if (list.length <= CAPS.entries) return list;
  warnings.push({ position: null, field: 'entries', problem: cutOf(list.length, CAPS.entries, 'entries') });
  return list.slice(0, CAPS.entries);
}

/**
 * Cuts what the entries of a digest have beyond their caps, and notes each cut as a warning. What is within them comes
 * back as it is.
 */
export function capDigest({ digestOn, entries, warnings, ...rest }: ParsedDigest): ParsedDigest {
  const told = warnings.map((warning) => ({ ...warning, problem: cutText(warning.problem, LONGEST_PROBLEM) }));
  return { ...rest, digestOn, entries: entries.map((entry) => capEntry(entry, told)), warnings: told };
}

function capEntry(entry: ParsedEntry, cuts: ParseWarning[]): ParsedEntry {
  const warn = (field: string, problem: string) => cuts.push({ position: entry.position, field, problem });
  const text = (field: string, given: string, max: number) => {
    if (given.length > max) warn(field, cutOf(given.length, max, 'characters'));
    return given.length > max ? cutText(given, max).trimEnd() : given;
  };
  const link = (field: 'doi' | 'url' | 'codeUrl' | 'discussionUrl') => {
    const given = entry[field];
    if (given === null || given.length <= CAPS.link) return given;
    warn(field, `${given.length} characters; expected at most ${CAPS.link}: left out`);
    return null;
  };
  return {
    ...entry,
    title: text('title', entry.title, CAPS.title),
    abstract: text('abstract', entry.abstract, CAPS.abstract),
    authors: capAuthors(entry.authors, warn),
    organization: entry.organization && {
      slug: text('organization', entry.organization.slug, CAPS.name),
      name: text('organization', entry.organization.name, CAPS.name),
    },
    doi: link('doi'),
    url: link('url'),
    codeUrl: link('codeUrl'),
    discussionUrl: link('discussionUrl'),
    ...(entry.annotations && { annotations: capAnnotations(entry.annotations) }),
  };
}

/** What is no word of the paper is cut without a warning. */
function capAnnotations({ projectUrl, mediaUrls, modelKeywords, modelSummary }: Annotations): Annotations {
  const fits = (url: string) => url.length <= CAPS.link;
  return {
    projectUrl: projectUrl !== null && fits(projectUrl) ? projectUrl : null,
    mediaUrls: mediaUrls.filter(fits),
    modelKeywords,
    modelSummary: modelSummary && cutText(modelSummary, CAPS.abstract),
  };
}

/** One warning for a list that is too long, one for all names in it that are. */
function capAuthors(authors: string[], warn: (field: string, problem: string) => void): string[] {
  if (authors.length > CAPS.authors) warn('authors', cutOf(authors.length, CAPS.authors, 'names'));
  const listed = authors.slice(0, CAPS.authors);
  const long = listed.filter((name) => name.length > CAPS.name).length;
  if (long === 0) return listed;
  warn('authors', `${long} names of more than ${CAPS.name} characters: cut`);
  return listed.map((name) => (name.length > CAPS.name ? cutText(name, CAPS.name).trimEnd() : name));
}

function cutOf(length: number, max: number, of: string): string {
  return `${length} ${of}; cut to the first ${max}`;
}
