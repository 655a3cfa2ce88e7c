import { readGroup } from './latex-group.ts';
import { EMPHASISED, SHOWN } from './latex-symbols.ts';
import { mark, type MarkedText } from './marked-text.ts';

/** A command with a group behind it. */
const COMMAND = /\\([a-zA-Z]{1,40})\*?\s?(?=\{)/g;
/** What begins a formula or an address. */
const READ_APART = /(?<!\\)\$|\\\(|:\/\//;

/**
 * Opens the groups of text commands that hold a formula or an address, which are read apart from the prose around them:
 * of `\emph{$k$-means}` no part would hold both braces. Of a link its words stay.
 */
export function openTextGroups(text: string): MarkedText {
  let opened = '';
  let from = 0;
  for (const found of text.matchAll(COMMAND)) {
    const [whole, name = ''] = found;
    if (found.index < from) continue; // within what was opened
    const group = groupToOpen(text, name, found.index + whole.length);
    if (!group) continue;
    const inner = openTextGroups(group.inner);
    opened += text.slice(from, found.index) + (EMPHASISED.has(name) ? mark('em', inner) : inner);
    from = group.next;
  }
  return opened + text.slice(from);
}

/** Reads the group that a command shows, of a link and of a colour the second; null where it can stay closed. */
function groupToOpen(text: string, name: string, at: number): ReturnType<typeof readGroup> {
  const link = name === 'href';
  if (!link && !SHOWN.has(name) && !EMPHASISED.has(name)) return null;
  const first = readGroup(text, at);
  const group = first && (link || name === 'textcolor') ? readGroup(text, first.next) : first;
  return group && (link || READ_APART.test(group.inner)) ? group : null;
}
