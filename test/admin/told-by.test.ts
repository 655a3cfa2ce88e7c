import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { toldBy } from '../../src/admin/feedback/told-by.ts';
import { TOLD_BY } from '../../src/feedback/told-by.ts';
import { isString, translator } from '../../src/lib/strings.ts';
import { PACKAGE_ROOT } from '../../src/package.ts';

const FEEDBACK = join(PACKAGE_ROOT, 'src', 'feedback');
const source = readdirSync(FEEDBACK, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && name !== 'told-by.ts')
  .map((name) => readFileSync(join(FEEDBACK, name), 'utf8'))
  .join('\n');

it.each(TOLD_BY)('when a report is told of as «%s», then it is what is written, and has words', (begins, name) => {
  expect(source).toContain(begins);
  expect(isString(`admin.feedback.because.${name}`)).toBe(true);
});

it('when what told of an event is shown in German, then the provider’s own words stay behind the colon', () => {
  const words = translator('de');
  expect(toldBy(words, 'it answers a mail')).toBe('antwortet auf eine Mail');
  expect(toldBy(words, 'a bounce of SES: Permanent, General')).toBe('eine Ablehnung bei SES: Permanent, General');
  expect(toldBy(words, 'Feedback-Type: abuse')).toBe('Feedback-Type: abuse');
});

it('when something of ours is written beside an event, then it has words', () => {
  const written = [...source.matchAll(/(?:unplaced|nothing)\((?:event|'[\w-]+'|kind), (?:line \?\? )?'([^']+)'/g)];
  const providers = [...source.matchAll(/because: ['`]([^'`$]+)/g)];
  const phrases = [...written, ...providers].map(([, phrase = '']) => phrase.replace(/: ?$/, ''));
  expect(phrases.length).toBeGreaterThan(15);
  const known: readonly string[] = TOLD_BY.map(([begins]) => begins);
  expect(phrases.filter((phrase) => !known.includes(phrase))).toEqual([]);
});
