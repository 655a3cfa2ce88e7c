/** What the doctor looks at, in this order. */
export const CHECKS = [
  ...([
    'settings',
    'clock',
    'disk',
    'database',
    'replica',
    'migrations',
    'keys',
    'vacuum',
    'connections',
    'backup',
    'journal',
    'smtp',
    'dns',
  ] as const),
  ...(['ehlo', 'ptr', 'spf', 'dkim', 'dmarc', 'bounces', 'pages', 'one-click', 'sources'] as const),
] as const;

/** How something stands: as it should, not as well as it could, or so that somebody gets no mail. */
export const STATES = ['ok', 'warning', 'problem'] as const;

/** One thing that was looked at. */
export interface Check {
  name: (typeof CHECKS)[number];
  /** Which of several: a mail server, a domain, a source; '' where there is one. */
  about: string;
  state: (typeof STATES)[number];
  says: string;
  /** What to do; null where nothing is to be done. */
  remedy: string | null;
}

/** Notes that something is as it should be. */
export function ok(name: Check['name'], says: string, about = ''): Check {
  return { name, about, state: 'ok', says, remedy: null };
}

/** Notes something that could be better, and how. */
export function warning(name: Check['name'], says: string, remedy: string, about = ''): Check {
  return { name, about, state: 'warning', says, remedy };
}

/** Notes something that is wrong, and how it is mended. */
export function problem(name: Check['name'], says: string, remedy: string, about = ''): Check {
  return { name, about, state: 'problem', says, remedy };
}
