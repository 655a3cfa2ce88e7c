/**
 * Composing against `mjml2html` per mail, in one run, ten papers a mail: an ordinary MJML document compiled for each
 * mail (the obvious way), our own leaner template compiled for each mail, and our composer, which joins kept cards to
 * HTML, text, headers and MIME as one Buffer. Rounds alternate, and are long enough that each way pays for its own
 * garbage; ratios are medians over the rounds, of CPU time, which other work on the machine hurts least. A mail's
 * memory is given back, as sending does. The target is against the ordinary way.
 */
import mjml2html from 'mjml';
import { loadConfig } from '../src/config.ts';
import { openComposer } from '../src/compose/composer.ts';
import { joinedEncoded, joinedPlain } from '../src/compose/wire/join.ts';
import { layOutNewsletter } from '../src/compose/newsletter/newsletter-layout.ts';
import { openFragmentCache } from '../src/compose/newsletter/fragment-cache.ts';
import { compileParts, loadTemplates, readTemplate } from '../src/compose/render.ts';
import { links } from '../src/links/links.ts';
import { makeInputs } from './compose-inputs.ts';
import { ordinaryMjml } from './ordinary-newsletter.ts';
import { hearResults } from './results.ts';

const results = hearResults('bench:compose');
const ROUNDS = 15;
/** Mails a round: both ways take about as long. */
const BY_MJML = 40;
const BY_US = 9_000;
const TARGET = 200;

const config = loadConfig({
  PUBLIC_URL: 'https://digest.example.org',
  MAIL_FROM: 'Offprint <papers@digest.example.org>',
  POSTAL_ADDRESS: '12 Harbour Street, Brightwater BW1 2AB',
  BOUNCE_DOMAIN: 'bounce.digest.example.org',
});
const key = { id: 1, secret: Buffer.alloc(32, 7) };
const inputs = makeInputs(4_000);
const composer = await openComposer(config, { link: [key], suppression: Buffer.alloc(32) });
const templates = await loadTemplates('newsletter');
const kept = openFragmentCache(config, templates);
// Our template, filled before MJML sees it.
const unfilled = openFragmentCache(config, {
  html: compileParts(readTemplate('newsletter.mjml'), false),
  text: templates.text,
});
const compile = (mjml: string) => mjml2html(mjml, { validationLevel: 'strict', fonts: {} });
const inputAt = (index: number) => inputs[index % inputs.length] ?? inputs[0]!;

for (const input of inputs) compose(input); // the cards of one edition are made once
const rounds: { ordinary: number; own: number; composer: number }[] = [];
for (let round = 0; round < ROUNDS; round++) {
  const at = (index: number) => inputAt(round * BY_MJML + index);
  const ordinary = await microsecondsEach(BY_MJML, (index) => compile(ordinaryMjml(at(index))));
  const own = await microsecondsEach(BY_MJML, (index) =>
    compile(joinedPlain(layOutNewsletter(unfilled, at(index), key).html)),
  );
  rounds.push({
    ordinary,
    own,
    composer: await microsecondsEach(BY_US, (index) => compose(inputAt(index))),
  });
}

const ratio = median(rounds.map((round) => round.ordinary / round.composer));
const scratch = Buffer.alloc(200_000);
const laidOut = inputs.map((input) => layOutNewsletter(kept, input, key));
const layOut = (index: number) => layOutNewsletter(kept, inputAt(index), key);
const signLinks = (index: number) => {
  const { subscriberPublicId: id, newsletterPublicId } = inputAt(index);
  return [links.reader('', key, id, 1), links.newsletter('', key, newsletterPublicId, 1)];
};
const join = (index: number) => {
  const { html, text } = laidOut[index % laidOut.length]!;
  return joinedEncoded(html).write(scratch, joinedEncoded(text).write(scratch, 0));
};
const parts = {
  'lay out, four links signed': await warmly(layOut),
  'of these, sign four links': await warmly(signLinks),
  'join both parts': await warmly(join),
};
const worded = makeInputs(4_000, 3);
const byThirds = await warmly((index) => compose(worded[index] ?? inputAt(index)));
const byUs = median(rounds.map((round) => round.composer));
const toOwn = median(rounds.map((round) => round.own / round.composer));
const octets = composer.newsletter(inputAt(0)).raw.length;
const each = rounds.map((round) => (round.ordinary / round.composer).toFixed(0)).join(', ');
process.stdout.write(
  [
    '| what | measured |',
    '|---|---|',
    `| mjml2html, ordinary document | ${median(rounds.map(({ ordinary }) => ordinary)).toFixed(0)} µs a mail |`,
    `| mjml2html, our own template | ${median(rounds.map(({ own }) => own)).toFixed(0)} µs a mail |`,
    `| composer.newsletter (HTML, text and headers; ${octets} octets) | ${byUs.toFixed(1)} µs a mail |`,
    ...Object.entries(parts).map(([name, us]) => `| … ${name} | ${us.toFixed(1)} µs |`),
    `| composer.newsletter, a third of readers with wordings of their own | ${byThirds.toFixed(1)} µs a mail |`,
    `| ratio to the ordinary document | ${ratio.toFixed(0)} × (target ≥ ${TARGET} ×; rounds ${each}) |`,
    `| ratio to our own template | ${toOwn.toFixed(0)} × |`,
    '',
  ].join('\n'),
);
await results.finish();
if (ratio < TARGET) process.exitCode = 1;

function compose(input: (typeof inputs)[number]): void {
  composer.newsletter(input).free?.();
}

/** The median of some rounds after one that does not count, since the composer above is warm too. */
async function warmly(work: (index: number) => unknown): Promise<number> {
  const each: number[] = [];
  for (let round = 0; round <= 5; round++) each.push(await microsecondsEach(inputs.length, work));
  return median(each.slice(1));
}

async function microsecondsEach(count: number, work: (index: number) => unknown): Promise<number> {
  const start = process.cpuUsage();
  for (let index = 0; index < count; index++) {
    const result = work(index);
    if (result instanceof Promise) await result;
  }
  const used = process.cpuUsage(start);
  return (used.user + used.system) / count;
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
