import { decodeHTMLStrict } from 'entities';
import { plainRecord } from '../../lib/plain-record.ts';
import { squeeze } from './plain-text.ts';

/** What an element does to the text in it. */
type Role = 'dropped' | 'block' | 'heading' | 'inline' | 'raised' | 'lowered';

/** Elements of HTML and of JATS (https://jats.nlm.nih.gov), which journals' feeds carry, by what they do. */
const ELEMENTS: Record<Role, string> = {
  // a formula a second time, code of a page
  dropped: 'script style tex-math annotation annotation-xml',
  block:
    'p div br hr li ul ol dl dt dd table thead tbody tr td th section article header footer blockquote pre figure ' +
    'figcaption sec abstract trans-abstract list list-item label disp-formula disp-quote def-list img iframe graphic',
  heading: 'h1 h2 h3 h4 h5 h6 st title',
  inline:
    'i b em strong span a u s small big font tt code cite q abbr mark ins del strike time kbd var italic bold sc ' +
    'monospace underline overline roman sans-serif inline-formula inline-graphic alternatives xref ext-link uri email ' +
    'named-content styled-content math mrow mi mo mn msub msup msubsup mfrac msqrt mtext mspace mover munder mstyle ' +
    'semantics mpadded mfenced mtable mtr mtd',
  raised: 'sup',
  lowered: 'sub inf',
};
const ROLES = plainRecord(
  Object.fromEntries(
    Object.entries(ELEMENTS).flatMap(([role, names]) => names.split(' ').map((name) => [name, role as Role])),
  ),
);

const COMMENT = /<!--[^<>]{0,2000}-->|<!\[CDATA\[|\]\]>/g;
const TAGS = /(<\/?[a-z][^<>]{0,2000}>)/i;
const NAME = /^<(\/?)(?:(?:jats|mml|m|xhtml|html|h):)?([a-z][a-z\d-]{0,30})(?=[\s/>])/i;
/** Attributes have values: «$a <i and j> b$» is a formula. */
const ATTRIBUTES = /^(?:\s+[\w:.-]{1,60}=(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>=]+))*\s*\/?>$/;
const SUPERSCRIPTS = signs('0123456789+-−=()ni', '⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ');
const SUBSCRIPTS = signs('0123456789+-−=()', '₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎');
/** Feeds escape once, twice, and some a third time. */
const LAYERS = 3;

/**
 * Turns a title, name or abstract as feeds write it into text: references named and numeric, HTML and JATS markup, also
 * escaped several times; what is raised and lowered in Unicode's signs where there are some (H₂O, 10⁻³). What only
 * looks like markup stays: «a < b», «$x<y$», «<think>», a lone «<s>». White space is normalised.
 */
export function textOfMarkup(markup: string): string {
  let text = markup;
  for (let layer = 0; layer < LAYERS; layer++) {
    const plain = decodeHTMLStrict(withoutMarkup(text));
    if (plain === text) break;
    text = plain;
  }
  return squeeze(text);
}

/** A tag of an element that is known. */
interface Tag {
  name: string;
  role: Role;
  closes: boolean;
  isWhole: boolean;
}

function withoutMarkup(markup: string): string {
  if (!markup.includes('<')) return markup;
  const pieces = markup.replace(COMMENT, ' ').split(TAGS);
  const known = new Map<string, Tag | null>();
  const tags = withMathScripts(pieces.map((piece, at) => (at % 2 === 1 ? knownTag(known, piece) : null)));
  const closed = new Set(tags.flatMap((tag) => (tag && (tag.closes || tag.isWhole) ? [tag.name] : [])));
  let text = '';
  let dropped: string | null = null;
  const starts: number[] = [];
  for (const [at, piece] of pieces.entries()) {
    const tag = tags[at];
    if (dropped !== null) {
      if (tag?.closes && tag.name === dropped) dropped = null;
    } else if (!tag || (tag.role !== 'block' && !closed.has(tag.name))) text += piece;
    else if (tag.role === 'dropped') dropped = tag.closes || tag.isWhole ? null : tag.name;
    else if (tag.role === 'block') text += ' ';
    else if (tag.role === 'heading') text = tag.closes ? `${withColon(text.trimEnd())} ` : `${text} `;
    else if (tag.role !== 'inline') text = scripted(text, tag, starts);
  }
  return text;
}

/** A text has the same few tags again and again. */
function knownTag(known: Map<string, Tag | null>, piece: string): Tag | null {
  const found = known.get(piece);
  if (found !== undefined) return found;
  const tag = tagOf(piece);
  known.set(piece, tag);
  return tag;
}

function tagOf(piece: string): Tag | null {
  const found = NAME.exec(piece);
  const name = found?.[2]?.toLowerCase() ?? '';
  const role = ROLES[name];
  if (!found || role === undefined || !ATTRIBUTES.test(piece.slice(found[0].length))) return null;
  return { name, role, closes: found[1] === '/', isWhole: piece.endsWith('/>') };
}

/** What the children of an element of MathML are behind its first, the base (https://www.w3.org/TR/mathml4/#presm_scrlim). */
const SCRIPTS: Record<string, readonly Role[]> = plainRecord({
  msup: ['inline', 'raised'],
  msub: ['inline', 'lowered'],
  msubsup: ['inline', 'lowered', 'raised'],
});

/** Gives indices and exponents of formulas the role that sub and sup have. */
function withMathScripts(tags: readonly (Tag | null)[]): (Tag | null)[] {
  if (!tags.some((tag) => tag && tag.name in SCRIPTS)) return [...tags];
  const open: { tag: Tag; children: number }[] = [];
  return tags.map((tag) => {
    if (tag?.role !== 'inline') return tag;
    if (tag.closes) {
      const at = open.findLastIndex((one) => one.tag.name === tag.name);
      const opened = at < 0 ? null : open.splice(at)[0];
      return opened ? { ...tag, role: opened.tag.role } : tag;
    }
    const parent = open.at(-1);
    const role = (parent && SCRIPTS[parent.tag.name]?.[parent.children++]) ?? 'inline';
    const given = { ...tag, role };
    if (!tag.isWhole) open.push({ tag: given, children: 0 });
    return given;
  });
}

/** Notes where something raised or lowered starts; where it ends, writes it in its signs, else as «x^k» or «Tc». */
function scripted(text: string, { role, closes, isWhole }: Tag, starts: number[]): string {
  if (!closes) {
    if (!isWhole) starts.push(text.length);
    return text;
  }
  const start = starts.pop();
  if (start === undefined) return text;
  const content = decodeHTMLStrict(text.slice(start));
  const table = role === 'raised' ? SUPERSCRIPTS : SUBSCRIPTS;
  const written = Array.from(content.trim(), (sign) => table[sign] ?? null);
  if (written.every((sign) => sign !== null)) return text.slice(0, start) + written.join('');
  const isPower = role === 'raised' && /^[\p{L}\p{N}]{1,12}$/u.test(content.trim());
  return text.slice(0, start) + (isPower ? `^${content.trim()}` : content);
}

/** Parts a heading from what follows it: «Background: We …». */
function withColon(heading: string): string {
  return heading === '' || /[.:!?]$/.test(heading) ? heading : `${heading}:`;
}

function signs(plain: string, written: string): Record<string, string> {
  const set = Array.from(written);
  return plainRecord(Object.fromEntries(Array.from(plain, (sign, at) => [sign, set[at] ?? sign])));
}
