import { parse, type DefaultTreeAdapterTypes } from 'parse5';

type Node = DefaultTreeAdapterTypes.Node;
type Element = DefaultTreeAdapterTypes.Element;

/** Parses HTML as browsers do (WHATWG). */
export function parseHtml(html: string): Node {
  return parse(html);
}

/** Lists the elements of a name, in document order. */
export function allOf(node: Node, name: string): Element[] {
  const own = 'tagName' in node && node.tagName === name ? [node] : [];
  return 'childNodes' in node ? [...own, ...node.childNodes.flatMap((child) => allOf(child, name))] : own;
}

/** Returns what is read: the text without styles, title and comments, white space made single. */
export function textOf(node: Node): string {
  return collect(node).replace(/\s+/g, ' ').trim();
}

/** Returns an attribute of an element. */
export function attributeOf(element: Element, name: string): string | undefined {
  return element.attrs.find((attribute) => attribute.name === name)?.value;
}

/** Lists the links with their words. */
export function linksOf(node: Node): { href: string; text: string }[] {
  return allOf(node, 'a').map((link) => ({ href: attributeOf(link, 'href') ?? '', text: textOf(link) }));
}

const UNREAD = new Set(['style', 'title', 'script', 'head']);

function collect(node: Node): string {
  if ('value' in node) return node.value;
  if (!('childNodes' in node) || ('tagName' in node && UNREAD.has(node.tagName))) return '';
  const inner = node.childNodes.map(collect).join('');
  return 'tagName' in node && /^(p|div|td|h\d|br)$/.test(node.tagName) ? ` ${inner} ` : inner;
}
