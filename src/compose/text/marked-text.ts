/**
 * Text for display in which a few stretches are raised, lowered, stressed or bold. The marks are control characters,
 * which text from outside has lost (clean-text.ts), so that nobody can forge one; sentences and excerpts may be cut out
 * of it like out of any text.
 */
export type MarkedText = string;

type Style = 'sup' | 'sub' | 'em' | 'b';

const OPENERS: Record<Style, string> = { sup: '\u0003', sub: '\u0004', em: '\u0005', b: '\u0007' };
const CLOSER = '\u0006';
const STYLES: Record<string, Style> = { '\u0003': 'sup', '\u0004': 'sub', '\u0005': 'em', '\u0007': 'b' };
// oxlint-disable-next-line no-control-regex
const MARKS = /([\u0003-\u0007])/;

const RAISED = pairs('0⁰1¹2²3³4⁴5⁵6⁶7⁷8⁸9⁹+⁺-⁻−⁻=⁼(⁽)⁾nⁿiⁱ**′′\u0027′°°∗*††‡‡');
const LOWERED = pairs('0₀1₁2₂3₃4₄5₅6₆7₇8₈9₉+₊-₋−₋=₌(₍)₎aₐeₑhₕiᵢjⱼkₖlₗmₘnₙoₒpₚrᵣsₛtₜuᵤvᵥxₓ⊙⊙');

/** Marks a stretch as raised, lowered, stressed or bold. */
export function mark(style: Style, text: MarkedText): MarkedText {
  return text === '' ? '' : `${OPENERS[style]}${text}${CLOSER}`;
}

/** Tells whether the text ends with a marked stretch. */
export function endsMarked(text: MarkedText): boolean {
  return text.endsWith(CLOSER);
}

/** Returns the text without marks, in Unicode: `x²`, `ℓ₁`; what has no such character is written `x^(…)`, `x_(…)`. */
export function plainOf(marked: MarkedText): string {
  return walk(marked, {
    text: (text) => text,
    stretch: (style, inner) => {
      if (style === 'em' || style === 'b') return inner;
      return (
        smallOf(style, inner) ??
        `${style === 'sup' ? '^' : '_'}${/^[\p{L}\p{N}]+$|^.$/u.test(inner) ? inner : `(${inner})`}`
      );
    },
  });
}

/** Writes a raised or lowered stretch in characters of their own; null where one has none. */
function smallOf(style: 'sup' | 'sub', inner: string): string | null {
  const small = Array.from(inner, (letter) => (style === 'sup' ? RAISED : LOWERED).get(letter));
  return small.every((letter) => letter !== undefined) ? small.join('') : null;
}

/** Returns the text as HTML, escaped, with real `<sup>`, `<sub>`, `<em>` and `<b>`. */
export function htmlOf(marked: MarkedText): string {
  return walk(marked, { text: escapeHtml, stretch: (style, inner) => `<${style}>${inner}</${style}>` });
}

/**
 * Returns a title as HTML, with raised and lowered stretches in characters of their own where there are some: read
 * aloud, copied or compared with the text part, «C²» is no «C2».
 */
export function titleHtmlOf(marked: MarkedText): string {
  const small = (style: Style, inner: string) => (style === 'sup' || style === 'sub' ? smallOf(style, inner) : null);
  return walk(marked, {
    text: escapeHtml,
    stretch: (style, inner) => small(style, inner) ?? `<${style}>${inner}</${style}>`,
  });
}

/** Escapes text for HTML, in content and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`=]/g, (character) => ESCAPES[character] ?? character);
}

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#x27;',
  '`': '&#x60;',
  '=': '&#x3D;',
};

/** Walks the marks from left to right; one left open by a cut ends with the text, a stray end is passed over. */
function walk(
  marked: MarkedText,
  to: { text(text: string): string; stretch(style: Style, inner: string): string },
): string {
  const open: { style: Style; outer: string }[] = [];
  let current = '';
  const close = () => {
    const ended = open.pop();
    if (ended) current = ended.outer + (current === '' ? '' : to.stretch(ended.style, current));
  };
  for (const part of marked.split(MARKS)) {
    const style = STYLES[part];
    if (style) {
      open.push({ style, outer: current });
      current = '';
    } else if (part === CLOSER) close();
    else current += to.text(part);
  }
  while (open.length > 0) close();
  return current;
}

function pairs(text: string): Map<string, string> {
  const letters = Array.from(text);
  return new Map(letters.flatMap((letter, at) => (at % 2 === 0 ? [[letter, letters[at + 1] ?? letter] as const] : [])));
}
