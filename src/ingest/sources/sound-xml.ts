import { XMLValidator } from 'fast-xml-parser';
import { AppError } from '../../lib/errors.ts';

/** Longest text that a document's own entity may stand for, and how many it may name: names of labs, accents. */
const LONGEST_ENTITY = 100;
const MOST_ENTITIES = 100;
/** How much longer a document may become by them. */
const MOST_GROWTH = 2;
const ENTITY = /<!ENTITY\s+([A-Za-z][\w.-]{0,50})\s+(?:"([^"&%<]*)"|'([^'&%<]*)')\s*>/g;
/** A «&» that begins no reference. */
const BARE = /&(?!#\d{1,7};|#x[\da-f]{1,6};|[a-z][\w.-]{0,50};)/gi;
const FEED = 'expected an RSS or Atom feed';
/** An entity that stands for others, which is how a few bytes become many. */
const NESTED = /<!ENTITY\s[^>]{0,100}["'][^"'<>]{0,2000}&[a-z]/i;
const DOCTYPE = /^<!DOCTYPE[^<>[]{0,500}(?:\[[^\]]{0,50000}\]\s*)?>/i;

/**
 * Makes an XML document ready to be parsed: what programs commonly get wrong is mended (blanks before the declaration,
 * a bare «&»), short entities of its own are put in. Throws AppError bad-input where it is not well formed, for
 * instance cut, with the line and the problem.
 */
export function soundXml(text: string, name: string, expected = FEED): string {
  const xml = outsideCdata(withEntities(text.trimStart(), name, expected), (part) => part.replace(BARE, '&amp;'));
  const sound = XMLValidator.validate(xml);
  if (sound === true) return xml;
  const { msg, line } = sound.err;
  const within = /^Invalid '\[.*"([^"]{1,60})"\s*\]' found/s.exec(msg)?.[1];
  const problem = within === undefined ? msg.slice(0, 120) : `it ends within <${within}>`;
  const values = { file: name, line, within: within ?? '', problem, cut: within === undefined ? 'no' : 'yes' };
  throw new AppError('bad-input', `${name}: broken XML (line ${line}: ${problem}); ${expected}`, {
    said: { name: 'capture.xml', values },
  });
}

function entities(name: string, what: string, expected: string): AppError {
  const said = { name: 'capture.entities', values: { file: name } };
  return new AppError('bad-input', `${name}: entities ${what}; ${expected}`, { said });
}

/** Puts in what the document's own entities stand for; those of other kinds are left for the parser to refuse. */
function withEntities(xml: string, name: string, expected: string): string {
  const at = xml.search(/<!DOCTYPE/i);
  if (at < 0 || at > 5_000) return xml;
  const doctype = DOCTYPE.exec(xml.slice(at))?.[0] ?? '';
  if (NESTED.test(doctype)) throw entities(name, 'made of entities', expected);
  const texts = new Map<string, string>();
  for (const [, entity = '', double, single] of doctype.matchAll(ENTITY)) {
    const stands = double ?? single ?? '';
    if (stands.length <= LONGEST_ENTITY && texts.size < MOST_ENTITIES) texts.set(entity, stands);
  }
  if (texts.size === 0) return xml;
  const filled = outsideCdata(xml.slice(at + doctype.length), (part) =>
    part.replace(/&([A-Za-z][\w.-]{0,50});/g, (whole, key: string) => texts.get(key) ?? whole),
  );
  if (filled.length > xml.length * MOST_GROWTH + 10_000) {
    throw entities(name, 'that grow without end', expected);
  }
  return xml.slice(0, at) + filled;
}

/** Changes what stands outside CDATA sections, which say all their signs as they are. */
function outsideCdata(xml: string, change: (part: string) => string): string {
  let changed = '';
  let at = 0;
  for (;;) {
    const from = xml.indexOf('<![CDATA[', at);
    const end = from < 0 ? -1 : xml.indexOf(']]>', from);
    if (end < 0) return changed + change(xml.slice(at));
    changed += change(xml.slice(at, from)) + xml.slice(from, end);
    at = end;
  }
}
