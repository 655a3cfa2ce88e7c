import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { dateInWords } from '../compose/text/dates.ts';
import { AppError, messageOf } from '../lib/errors.ts';
import type { Wish } from '../model/interest.ts';
import { checkLike } from '../subscribers/like-wish.ts';
import { originOf, sampleNewsletter, type PreviewOrigin } from '../preview/sample-newsletter.ts';
import type { Selectivity } from '../model/match.ts';
import { DEFAULT_SELECTIVITY } from '../model/subscriber.ts';
import { dateOption, listOption, selectivityOption, printJson, withContext } from './support.ts';

interface Options {
  interest: string[];
  topic: string[];
  author: string[];
  organization: string[];
  mute: string[];
  like: string[];
  on?: string;
  selectivity: Selectivity;
  perhaps?: boolean;
  out: string;
  json?: boolean;
}

/** Writes the newsletter that somebody with these interests would get, as HTML, text and a complete mail. */
export function previewCommand(): Command {
  return new Command('preview')
    .option('--interest <text>', 'free words, "phrases", -negatives (may be repeated)', listOption, [])
    .option('--topic <slug>', 'a curated topic (may be repeated)', listOption, [])
    .option('--author <name>', 'an author (may be repeated)', listOption, [])
    .option('--organization <name>', 'an organisation (may be repeated)', listOption, [])
    .option('--mute <text>', 'words to leave out (may be repeated)', listOption, [])
    .option('--like <paper>', 'an arXiv id, a DOI or a title of a paper (may be repeated)', listOption, [])
    .option('--on <date>', 'as on this day, YYYY-MM-DD (unset: the newest list there is)', dateOption)
    .addOption(selectivityOption().default(DEFAULT_SELECTIVITY))
    .option('--perhaps', 'also one line each for papers somewhat below the line')
    .requiredOption('--out <dir>', 'folder for newsletter.html, newsletter.txt and newsletter.eml')
    .option('--json', 'one object')
    .action((options: Options) => preview(options));
}

/** The wish for papers like these; throws AppError bad-input where they name none. */
function likeOf(given: readonly string[]): Wish[] {
  const checked = checkLike(given, [], []);
  if (!checked.ok) throw new AppError('bad-input', `--like: ${checked.problem.expected}`);
  return checked.wish ? [checked.wish] : [];
}

/** Says which lists it was made from, and how to see others where those are samples. */
function originText({ digestOn, sources, sample, own }: PreviewOrigin): string {
  const day = (date: string) => `${dateInWords(date, 'en', 'full')} (${date})`;
  const lines = [`Made from the list of ${day(digestOn)}, source ${sources.join(', ')}.`];
  if (sample) lines.push('These are sample papers: invented ones that come with Offprint. SOURCES names real ones.');
  if (own)
    lines.push(`The newest list of your own is of ${day(own.day)}, source ${own.source}: --on ${own.day} shows it.`);
  return lines.map((line) => `${line}\n`).join('');
}

async function preview(options: Options): Promise<void> {
  await withContext(async (ctx) => {
    const input = await sampleNewsletter(
      ctx,
      [
        ...options.topic.map((text) => ({ kind: 'topic' as const, text, muted: false })),
        ...options.interest.map((text) => ({ kind: 'words' as const, text, muted: false })),
        ...options.author.map((text) => ({ kind: 'author' as const, text, muted: false })),
        ...options.organization.map((text) => ({ kind: 'organization' as const, text, muted: false })),
        ...options.mute.map((text) => ({ kind: 'words' as const, text, muted: true })),
        ...likeOf(options.like),
      ],
      options.on,
      { selectivity: options.selectivity, perhaps: options.perhaps ?? false },
    );
    const composer = await ctx.composer();
    const page = composer.page(input, { personal: true });
    const mail = await composer.sign(composer.newsletter(input));
    const folder = resolve(options.out);
    await write(folder, { html: page.html, txt: page.text, eml: mail.raw });
    const origin = await originOf(ctx, input);
    if (options.json) printJson({ out: folder, subject: page.subject, papers: input.papers.length, ...origin });
    else process.stdout.write(`${page.subject}\n${originText(origin)}${join(folder, 'newsletter.html')}, .txt, .eml\n`);
  });
}

async function write(folder: string, parts: Record<string, string | Uint8Array>): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    for (const [ending, content] of Object.entries(parts))
      await writeFile(join(folder, `newsletter.${ending}`), content);
  } catch (error) {
    throw new AppError('bad-input', `--out ${folder}: ${messageOf(error)}; expected a folder that can be written`, {
      cause: error,
    });
  }
}
