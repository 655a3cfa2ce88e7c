import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { Command } from 'commander';
import type { FeedbackEvent } from '../feedback/event.ts';
import { eventJson } from '../feedback/event-json.ts';
import { parseReport } from '../feedback/parse-report.ts';
import { AppError, messageOf } from '../lib/errors.ts';
import { RULES } from '../replies/rules.ts';
import { correctionsCommand } from './feedback-corrections.ts';
import { rejudgeCommand } from './feedback-rejudge.ts';
import { printJson } from './support.ts';

interface Options {
  dryRun?: boolean;
  json?: boolean;
}

const FILES = 'mails as files; - is the standard input';

/** Understands mails that came back: bounces, complaints, auto-replies. */
export function feedbackCommand(): Command {
  const command = new Command('feedback');
  command
    .argument('[files...]', FILES)
    .option('--dry-run', 'only say what it would be taken for')
    .option('--json', 'one object a file')
    .action((files: string[], options: Options) => tell(files, options));
  command
    .command('explain')
    .description('say what a mail would be taken for: the line that decided, rule, source and advice')
    .argument('<files...>', FILES)
    .option('--json', 'one object a file')
    .action((files: string[], _: unknown, self: Command) => explain(files, self.optsWithGlobals<Options>()));
  command.addCommand(correctionsCommand()).addCommand(rejudgeCommand());
  return command;
}

async function tell(files: readonly string[], { dryRun, json }: Options): Promise<void> {
  if (files.length === 0) throw new AppError('bad-input', 'no file given: expected files, or - for the standard input');
  if (!dryRun) throw new AppError('bad-input', 'nothing takes reports in yet: expected --dry-run');
  for (const file of files) {
    const event = eventJson(await read(file));
    if (json) printJson({ file, ...event });
    else process.stdout.write(`${file}: ${JSON.stringify(event)}\n`);
  }
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
