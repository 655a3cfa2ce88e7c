import { expect, test } from 'vitest';
import { htmlOf, mark, plainOf, titleHtmlOf } from '../../src/compose/text/marked-text.ts';

test('when a stretch is raised or lowered, then HTML has the element and text the character', () => {
  const marked = `x${mark('sup', '2')} + y${mark('sub', 'i')} in ${mark('em', 'time')}`;
  expect(htmlOf(marked)).toBe('x<sup>2</sup> + y<sub>i</sub> in <em>time</em>');
  expect(plainOf(marked)).toBe('x² + yᵢ in time');
});

test('when a character has no small form, then text says so in signs', () => {
  expect(plainOf(`x${mark('sup', 'q')} y${mark('sub', 'a<b')}`)).toBe('x^q y_(a<b)');
});

test('when an excerpt cuts a stretch in two, then both halves stay well formed', () => {
  const marked = `a${mark('sup', '12')}b`;
  expect(htmlOf(marked.slice(0, 3))).toBe('a<sup>1</sup>');
  expect(htmlOf(marked.slice(3))).toBe('2b');
});

test('when text holds markup, then HTML escapes it', () => {
  expect(htmlOf('<b> & "q" \'s\' `x` a=b')).toBe('&lt;b&gt; &amp; &quot;q&quot; &#x27;s&#x27; &#x60;x&#x60; a&#x3D;b');
});

test('when a title is written as HTML, then what Unicode has small letters for is the same as in the text', () => {
  const title = `C${mark('sup', '2')}DLM of ${mark('em', 'x')}${mark('sub', 'θ')} <b>`;
  expect(titleHtmlOf(title)).toBe('C²DLM of <em>x</em><sub>θ</sub> &lt;b&gt;');
  expect(plainOf(title)).toBe('C²DLM of x_θ <b>');
});
