/**
 * What servers say, in words: each question with the wordings that answer it. Each pattern is a list of plain alternatives, so that
 * none takes longer on a long text than its length; a reply is looked at up to MOST characters.
 */

/** Servers say what they mean at once. */
const MOST = 1_000;

const ENHANCED = /(?:^|[^\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])/;

/** Returns the first enhanced status code of a reply (RFC 3463), or an empty string. */
export function enhancedCode(reply: string): string {
  return ENHANCED.exec(reply.slice(0, MOST))?.[1] ?? '';
}

const SESSION_NOUN = /\b(session|connection)\b/i;
const SESSION_SPENT =
  /\b(too many|max|maximum|limit|limited|exceed|exceeded|exceeds|reached|quota|only|no more|enough)\b/i;
/** How many connections there are, or how fast they come, is no matter of this one. */
const OTHER_CONNECTIONS =
  /\b(concurrent|simultaneous|parallel|connection (rate|frequency|count)|rate|open connections)\b/i;

const GREYLISTED = /gr[ea]y-?\s?list/i;

const ALLOWANCE =
  /\b(throttl(e|ed|ing)|rate|rates|ratelimit(ed)?|rate-limited|too (many|fast|frequent|frequently|much)|slow down|slowdown|limit|limits|limited|limitation|limiting|quota|quotas|exceed|exceeded|exceeds|unusual|unexpected volume|server busy|(daily|hourly|monthly|sending) (cap|allowance|maximum))\b/i;
/** An allowance of the sender's: words a server has for its own customer, not for a stranger's mail. */
const OUR_ALLOWANCE =
  /\b(throttling failure|(sending|outgoing|outbound|submission|daily|hourly|monthly|account|message|messages|mail|email|user|sender|smtp|relay) (sending |message |messages |mail |email |rate |send )?(rate|limit|limits|quota|cap|allowance)|maximum sending rate|max(imum)? send rate|(per|this|a|one) (second|minute|hour|day|month)|per-(second|minute|hour|day)|your (account|plan|subscription|quota|limit))\b/i;

const TOO_LARGE =
  /\b((message|mail|email|content|attachment|header|line|body|data)s? (is |are |was |file )?(size|length|too (large|big|long))|size (limit|exceeds|exceeded)|(exceeds|exceeded) (the )?(maximum |max )?(message |fixed )?(size|length)|maximum (message )?(size|length)|too (large|big))\b/i;

const MAILBOX =
  /\b((mailbox|inbox|mail ?box|maildrop|recipient'?s? (mailbox|account|quota|storage)|user'?s? (mailbox|quota|storage)|account) (is |has been |was |temporarily |currently |for (this|the) user (is )?)?(full|over ?quota|over its quota|exceeded|exceeds|busy|locked|in use|disabled|suspended|inactive|unavailable|out of (space|storage))|over ?quota|quota exceeded for (user|mailbox)|(receiving|received) (mail|messages) (at a rate|too (quickly|fast))|receiving mail at a rate|mailbox (size|storage) limit|insufficient (mailbox|user) (space|storage|quota))\b/i;

const RELAYING =
  /\b(relay(ing)?\b.{0,30}\b(denied|not (allowed|permitted|authori[sz]ed|enabled|supported)|prohibited|refused|rejected|forbidden|disabled)|(unable to|not (allowed|permitted|authori[sz]ed) to|cannot|can't|don't|do not|does not|won't|no|not an open|denied|deny) (be )?relay(ing)?|(not|isn't) (one of )?(a |our |my )?(local|hosted) (domain|recipient|user|host)s?|not local)\b/i;
const HELO = /\b(helo|ehlo|hello command)\b/i;
const SENDER =
  /\b(sender|(mail|envelope|header|message)[- ]?from|from (address|domain|header)|return[- ]?path|send(ing)? (as|on behalf)|not owned by (user|you)|spoof(ed|ing)?)\b/i;
const AUTHENTICATION =
  /\b(authenticat(e|ed|ion) (is )?(required|needed|failed|first|failure)|must (be )?(authenticated|authenticate|log ?in|issue a starttls)|not authenticated|unauthenticated|not logged in|log ?in first|spf|dkim|dmarc|starttls (first|required)|(tls|encryption) (is )?(required|needed))\b/i;
const OUR_ADDRESS =
  /\b(block ?lists?|black ?lists?(ed)?|block-?listed|deny ?list(ed)?|dnsbl|dnsrbl|rbl|rbls|spamhaus|zen\.|spamcop|barracuda(central)?|sorbs|uceprotect|invaluement|client (host|ip|address|was)|(your|sending|source|originating|connecting|remote) (ip|ips|ip address|host|server|mta|network|range|address range|netblock|domain|hostname)|ip (address )?(is |was |has been |you )?(blocked|listed|banned|rejected|denied|not (allowed|authori[sz]ed|permitted))|(blocked|listed|banned|rejected|denied) (ip|by ip|host|network)|banned sending|reputation|reverse (dns|hostname|lookup|host ?name)|rdns|ptr( record)?|s3140|s3150|bad (ip|host|server))\b/i;

const POLICY =
  /\b(spam|blocked|block ?list|blacklist|listed (at|by|in)|policy|reputation|content|virus|malware|full|quota|blocked using)\b/i;
/** How servers without enhanced codes say that nobody lives there. */
const NOBODY_THERE =
  /\b(no such (user|mailbox|recipient|address|person|account)( here)?|(user|recipient|mailbox|address|account) (is )?(unknown|not found|does not exist|doesn't exist|not known|not here)|unknown (user|recipient|mailbox|local part|address)|invalid (mailbox|recipient|address|user)|no mailbox (here )?by that name|unrouteable address)\b/i;

const about =
  (...patterns: RegExp[]) =>
  (reply: string): boolean => {
    const text = reply.slice(0, MOST);
    return patterns.some((pattern) => pattern.test(text));
  };

/** The questions. */
export const says = {
  /** Is this connection used up, whatever else may still be sent? */
  session: (reply: string): boolean =>
    about(SESSION_NOUN)(reply) && about(SESSION_SPENT)(reply) && !about(OTHER_CONNECTIONS)(reply),
  greylisted: about(GREYLISTED),
  /** Is there a limit, a rate or a quota in it? */
  allowance: about(ALLOWANCE),
  /** Is it an allowance of ours? */
  ourAllowance: about(OUR_ALLOWANCE),
  tooLarge: about(TOO_LARGE),
  /** Is it the state of the reader's mailbox? */
  mailbox: about(MAILBOX),
  /** Does it name us: relaying, HELO, sender, login, our address or its reputation? */
  blamesUs: about(RELAYING, HELO, SENDER, AUTHENTICATION, OUR_ADDRESS),
  /** Is it a judgement rather than the plain news that nobody lives there? */
  policy: about(POLICY),
  nobodyThere: about(NOBODY_THERE),
};
