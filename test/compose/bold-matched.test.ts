import fc from 'fast-check';
import { expect, test } from 'vitest';
import { boldMatched } from '../../src/compose/text/bold-matched.ts';
import { latexToText } from '../../src/compose/text/latex-to-text.ts';
import { htmlOf, plainOf } from '../../src/compose/text/marked-text.ts';

const bold = (text: string, ...terms: string[]) => htmlOf(boldMatched(latexToText(text), terms));

test.each([
  ['a word', 'Bees hum at night.', ['bees'], '<b>Bees</b> hum at night.'],
  ['a plural', 'The policies hold.', ['policy'], 'The <b>policies</b> hold.'],
  ['a form with a doubled letter', 'Planning is slow.', ['plan'], '<b>Planning</b> is slow.'],
  ['a form without its e', 'Generating maps.', ['generate'], '<b>Generating</b> maps.'],
  ['an acronym', 'VLMs are large.', ['VLM'], '<b>VLMs</b> are large.'],
  ['a phrase', 'A model of state spaces.', ['state space'], 'A model of <b>state spaces</b>.'],
  ['a phrase with a hyphen', 'A state-space model.', ['state space'], 'A <b>state-space</b> model.'],
  ['the longer of two terms', 'A state space model.', ['space', 'state space'], 'A <b>state space</b> model.'],
  ['Chinese', '我们研究 蜜蜂 的舞', ['蜜蜂'], '我们研究 <b>蜜蜂</b> 的舞'],
  ['quotation marks around it', '“bees” & <ants>', ['bees', 'ants'], '“<b>bees</b>” &amp; &lt;ants&gt;'],
])('when %s is wanted, then it is bold where it stands', (_, text, terms, html) => {
  expect(bold(text, ...terms)).toBe(html);
});

test.each([
  ['another word that holds it', 'A bookcase and a casement.', ['case']],
  ['another word that begins alike', 'Cares and cards.', ['car']],
  ['a letter', 'Let n be a number, a small one.', ['a', 'n', '2']],
  ['words with something between', 'A state of space; state, space.', ['state space']],
  ['nothing', 'Bees hum.', ['', ' ', '…']],
  ['an address', 'See https://example.org/bees now.', ['bees', 'example', 'https']],
])('when %s stands there, then nothing is bold', (_, text, terms) => {
  expect(bold(text, ...terms)).not.toContain('<b>');
});

test('when a term stands in a formula, then it is left alone', () => {
  expect(bold('With $x_{state}+2$ and $O(n^{state})$ a state is left.', 'state')).toBe(
    'With x<sub>state</sub>+2 and O(n<sup>state</sup>) a <b>state</b> is left.',
  );
  expect(bold('Here \\emph{bees} hum.', 'bees')).toBe('Here <em>bees</em> hum.');
});

test('whatever the text and the terms, nothing but marks is added', () => {
  const texts = fc.array(fc.constantFrom('bees', 'hum ', ' $x^2$', '\\emph{ants}', '-', 'BEE', '中文', '.', ' ', '"<'));
  fc.assert(
    fc.property(texts, fc.array(fc.constantFrom('bee', 'hum', 'bees hum', 'x', 'ant', '中文', '')), (parts, terms) => {
      const text = latexToText(parts.join(''));
      expect(plainOf(boldMatched(text, terms))).toBe(plainOf(text));
    }),
  );
});
