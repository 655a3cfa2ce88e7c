import type { Said } from '../lib/errors.ts';
import type { Translate } from '../lib/strings.ts';

/**
 * Sentences of ours that are kept in English, in one text with what others said: how each is told, and what its groups
 * hold. Where a value is words itself, it may be one of them again.
 */
export const KEPT: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^answered (?<status>\d{3})(?<moved>; redirects are not followed)?$/, 'kept.answered'],
  [/^no answer within (?<seconds>[\d.]+) s$/, 'kept.silent'],
  [/^not a public address; ALLOW_PRIVATE_WEBHOOKS=yes allows it$/, 'kept.notPublic'],
  [/^the process ended before the run did$/, 'kept.runLost'],
  [/^the time zone «(?<zone>.*)» is not known to this system$/s, 'kept.zone'],
  [/^restored from a backup of (?<at>\S+)$/, 'kept.restored'],
  [/^moved to (?<host>\S+)$/, 'kept.moved'],
  [/^brought back without what the journal in (?<folder>.+) knows of: (?<what>[^:]+)$/, 'kept.behind'],
  [/^all (?<n>\d+) mails heard: (?<words>.*)$/s, 'kept.allHeard'],
  [/^(?<n>\d+) mails heard that the fault is ours, the last one: (?<words>.*)$/s, 'kept.ours'],
  [/^(?<n>\d+) of the last (?<of>\d+) mails were put off: (?<words>.*)$/s, 'kept.putOff'],
  [/^(?<n>\d+) of the last (?<of>\d+) mails failed, the last one: (?<words>.*)$/s, 'kept.failedOfLate'],
  [/^(?<n>\d+) (?:failures|mails) in a row, the last one: (?<words>.*)$/s, 'kept.inARow'],
  [/^it would have been empty$/, 'kept.empty'],
  [/^it could not be (?<what>composed|loaded): (?<words>.*)$/s, 'kept.unmade'],
  [/^its newsletter is not there any more$/, 'kept.gone'],
  [/^what stood in it was lost with the database; the journal knows its papers alone$/, 'kept.lost'],
  [/^(?:waits: )?quiet hours of the reader, until (?<to>\d+):00$/, 'kept.quietHours'],
  [/^(?:waits: )?warm-up \((?<most>\d+) mails on day (?<day>\d+)\)$/, 'kept.warmUp'],
  // What is odd in a list, of one of its fields.
  [/^missing$/, 'kept.missing'],
  [/^missing: no authors, organisation, date or comments in the capture$/, 'kept.noByline'],
  [/^not an object with a «paper»$/, 'kept.noPaper'],
  [/^the page does not show its day; taken from the file name$/, 'kept.dayOfName'],
  [/^the feed tells no day; taken as the day it was fetched$/, 'kept.dayFetched'],
  [/^most papers say they were listed on (?<day>\S+); (?<given>\S+) was given$/, 'kept.otherDay'],
  [/^the papers say (?<day>\S+), the name says (?<given>\S+)$/, 'kept.otherName'],
  [/^(?<n>\d+) papers were listed on other days$/, 'kept.strays'],
  [/^the page shows month (?<month>\d+), day (?<day>\d+); (?<given>\S+) was given$/, 'kept.otherHeader'],
  [
    /^the printed years end in (?<newest>\d+): the list may be of \d+; taken as (?<year>\d+), give --on/,
    'kept.oldYears',
  ],
  [/^a paper bears the list's own year (?<year>\d+), which the page leaves out otherwise$/, 'kept.ownYear'],
  [/^no such date: (?<date>\S+)$/, 'kept.noDate'],
  [/^printed date lies after the list day$/, 'kept.later'],
  [/^no year printed and later than the list day in its year: taken as the year before$/, 'kept.yearBefore'],
  [/^the capture ends here: it may be cut$/, 'kept.ends'],
  [/^(?<n>\d+) lines below the last paper are left out, from «(?<from>.*)» on$/s, 'kept.foot'],
  [/^(?<n>\d+) (?<of>entries|characters|names); cut to the first (?<most>\d+)$/, 'kept.cut'],
  [/^(?<n>\d+) characters; expected at most (?<most>\d+): left out$/, 'kept.leftOut'],
  [/^(?<n>\d+) names of more than (?<most>\d+) characters: cut$/, 'kept.longNames'],
];

/** Reads what is kept; null where it is no sentence of ours, but what a server or the network said. */
export function readKept(kept: string): Said | null {
  for (const [pattern, name] of KEPT) {
    const found = pattern.exec(kept);
    if (!found) continue;
    const values = Object.entries<string | undefined>(found.groups ?? {}).map(([key, value]) => [key, value ?? 'none']);
    return { name, values: Object.fromEntries(values) as Record<string, string> };
  }
  return null;
}

/** Words what is kept in a language, as far as it is ours; what others said stands as it is. */
export function keptText(words: Translate, kept: string): string {
  const said = readKept(kept);
  if (!said) return kept;
  const { words: theirs, ...values } = said.values ?? {};
  return words(`error.${said.name}`, { ...values, words: theirs === undefined ? '' : keptText(words, String(theirs)) });
}
