import type { Readable } from 'node:stream';
import { understand } from '../feedback/parse-report.ts';
import { eventJson } from '../feedback/event-json.ts';
import { envelopeRecipients, mailsIn, type FoundMail } from '../feedback/doors/mail-files.ts';
import { MOST_MAIL_BYTES } from '../feedback/doors/door.ts';
import type { TakeIn } from '../feedback/received.ts';
import { takeIn } from '../feedback/run-feedback.ts';
import { AppError, messageOf } from '../lib/errors.ts';
import { withoutSecrets } from '../lib/redact.ts';
import { startProgress, type Progress } from './progress.ts';
import { withContext } from './support.ts';

/** How files are taken in. */
export interface Taking {
  json?: boolean;
  /** To whom the envelope brought them; else their own headers say it. */
  rcpt?: readonly string[];
  stdin?: Readable;
  /** Hears each line of what is said, and of what is wrong. */
  say?: (line: string) => void;
  complain?: (line: string) => void;
}

/** How a program ends tells mail servers (sysexits.h): what it was given cannot be read; it is to be tried again. */
const EX_DATAERR = 65;
const EX_TEMPFAIL = 75;

/**
 * Takes files in over a context of its own, and leaves the exit code to the process. Where there is none to be had, a
 * mail server is to try again.
 */
export async function takeFilesIn(files: readonly string[], taking: Taking): Promise<void> {
  try {
    process.exitCode = await withContext((ctx) => takeFiles(files, taking, takeIn(ctx)));
  } catch (error) {
    onStderr(`offprint: ${withoutSecrets(messageOf(error))}`);
    process.exitCode = EX_TEMPFAIL;
  }
}

/** Mails that are being taken in at a time, by number and bytes: while a group is stored, the next ones are read. */
const AT_ONCE = 400;
const AT_ONCE_BYTES = 2 * MOST_MAIL_BYTES;

/**
 * Takes in the mails of files, in order, and says each as it was understood; with null for `take` they are only told.
 * Returns the exit code: 0, EX_DATAERR where a file could not be read (the others are taken in), EX_TEMPFAIL at once
 * where something could not be stored: what was taken in already is known the next time.
 */
export async function takeFiles(files: readonly string[], taking: Taking, take: TakeIn | null): Promise<number> {
  const { say = onStdout, complain = onStderr } = taking;
  let code = 0;
  for (const file of files) {
    const counts = openCounts();
    const progress = startProgress(file, {});
    try {
      await takeFile(file, taking, { take, counts, progress });
    } catch (error) {
      complain(`offprint: ${withoutSecrets(messageOf(error))}`);
      if (!(error instanceof AppError && error.code === 'bad-input')) return EX_TEMPFAIL;
      code = EX_DATAERR;
    } finally {
      progress.stop();
    }
    if (!taking.json && counts.several) say(`${file}: ${counts.inWords()}`);
  }
  return code;
}

/** Where mails of a file go, and who counts them. */
interface Ways {
  take: TakeIn | null;
  counts: Counts;
  progress: Progress;
}

async function takeFile(file: string, taking: Taking, ways: Ways): Promise<void> {
  const { json, rcpt = [], stdin = process.stdin, say = onStdout } = taking;
  const reading = { stdin, most: MOST_MAIL_BYTES, isOne: file === '-' && rcpt.length > 0 };
  const underWay: { bytes: number; going: Promise<Said> }[] = [];
  let held = 0;
  const settle = async (): Promise<void> => {
    const first = underWay.shift();
    if (!first) return;
    held -= first.bytes;
    const said = await first.going;
    ways.counts.add(said);
    if (ways.take && !said.isAlone && !(json && process.stdout.isTTY)) ways.progress.update(said.done, said.total);
    if (json) say(JSON.stringify(said.object));
    else if (said.isAlone || !ways.take) say(`${said.name}: ${JSON.stringify(said.event)}`);
  };
  try {
    for await (const mail of mailsIn(file, reading)) {
      const going = takeMail(mail, mail.name === file, rcpt, ways.take);
      going.catch(() => {}); // told when its turn comes
      underWay.push({ bytes: mail.bytes.length, going });
      held += mail.bytes.length;
      while (underWay.length >= AT_ONCE || held > AT_ONCE_BYTES) await settle();
    }
    while (underWay.length > 0) await settle();
  } finally {
    await Promise.allSettled(underWay.map(({ going }) => going));
  }
}

/** What is told of a mail. */
interface Said extends Pick<FoundMail, 'name' | 'done' | 'total'> {
  object: Record<string, unknown>;
  event: Record<string, unknown>;
  isNew: boolean;
  /** Alone in its file. */
  isAlone: boolean;
}

async function takeMail(
  { name, bytes, done, total }: FoundMail,
  isAlone: boolean,
  rcpt: readonly string[],
  take: TakeIn | null,
): Promise<Said> {
  const understood = await understand(bytes);
  const event = eventJson(understood.event);
  const said = { name, event, isAlone, done, total };
  if (!take) return { ...said, object: { file: name, ...event }, isNew: true };
  const recipients = rcpt.length > 0 ? rcpt : envelopeRecipients(bytes);
  const { isNew } = await take({ door: 'file', name, bytes, recipients, understood });
  return { ...said, object: { file: name, ...event, new: isNew }, isNew };
}

interface Counts {
  /** Whether the file held more than a mail of its own. */
  readonly several: boolean;
  add(said: Said): void;
  inWords(): string;
}

function openCounts(): Counts {
  const kinds = new Map<string, number>();
  let [mails, known, several] = [0, 0, false];
  return {
    get several() {
      return several;
    },
    add: ({ event, isNew, isAlone }) => {
      several ||= !isAlone;
      const kind = String(event['kind']);
      mails += 1;
      known += isNew ? 0 : 1;
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    },
    inWords: () => {
      const each = [...kinds].map(([kind, count]) => `${count} ${kind}`).join(', ');
      return `${mails} mails: ${each}${known > 0 ? `; ${known} of them were taken in before` : ''}`;
    },
  };
}

function onStdout(line: string): void {
  process.stdout.write(`${line}\n`);
}

function onStderr(line: string): void {
  process.stderr.write(`${line}\n`);
}
