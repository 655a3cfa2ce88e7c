import { toExample, unreadAt, type Stretch } from './record.ts';

const TAG = /^([A-Z][A-Z0-9]) {1,2}- ?(.*)$/;

/** Tells whether a RIS record begins at a place. */
export function beginsRis(text: string, at: number): boolean {
  return /^[^\S\n]*TY {1,2}-/.test(text.slice(at, at + 40));
}

/**
 * Reads the RIS record that begins at a place, up to its ER or the next TY. A line without a tag belongs to the one
 * before.
 */
export function readRis(text: string, at: number): Stretch {
  const fields = new Map<string, string[]>();
  let last: string[] | undefined;
  let end = at;
  for (let started = false; end < text.length;) {
    const next = text.indexOf('\n', end);
    const lineEnd = next < 0 ? text.length : next + 1;
    const line = text.slice(end, lineEnd).trim();
    const [, tag = '', value = ''] = TAG.exec(line) ?? (/^ER {1,2}-?$/.test(line) ? ['', 'ER', ''] : []);
    if (tag === 'TY' && started) break;
    started = true;
    end = lineEnd;
    if (tag === 'ER') break;
    if (tag !== '') {
      fields.set(tag, (last = fields.get(tag) ?? []));
      last.push(value);
    } else if (last && line !== '') last.push(`${last.pop() ?? ''} ${line}`);
  }
  const all = (...tags: string[]) => tags.flatMap((tag) => fields.get(tag) ?? []);
  const example = toExample({
    title: all('TI', 'T1', 'CT')[0] ?? '',
    abstract: all('AB', 'N2').join(' '),
    doi: all('DO')[0] ?? '',
    ids: all('AN', 'M1', 'C1'),
    places: all('UR', 'L1', 'L2', 'LK', 'T2', 'JO', 'JF', 'JA', 'PB', 'N1', 'AN', 'M1'),
  });
  return { examples: example ? [example] : [], unread: example ? [] : [unreadAt(text, at, 'nothing')], end };
}
