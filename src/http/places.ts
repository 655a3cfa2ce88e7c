/** Where pages lie: the first part of their path, and what may be told of it. */
export interface Place {
  name: string;
  /** Crawlers are asked to stay away: what lies here is private, or costs much. */
  hidden?: boolean;
  /** Asked for by machines and scripts all the time: logged at debug where it goes well. */
  busy?: boolean;
  /** Paths below it without a secret in them, which are logged as they are. Anything else there may be a token. */
  open?: readonly RegExp[];
}

/** How a path is told in the log. */
export interface LoggedRoute {
  path: string;
  busy: boolean;
}

/**
 * Says which page was asked for, for the log: the path where it is one of those that hold no secret, else where it
 * lies, else nothing.
 */
export function routeNamer(places: readonly Place[]): (path: string) => LoggedRoute {
  const named = new Map(places.map((place) => [place.name, place]));
  const open = places.flatMap((place) => place.open ?? []);
  return (path) => {
    const [, first = '', slash = ''] = /^\/([a-z.]*)(\/?)/i.exec(path) ?? [];
    const place = named.get(first.toLowerCase());
    const told = path === '/' || open.some((pattern) => pattern.test(path)) ? path : placeOf(path, place, slash);
    return { path: told, busy: place?.busy ?? false };
  };
}

function placeOf(path: string, place: Place | undefined, slash: string): string {
  if (!place) return '/…';
  if (path.length === place.name.length + 1) return `/${place.name}`;
  return slash === '/' ? `/${place.name}/…` : '/…';
}

/**
 * Writes robots.txt (RFC 9309): which places crawlers are asked to leave alone. A rule holds for all that begins with
 * it: where an open place does (`/feeds` with `/feed`), the rule is for what lies below the hidden one.
 */
export function robotsText(places: readonly Place[]): string {
  const open = places.filter((place) => !place.hidden);
  const hidden = places.filter((place) => place.hidden);
  const rules = hidden.map(({ name }) => {
    const hidesOthers = open.some((place) => place.name.startsWith(name));
    return `Disallow: /${name}${hidesOthers ? '/' : ''}`;
  });
  return ['User-agent: *', ...rules.sort(), ''].join('\n');
}
