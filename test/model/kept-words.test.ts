import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PACKAGE_ROOT } from '../../src/package.ts';
import { WAITS, WAITS_FOR } from '../../src/db/ledger/waiting.ts';
import { translator } from '../../src/lib/strings.ts';
import { KEPT, keptText } from '../../src/model/kept-words.ts';
import { planningProblem } from '../../src/plan/planning-problem.ts';

const german = translator('de');
const schedule = { cadence: 'daily', weekday: 1, hour: 8, timeZone: 'Mars/Olympus' } as const;

describe('sentences of ours that are kept in English', () => {
  test.each([
    ['answered 500', 'die Antwort war 500'],
    ['answered 302; redirects are not followed', 'die Antwort war 302; Weiterleitungen wird nicht gefolgt'],
    ['no answer within 15 s', 'keine Antwort binnen 15 Sekunden'],
    ['not a public address; ALLOW_PRIVATE_WEBHOOKS=yes allows it', /^keine öffentliche Adresse/],
    ['the process ended before the run did', 'der Prozess endete vor dem Lauf'],
    [planningProblem({ id: 1, schedule }, null), 'die Zeitzone „Mars/Olympus“ kennt dieses System nicht'],
    ['restored from a backup of 2026-01-05T08:00:00.000Z', /^aus einer Sicherung vom 2026-01-05/],
    ['20 failures in a row, the last one: 550 5.7.1 no', '20 Fehlschläge hintereinander, zuletzt: 550 5.7.1 no'],
    [
      '3 mails in a row, the last one: it could not be composed: Cannot read x',
      '3 Fehlschläge hintereinander, zuletzt: die Mail ließ sich nicht zusammenstellen: Cannot read x',
    ],
    [`${WAITS}quiet hours of the reader, until 7:00`, 'Ruhezeit des Lesers, bis 7:00'],
    ['40 lines below the last paper are left out, from «Terms» on', /^40 Zeilen .* ab „Terms“$/],
  ])('when «%s» is shown, then a German page says it in German', (kept, said) => {
    expect(keptText(german, kept)).toMatch(said);
  });

  test.each(KEPT.map(([pattern, name]) => [name, plainest(pattern)]))(
    'when %s is read back, then somebody still writes it: «%s»',
    (_, words) => expect(SOURCES).toContain(words),
  );

  test.each(['ECONNREFUSED', '550 5.1.1 No such user', 'answered 500 and more', ''])(
    'when others said «%s», then it stands as it is',
    (kept) => expect(keptText(german, kept)).toBe(kept),
  );
});

/** All that the program says, with what is joined from lines as one. */
const SOURCES = readdirSync(join(PACKAGE_ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.includes('generated') && !path.endsWith('kept-words.ts'))
  .map((path) => readFileSync(join(PACKAGE_ROOT, 'src', path), 'utf8').replaceAll(/'\s*\+\s*['`]|`\s*\+\s*['`]/g, ''))
  .join('\n')
  .replaceAll('${WAITS_FOR.quietHours}', WAITS_FOR.quietHours);

/** The longest run of a pattern that stands for itself. */
function plainest({ source }: RegExp): string {
  const runs = source.split(/\(\?<?[:\w]+>?[^)]*\)\??|\\d\+|[$^()?]/).map((run) => run.replaceAll('\\', ''));
  return runs.reduce((longest, run) => (run.length > longest.length ? run : longest), '').trim();
}
