import { describe, expect, it } from 'vitest';
import { textOfMarkup } from '../../../src/ingest/sources/markup-text.ts';

describe('text of markup', () => {
  it.each([
    ['Bold <b>moves</b>', 'Bold moves'],
    ['&lt;em&gt;In situ&lt;/em&gt; growth', 'In situ growth'],
    ['Fish &amp;amp; chips', 'Fish & chips'],
    ['Data&#39;s &#x201C;role&#x201d;&#xA;  here', "Data's “role” here"],
    ['Schr&ouml;dinger &Eacute;tale &ndash; &alpha;', 'Schrödinger Étale – α'],
    ['CO<sub>2</sub> at 10<sup>−3</sup>, T<sub>c</sub>, e<sup>x</sup>', 'CO₂ at 10⁻³, Tc, e^x'],
    ['<jats:sec><jats:title>Methods</jats:title><jats:p>We grew kelp.</jats:p></jats:sec>', 'Methods: We grew kelp.'],
    ['<st>Aim:</st> to grow', 'Aim: to grow'],
    ['One<br/>two<p>three</p>', 'One two three'],
    ['<math><mi>x</mi><annotation>\\x</annotation></math> grows', 'x grows'],
    ['<![CDATA[Kelp <i>forests</i>]]>', 'Kelp forests'],
    ['Kelp <!-- draft --> forests', 'Kelp forests'],
  ])('when it is %s, then it reads %s', (markup, text) => {
    expect(textOfMarkup(markup)).toBe(text);
  });

  it.each([
    'For a < b and c > d',
    '$x<y$ and $p < 0.05$',
    'Does <think> help?',
    'The <s> token and <mask>',
    '$a <i and j> b$',
    'R&D at AT&T',
    '\\textbf{bold} $\\alpha$ \\& more',
    'A <b lone opening',
  ])('when «%s» only looks like markup, then it stays', (text) => {
    expect(textOfMarkup(text)).toBe(text);
  });
});
