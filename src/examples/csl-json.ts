import { SHOWN, toExample, unreadAt, type PaperRecord, type Stretch } from './record.ts';

/** Tells whether CSL-JSON begins at a place; a title may begin with a bracket too («[Re] …»). */
export function beginsJson(text: string, at: number): boolean {
  return /^\s*(?:\[\s*(?:\{|\]|$)|\{\s*(?:"|\}|$))/.test(text.slice(at, at + 400));
}

/**
 * Reads the CSL-JSON that begins at a place: an item, a list of them, or the lists that Zotero and its extensions write
 * (`items`, `data`, `abstractNote`). An item that is no paper is told of.
 */
export function readJson(text: string, at: number): Stretch {
  const end = closing(text, at);
  const stretch: Stretch = { examples: [], unread: [], end: end < 0 ? text.length : end };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.slice(at, stretch.end));
  } catch {
    return { ...stretch, unread: [unreadAt(text, at, end < 0 ? 'unclosed' : 'json')] };
  }
  for (const item of itemsOf(parsed)) {
    const example = toExample(recordOf(item));
    if (example) stretch.examples.push(example);
    else stretch.unread.push({ ...unreadAt(text, at, 'nothing'), text: JSON.stringify(item).slice(0, SHOWN) });
  }
  return stretch;
}

/** Finds where the value closes; brackets within strings do not count. */
function closing(text: string, from: number): number {
  let depth = 0;
  let quoted = false;
  for (let at = from; at < text.length; at++) {
    const character = text[at] ?? '';
    if (quoted) {
      if (character === '\\') at++;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '[' || character === '{') depth++;
    else if ((character === ']' || character === '}') && --depth <= 0) return at + 1;
  }
  return -1;
}

function itemsOf(parsed: unknown): unknown[] {
  if (Array.isArray(parsed)) return parsed;
  const items = isObject(parsed) ? parsed['items'] : undefined;
  return Array.isArray(items) ? items : [parsed];
}

function recordOf(item: unknown): PaperRecord {
  const outer = isObject(item) ? item : {};
  const inner = isObject(outer['data']) ? outer['data'] : outer;
  const field = (...names: string[]) => textOf(names.map((name) => inner[name]).find((value) => textOf(value) !== ''));
  return {
    title: field('title'),
    abstract: field('abstract', 'abstractNote'),
    doi: field('DOI', 'doi'),
    ids: [field('arxivId', 'arxiv', 'arXiv'), field('archiveID'), field('archive_location'), field('number')],
    places: ['URL', 'url', 'archiveID', 'archive_location', 'number', 'note', 'extra', 'container-title', 'id'].map(
      (name) => field(name),
    ),
  };
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return textOf(value[0]);
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
