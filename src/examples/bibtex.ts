import { latexToText } from '../compose/text/latex-to-text.ts';
import { plainOf } from '../compose/text/marked-text.ts';
import { toExample, unreadAt, type Stretch } from './record.ts';

/** An entry begins a line; «@article{key,» and «@string(» alike. */
const ENTRY = /[^\S\n]*@([a-z]+)\s*[{(]/iy;

/** Fields that name a paper's id, alone or within other words. */
const PLACES = ['url', 'journal', 'volume', 'number', 'note', 'howpublished', 'publisher', 'ee', 'archiveprefix'];

/** What is behind it in a value is cut off anyway, UTF-16 units. */
const LONGEST_VALUE = 25_000;

/** Tells whether a BibTeX entry begins at a place. */
export function beginsBibtex(text: string, at: number): boolean {
  ENTRY.lastIndex = at;
  return ENTRY.test(text);
}

/**
 * Reads the BibTeX or BibLaTeX entry that begins at a place: values in braces or quotes, nested braces, numbers,
 * `@string` names and `#` between them. `@string` fills `names` for the entries to come. An entry that never closes is
 * told of, and reading goes on with the next one.
 */
export function readBibtex(text: string, at: number, names: Map<string, string>): Stretch {
  ENTRY.lastIndex = at;
  const kind = ENTRY.exec(text)?.[1]?.toLowerCase() ?? '';
  const from = ENTRY.lastIndex;
  const end = closing(text, from, text[from - 1] === '(' ? ')' : '}');
  if (end < 0) return { examples: [], unread: [unreadAt(text, at, 'unclosed')], end: nextEntry(text, from) };
  const nothing = { examples: [], unread: [], end: end + 1 };
  if (kind === 'comment' || kind === 'preamble') return nothing;
  const body = text.slice(from, end);
  const fields = readFields(kind === 'string' ? body : body.replace(/^[^,=]*,/, ''), names);
  if (kind === 'string') {
    for (const [name, value] of fields) names.set(name, value);
    return nothing;
  }
  const field = (name: string) => unTex(fields.get(name) ?? '');
  const eprint = field('eprint');
  const example = toExample({
    title: field('title'),
    abstract: field('abstract') || field('abstractnote'),
    doi: field('doi'),
    ids: [eprint, field('arxivid'), field('arxiv')],
    places: [...PLACES.map((name) => field(name)), ...(/arxiv/i.test(field('journal')) ? [`arXiv:${eprint}`] : [])],
  });
  if (!example) return { ...nothing, unread: [unreadAt(text, at, 'nothing')] };
  const corr = /^abs\/(.+)$/.exec(field('volume'))?.[1]; // how DBLP writes arXiv's papers
  const arxivId = example.arxivId ?? (corr && /^\d{4}\.\d{4,5}$/.test(corr) ? corr : null);
  return { ...nothing, examples: [{ ...example, arxivId }] };
}

/** Finds where an entry or a value closes: braces are counted. -1 where the next entry begins before that, or never. */
function closing(text: string, from: number, sign: string): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (depth === 0 && character === sign) return at;
    if (character === '{') depth++;
    else if (character === '}') depth = Math.max(0, depth - 1);
    else if (character === '\n' && beginsBibtex(text, at + 1)) return -1;
  }
  return -1;
}

function nextEntry(text: string, from: number): number {
  const found = /\n[^\S\n]*@[a-z]+\s*[{(]/i.exec(text.slice(from));
  return found ? from + found.index + 1 : text.length;
}

/** Reads `name = value, …`; what cannot be read is passed over up to the next comma. */
function readFields(body: string, names: ReadonlyMap<string, string>): Map<string, string> {
  const fields = new Map<string, string>();
  const name = /([a-z][\w-]*)\s*=\s*/iy;
  for (let at = 0; at < body.length;) {
    while (at < body.length && /[\s,]/.test(body[at] ?? '')) at++;
    name.lastIndex = at;
    const found = name.exec(body);
    if (!found) {
      const comma = body.indexOf(',', at);
      at = comma < 0 ? body.length : comma;
      continue;
    }
    const value = readValue(body, name.lastIndex, names);
    const key = (found[1] ?? '').toLowerCase();
    if (!fields.has(key)) fields.set(key, value.text);
    at = value.end;
  }
  return fields;
}

function readValue(body: string, from: number, names: ReadonlyMap<string, string>): { text: string; end: number } {
  let text = '';
  let at = from;
  for (;;) {
    const opening = body[at];
    if (opening === '{' || opening === '"') {
      const end = opening === '{' ? closing(body, at + 1, '}') : closing(body, at + 1, '"');
      const until = end < 0 ? body.length : end;
      text += body.slice(at + 1, until);
      at = until + 1;
    } else {
      const word = /^[^\s,#{}"]+/.exec(body.slice(at, at + 200))?.[0] ?? '';
      text += names.get(word.toLowerCase()) ?? word;
      at += word.length;
    }
    const more = /^\s*#\s*/.exec(body.slice(at, at + 200));
    if (!more) return { text, end: at };
    at += more[0].length;
  }
}

/** Words accents and commands, and drops braces; formulas stay, since titles are compared with those of lists. */
function unTex(value: string): string {
  const parts = value
    .slice(0, LONGEST_VALUE)
    .replace(/\s+/g, ' ')
    .split(/(\$[^$]*\$)/);
  const worded = parts.map((part, at) => (at % 2 === 1 ? part : pad(part, plainOf(latexToText(part)))));
  return worded.join('').replace(/[{}]/g, '').trim();
}

/** Keeps the spaces at both ends, which the words of a formula lean on. */
function pad(original: string, text: string): string {
  return `${/^\s/.test(original) ? ' ' : ''}${text}${/\s$/.test(original) && text !== '' ? ' ' : ''}`;
}
