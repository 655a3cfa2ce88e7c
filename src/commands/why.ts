import { Command } from 'commander';
import { whyView } from '../api/schemas/why.ts';
import { DEFAULT_LANGUAGE, translator } from '../lib/strings.ts';
import type { Why } from '../model/why.ts';
import { answerInWords, wordsOf } from '../operate/why/words.ts';
import { why } from '../operate/why/why.ts';
import { addressArgument } from './address-argument.ts';
import { printJson, withContext } from './support.ts';

interface WhyFlags {
  edition?: string;
  paper?: string;
  json?: boolean;
}

const SIGNS: Record<Why['gates'][number]['standing'], string> = { passed: '✓', stopped: '✗', 'not-reached': '·' };

/** Builds `offprint why`: why somebody got a newsletter or a paper, or did not. */
export function whyCommand(): Command {
  return new Command('why')
    .argument('<email>', 'whose')
    .option('--edition <key>', 'in this edition, such as daily:2025-12-31; else the next one')
    .option('--paper <id>', 'of this paper: the id of its page, an arXiv id or link, or a DOI')
    .option('--json', 'print the answer as one object')
    .action(async (email: string, { json, ...asked }: WhyFlags) => {
      const address = addressArgument(email);
      await withContext(async (ctx) => {
        const answer = await why(ctx, { email: address, ...asked });
        if (json) printJson(whyView(answer, true));
        else process.stdout.write(inText(answer));
      });
    });
}

const t = () => translator(DEFAULT_LANGUAGE);
const when = (at: Date) => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

function inText(answer: Why): string {
  const lines = answer.gates.map(({ name, standing, says }) =>
    `${SIGNS[standing]} ${t()(`admin.why.gate.${name}`).padEnd(20)} ${says ? wordsOf(says, t(), when) : ''}`.trimEnd(),
  );
  return `${answerInWords(answer, t(), when)}\n\n${lines.join('\n')}\n`;
}
