import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PACKAGE_ROOT } from '../../src/config.ts';
import type { FeedbackEvent } from '../../src/feedback/event.ts';
import { parseReport } from '../../src/feedback/parse-report.ts';

/** A mail of the corpus, as its labels describe it. */
export interface Labelled {
  file: string;
  family: string;
  class: string | null;
  recipients: string[];
  bytes: Buffer;
}

/** What became of one. */
export interface Judged extends Labelled {
  event: FeedbackEvent;
  /** hard, soft (what is delayed is too), mixed, or the kind. */
  said: string;
  classRight: boolean;
  /** Null where there is no recipient to find. */
  recipientRight: boolean | null;
}

interface Label {
  file: string;
  class: string | null;
  recipients: { recipient?: string }[];
}

/** Stands in the labels for a recipient that the report does not name. */
const PLACEHOLDER = /^undisclosed-recipient/;

/** Reads the labelled corpus beside the repository; null where it is not there. */
export function readCorpus(): Labelled[] | null {
  const folder = join(resolve(PACKAGE_ROOT, '..', 'shared'), 'data', 'bounces');
  const labels = join(folder, 'labels-dev.jsonl');
  if (!existsSync(labels)) return null;
  const lines = readFileSync(labels, 'utf8').trim().split('\n');
  return lines.map((line) => {
    const { file, class: label, recipients } = JSON.parse(line) as Label;
    const named = recipients.flatMap(({ recipient }) => (recipient ? [recipient.toLowerCase()] : []));
    return {
      file: file.replace('dev/', ''),
      family: file.replace('dev/', '').replace(/[-_]?\d+(_\w+)?\.\w+$/, ''),
      class: label,
      recipients: [...new Set(named)].filter((each) => !PLACEHOLDER.test(each)).sort(),
      bytes: readFileSync(join(folder, file)),
    };
  });
}

/** Judges the corpus. */
export function judgeCorpus(corpus: readonly Labelled[]): Promise<Judged[]> {
  return Promise.all(corpus.map(async (labelled) => judgedBy(labelled, await parseReport(labelled.bytes))));
}

const NO_BOUNCE = new Set(['not-bounce', 'auto-reply', 'delivered']);
/** What changes a reader. */
const CHANGES = new Set(['hard', 'soft', 'mixed', 'complaint', 'unsubscribe']);

function judgedBy(labelled: Labelled, event: FeedbackEvent): Judged {
  const kinds = event.recipients.map(({ kind }) => (kind === 'delayed' ? 'soft' : kind));
  const said = new Set(kinds).size > 1 ? 'mixed' : (kinds[0] ?? event.kind);
  const label = labelled.class;
  const classRight = label === null ? CHANGES.has(said) : label === 'not-bounce' ? !CHANGES.has(said) : said === label;
  const named = [...new Set(event.recipients.map(({ address }) => address))].sort();
  const isReport = labelled.recipients.length > 0 && !NO_BOUNCE.has(label ?? '');
  return {
    ...labelled,
    event,
    said,
    classRight,
    recipientRight: isReport ? String(named) === String(labelled.recipients) : null,
  };
}

/** The shares that must hold. */
export function scoresOf(
  judged: readonly Judged[],
): Record<'class' | 'recipient' | 'softCalledHard' | 'readersChanged', number> {
  const share = (some: readonly Judged[], test: (each: Judged) => boolean) => some.filter(test).length / some.length;
  const classed = judged.filter((each) => each.class !== null);
  const reports = judged.filter(({ recipientRight }) => recipientRight !== null);
  const soft = judged.filter((each) => each.class === 'soft');
  const quiet = judged.filter((each) => NO_BOUNCE.has(each.class ?? ''));
  return {
    class: share(classed, ({ classRight }) => classRight),
    recipient: share(reports, ({ recipientRight }) => recipientRight === true),
    softCalledHard: share(soft, ({ said }) => said === 'hard'),
    readersChanged: share(quiet, ({ said }) => CHANGES.has(said)),
  };
}
