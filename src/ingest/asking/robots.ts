/** What of robots.txt concerns us: which paths it names, and how (RFC 9309). */
interface Rule {
  allow: boolean;
  pattern: string;
}

/** Tells whether a robots.txt lets a program of this name ask for a path, query included (RFC 9309 2.2). */
export function robotsAllow(text: string, agent: string, path: string): boolean {
  if (path === '/robots.txt') return true;
  const asked = spelt(path);
  let strongest: Rule = { allow: true, pattern: '' };
  for (const rule of rulesFor(text, agent.toLowerCase())) {
    if (!matches(rule.pattern, asked)) continue;
    const longer = rule.pattern.length - strongest.pattern.length;
    if (longer > 0 || (longer === 0 && rule.allow)) strongest = rule;
  }
  return strongest.allow;
}

/** Collects the rules of all groups that name the agent, else of those for everybody. */
function rulesFor(text: string, agent: string): Rule[] {
  const groups = { own: [] as Rule[], all: [] as Rule[] };
  let named = false;
  let current = new Set<keyof typeof groups>();
  let begins = false; // lines that name agents stand together
  for (const line of text.split(/\r\n|\r|\n/)) {
    const [, key = '', value = ''] = /^\s*([a-z-]+)\s*:([^#]*)/i.exec(line) ?? [];
    const what = value.trim();
    if (/^user-agent$/i.test(key)) {
      const group = what.toLowerCase() === agent ? 'own' : what === '*' && 'all';
      named ||= group === 'own';
      if (!begins) current = new Set();
      if (group) current.add(group);
      begins = true;
    } else if (/^(?:dis)?allow$/i.test(key)) {
      begins = false;
      if (what === '') continue;
      for (const group of current) groups[group].push({ allow: key.toLowerCase() === 'allow', pattern: spelt(what) });
    }
  }
  return named ? groups.own : groups.all;
}

/** `*` stands for anything, `$` for the end; each piece is looked for once, left to right. */
function matches(pattern: string, path: string): boolean {
  const whole = pattern.endsWith('$');
  const [first = '', ...rest] = (whole ? pattern.slice(0, -1) : pattern).split('*');
  if (!path.startsWith(first)) return false;
  if (whole && rest.length === 0) return path === first;
  let at = first.length;
  for (const piece of whole ? rest.slice(0, -1) : rest) {
    const found = path.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  const last = whole ? (rest.at(-1) ?? '') : '';
  return path.length - at >= last.length && path.endsWith(last);
}

/** Spells a path in one way: what is beyond ASCII in per cent signs, and those in capitals. */
function spelt(path: string): string {
  return path
    .replace(/[^ -~]+/gu, (text) => encodeURIComponent(Buffer.from(text).toString()))
    .replace(/%[0-9a-f]{2}/gi, (code) => code.toUpperCase());
}
