import { rules, type Rule } from '../rule.ts';

/** The connection itself: used up, one too many, too slow. */
export const sessionRules: readonly Rule[] = rules(
  {
    about: 'network',
    class: 'soft',
    advice: 'Nothing to do: another connection carries on. Where it is common, fewer SEND_CONNECTIONS.',
  },
  // oxfmt-ignore
  [
    ['session-over', 'session', /\b(too many (errors|bad commands|unknown commands|syntax errors|mail commands)|re-?connect|(open|start|use|need) (a |an)?(new|other|fresh) (one|connection|session)|(new|another|fresh) (connection|session))\b/i, 'RFC 5321 3.8', '421 4.7.0 Error: too many errors', '421 too many users', { answers: 'session' }],
    ['crowd', 'session', /\b((concurrent|simultaneous|parallel|open) (smtp )?(connections?|sessions?)|connection (rate|frequency|count|concurrency)|too many (smtp )?(connections|sessions)|concurrency limit)\b/i, 'RFC 5321 4.2.3', '421 Too many concurrent SMTP connections', '421 too many mails', { answers: 'crowd' }],
    ['timed-out', 'session', /\b(time ?out|timed out|idle)\b/i, 'RFC 5321 4.5.3.2', '421 4.4.2 idle too long', '421 it is time', { answers: 'timed-out' }],
  ],
);
