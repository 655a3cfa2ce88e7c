import { Command, Option } from 'commander';
import type { SmtpStage } from '../model/mail.ts';
import { judgeReply } from '../replies/judge-reply.ts';
import { readReply } from '../replies/read-reply.ts';
import { printJson } from './support.ts';

interface Options {
  at: SmtpStage;
  json?: boolean;
}

/** Says what a mail server means by its words, and by which rule. */
export function repliesCommand(): Command {
  const command = new Command('replies');
  command
    .command('explain')
    .description(
      'say what a server’s words mean: whom they are about, hard or soft, by which rule and source; what to do',
    )
    .argument('<text...>', 'the answer as it was spoken or reported, such as «550 5.1.1 No such user»')
    .addOption(
      new Option('--at <stage>', 'what it answered, for what a sending session makes of it')
        .choices(['mail', 'rcpt', 'data', 'reply'])
        .default('rcpt'),
    )
    .option('--json', 'one object')
    .action((words: string[], options: Options) => explain(words.join(' '), options));
  return command;
}

/** The code of a text that has none: a refusal for good. */
const ANY_REFUSAL = 550;
const CODE = /^\D{0,3}([45]\d\d)\b/;

function explain(text: string, { at, json }: Options): void {
  const code = Number(CODE.exec(text)?.[1] ?? ANY_REFUSAL);
  const { about: inSession } = readReply({ code, reply: text, stage: at });
  const judged = judgeReply(text);
  const { name, advice, source } = judged.rule ?? { name: null, advice: null, source: null };
  const told = { about: judged.about, class: judged.class, rule: name, words: judged.words, advice, source };
  if (json) return printJson({ text, ...told, session: { at, about: inSession } });
  const lines =
    name === null ? unknown() : [`rule     ${name}, by «${judged.words}»`, `source   ${source}`, `advice   ${advice}`];
  const meaning = `meaning  ${judged.class}, about ${judged.about ?? 'nobody can tell'}`;
  const note = judged.rule?.ofRecipient
    ? ['         hard only where the recipient was refused: at RCPT, or with a code 5.1.x']
    : [];
  process.stdout.write(`${[meaning, ...note, ...lines, `session  at ${at}: about ${inSession}`].join('\n')}\n`);
}

function unknown(): string[] {
  return [
    'rule     none fits, so it counts as soft. A line in src/replies/rules/ is wanted: what did the server mean?',
  ];
}
