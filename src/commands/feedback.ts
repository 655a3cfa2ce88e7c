import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { Command } from 'commander';
import type { FeedbackEvent } from '../feedback/event.ts';
import { parseReport } from '../feedback/parse-report.ts';
import { AppError, messageOf } from '../lib/errors.ts';
import { RULES } from '../replies/rules.ts';
import { correctionsCommand } from './feedback-corrections.ts';
import { rejudgeCommand } from './feedback-rejudge.ts';
import { feedbackTestCommand } from './feedback-test.ts';
import { feedbackUndoCommand } from './feedback-undo.ts';
import { takeFiles, takeFilesIn } from './feedback-take.ts';
import { listOption, printJson } from './support.ts';

interface Options {
  dryRun?: boolean;
  json?: boolean;
  rcpt?: string[];
}

const FILES = 'mails as files; - is the standard input';
const KINDS = 'mails as files, mbox files, Maildir folders; - is the standard input';

/** Takes in mails that came back: bounces, complaints, auto-replies; says what each is. */
export function feedbackCommand(): Command {
  const command = new Command('feedback');
  command
    .argument('[files...]', KINDS)
    .option('--dry-run', 'only say what a mail would be taken for')
    .option('--json', 'one object a mail')
    .option('--rcpt <address>', 'whom the envelope named; else the header says it (may be repeated)', listOption)
    .addHelpText('after', CODES)
    .action((files: string[], options: Options) => take(files, options));
  command
    .command('explain')
    .description('say what a mail would be taken for: the line that decided, rule, source and advice')
    .argument('<files...>', FILES)
    .option('--json', 'one object a file')
    .action((files: string[], _: unknown, self: Command) => explain(files, self.optsWithGlobals<Options>()));
  command.addCommand(feedbackUndoCommand());
  command.addCommand(feedbackTestCommand());
  command.addCommand(correctionsCommand()).addCommand(rejudgeCommand());
  return command;
}

const CODES = `
Exit codes: 0 taken in, 65 a file could not be read, 75 to be tried again (as a mail server does that pipes mail in).`;

async function take(files: readonly string[], options: Options): Promise<void> {
  if (files.length === 0) throw new AppError('bad-input', 'no file given: expected files, or - for the standard input');
  if (!options.dryRun) return takeFilesIn(files, options);
  process.exitCode = await takeFiles(files, options, null);
}

async function explain(files: readonly string[], { json }: Options): Promise<void> {
  for (const file of files) {
    const event = await read(file);
    if (json)
      printJson({ file, ...event, recipients: event.recipients.map((each) => ({ ...each, ...reasonOf(each.rule) })) });
    else process.stdout.write(`${file}\n${described(event).join('\n')}\n`);
  }
}

async function read(file: string): Promise<FeedbackEvent> {
  try {
    return await parseReport(file === '-' ? await buffer(process.stdin) : await readFile(file));
  } catch (error) {
    throw new AppError('bad-input', `${file}: ${messageOf(error)}; expected a mail`);
  }
}

function reasonOf(rule: string | null): { source: string | null; advice: string | null } {
  const { source = null, advice = null } = RULES.find(({ name }) => name === rule) ?? {};
  return { source, advice };
}

function described({ kind, because, recipients }: FeedbackEvent): string[] {
  const rows = recipients.flatMap(({ address, kind: each, status, reply, about, rule, line }) => {
    const { source, advice } = reasonOf(rule);
    return [
      `  ${address}: ${each}${about === null ? '' : `, about ${about}`}  ${[reply, status].filter(Boolean).join(' ')}`,
      ...(line === null ? [] : [`    line    ${line}`]),
      ...(rule === null ? [] : [`    rule    ${rule}`, `    source  ${source}`, `    advice  ${advice}`]),
    ];
  });
  return [`  ${kind}: ${because}`, ...rows];
}
