import type { ReportedRecipient } from './event.ts';
import { addressesIn, namedRecipients } from './named-recipients.ts';
import { judgeRecipient } from './refusal-words.ts';

/** A line that quotes a server. */
const QUOTES_A_SERVER =
  /(?:^|[\s:;<'"([#-])(?:[45]\d\d[ -]|[45]\.\d\.\d)|<<<|said:|responded|because|reason|error|diagnostic/i;
const MOST_RECIPIENTS = 100;

/** Reads a report that only tells it in words: whom it names, and what it says of each. */
export function readText(lines: readonly string[], ours: readonly string[], failed = ''): ReportedRecipient[] {
  const spare = failed.split(',').map((address) => address.trim().toLowerCase());
  const named = namedRecipients(
    lines,
    ours,
    spare.filter((address) => address !== ''),
  ).slice(0, MOST_RECIPIENTS);
  const wordsOf = wordsAbout(lines, named);
  return named.map((address) => judgeRecipient(address, { words: wordsOf(address) }));
}

/**
 * Gathers what the lines say of each recipient, the most telling first: the lines that name it with those that belong
 * to them, lines that quote a server, and everything that names nobody else.
 */
export function wordsAbout(lines: readonly string[], all: readonly string[]): (address: string) => string[] {
  const known = new Set(all);
  const read = lines.map((words) => ({
    words,
    isBlank: words.trim() === '',
    names: addressesIn(words).flatMap(({ address }) => (known.has(address) ? [address] : [])),
  }));
  return (address) => {
    const own: string[] = [];
    const common: string[] = [];
    let isOwn = false;
    let blanks = 0;
    for (const { words, isBlank, names } of read) {
      const namesOther = names.some((each) => each !== address);
      blanks = isBlank ? blanks + 1 : 0;
      if (namesOther || blanks > 1) isOwn = false;
      else if (names.length > 0) isOwn = true;
      if (isOwn) own.push(words);
      else if (!namesOther) common.push(words);
    }
    return [own, common.filter((words) => QUOTES_A_SERVER.test(words)), common].map(firstOf);
  };
}

/** As much as anybody looks at. */
function firstOf(lines: readonly string[]): string {
  return lines.slice(0, 100).join(' ').slice(0, 4_000);
}
