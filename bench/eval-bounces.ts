/**
 * Judges how well mails that come back are understood: `npm run eval:bounces`. The labelled corpus lies beside the
 * repository; without it nothing is measured. A table of what is taken for what, the misses, each family of files by
 * itself, and what is lost there at most when the rules that decide in no other family are taken away.
 */
import { judgeCorpus, readCorpus, scoresOf, type Judged } from './bounces/corpus.ts';

/** The floors: class and recipient right at least so often, the others at most. */
const FLOORS = { class: 0.97, recipient: 0.98, softCalledHard: 0.01, readersChanged: 0 };
const CLASSES = ['hard', 'soft', 'mixed', 'complaint', 'auto-reply', 'delivered', 'not-bounce'];

const corpus = readCorpus();
if (corpus === null) process.stdout.write('No labelled bounces at ../shared/data/bounces: nothing to measure.\n');
else {
  const judged = await judgeCorpus(corpus);
  confusion(judged);
  misses(judged);
  families(judged);
  const scores = scoresOf(judged);
  const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
  say('\n| | is | must be |\n|---|---|---|');
  say(`| class right | ${percent(scores.class)} | ≥ ${percent(FLOORS.class)} |`);
  say(`| recipient right | ${percent(scores.recipient)} | ≥ ${percent(FLOORS.recipient)} |`);
  say(`| soft called hard | ${percent(scores.softCalledHard)} | ≤ ${percent(FLOORS.softCalledHard)} |`);
  say(`| readers changed by what is no bounce | ${percent(scores.readersChanged)} | ${percent(0)} |`);
  const isBelow = scores.class < FLOORS.class || scores.recipient < FLOORS.recipient;
  if (isBelow || scores.softCalledHard > FLOORS.softCalledHard || scores.readersChanged > 0) process.exitCode = 1;
}

function confusion(judged: readonly Judged[]): void {
  const saids = [...new Set(judged.map(({ said }) => said))].sort();
  say(`\n| is \\ taken for | ${saids.join(' | ')} |\n|---|${saids.map(() => '---').join('|')}|`);
  for (const label of [...CLASSES, null]) {
    const own = judged.filter((each) => each.class === label);
    const counts = saids.map((said) => own.filter((each) => each.said === said).length || '');
    if (own.length > 0) say(`| ${label ?? 'some bounce'} | ${counts.join(' | ')} |`);
  }
}

function misses(judged: readonly Judged[]): void {
  say('\nMisses:');
  for (const { file, class: label, said, classRight, recipients, recipientRight, event } of judged) {
    if (!classRight)
      say(`  ${file}: ${label ?? 'a bounce'} taken for ${said}; ${event.recipients[0]?.line ?? event.because}`);
    if (recipientRight === false)
      say(
        `  ${file}: ${recipients.join(', ')} read as ${event.recipients.map(({ address }) => address).join(', ') || 'nobody'}`,
      );
  }
}

/** A rule that one family alone uses may be made for it: without it, what is hard there counts as soft at worst. */
function families(judged: readonly Judged[]): void {
  const users = new Map<string, Set<string>>();
  for (const { family, event } of judged)
    for (const { rule } of event.recipients) if (rule) users.set(rule, (users.get(rule) ?? new Set()).add(family));
  say(
    '\n| family | mails | class right | recipient right | rules of its own | hard ones lost without them |\n|---|---|---|---|---|---|',
  );
  for (const family of [...new Set(judged.map((each) => each.family))].sort()) {
    const mails = judged.filter((each) => each.family === family);
    const right = mails.filter(({ classRight }) => classRight);
    const whom = mails.filter(({ recipientRight }) => recipientRight !== null);
    const found = whom.filter(({ recipientRight }) => recipientRight === true);
    const own = [...users].filter(([, by]) => by.size === 1 && by.has(family)).map(([rule]) => rule);
    const lost = right.filter(
      ({ said, event }) => said === 'hard' && event.recipients.some(({ rule }) => rule !== null && own.includes(rule)),
    );
    say(
      `| ${family} | ${mails.length} | ${right.length} | ${found.length} of ${whom.length} | ${own.join(', ')} | ${lost.length || ''} |`,
    );
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
