/**
 * What servers say, in words: each question with the wordings that answer it. Each pattern is a list of plain
 * alternatives, so that none takes longer on a long text than its length; a reply is looked at up to MOST characters.
 */

/** Servers say what they mean at once. */
const MOST = 1_000;

const ENHANCED = /(?:^|[^\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])/;
const BLANKS = /\s+/;

/** Returns what a reply says, on one line and without addresses: a reader may be called `relay@spam.example`. */
export function plainWords(reply: string): string {
  const words = reply.slice(0, MOST).split(BLANKS);
  return words.filter((word) => !word.includes('@')).join(' ');
}

/** Returns the first enhanced status code of plain words (RFC 3463), or an empty string. */
export function enhancedCode(words: string): string {
  return ENHANCED.exec(words)?.[1] ?? '';
}

const SESSION_NOUN = /\b(session|connection)\b/i;
const SESSION_SPENT =
  /\b(too many|max|maximum|limit|limited|exceed|exceeded|exceeds|reached|quota|only|no (more|further)|enough|per|share|used up|exhausted)\b/i;
/** The same without such words: so many errors, or an invitation to come again. */
const SESSION_OVER =
  /\b(too many (errors|bad commands|unknown commands|syntax errors|mail commands)|re-?connect|(open|start|use|need) (a |an)?(new|other|fresh) (one|connection|session)|(new|another|fresh) (connection|session))\b/i;
/** How many connections there are, or how fast they come, is no matter of this one. */
const OTHER_CONNECTIONS =
  /\b(concurrent|simultaneous|parallel|connection (rate|frequency|count)|rate|open connections)\b/i;

/** So is what a line less, or later, would mend. */
const CROWD =
  /\b((concurrent|simultaneous|parallel|open) (smtp )?(connections?|sessions?)|connection (rate|frequency|count|concurrency)|too many (smtp )?(connections|sessions)|concurrency limit)\b/i;
const TIMED_OUT = /\b(time ?out|timed out|idle)\b/i;
/** Said for now, and meant for as long as our name servers say so. */
const HOST_NAME = /\b(cannot find your (reverse )?host ?name|sender address rejected: domain not found)\b/i;

const GREYLISTED = /gr[ea]y-?\s?list/i;

const ALLOWANCE =
  /\b(throttl(e|ed|ing)|rate|rates|ratelimit(ed)?|rate-limited|too (many|fast|frequent|frequently|much|quickly)|(mail|message|messages|sending) (frequency|volume|velocity|throughput)|(hourly|daily) volume|velocity|burst|flood(ing)?|concurrency|slow down|slowdown|limit|limits|limited|limitation|limiting|quota|quotas|exceed|exceeded|exceeds|unusual|unexpected volume|server busy|(daily|hourly|monthly|sending) (cap|allowance|maximum)|credits exceeded)\b/i;
/** An allowance of the sender's: words a server has for its own customer, not for a stranger's mail. */
const OUR_ALLOWANCE =
  /\b(throttling failure|(sending|outgoing|outbound|submission|daily|hourly|monthly|account|message|messages|mail|email|user|sender|smtp|relay) (sending |message |messages |mail |email |rate |send )?(rate|limit|limits|quota|cap|allowance)|maximum sending rate|max(imum)? send rate|(per|this|a|one) (second|minute|hour|day|month)|per-(second|minute|hour|day)|your (account|plan|subscription|quota|limit))\b/i;

/** The same where only who sends can be meant, whatever the code says. */
const OUR_SENDING =
  /\b((sending|outgoing|outbound|submission) (mail |message |email |rate |smtp )?(quota|limit|limits|rate|cap|allowance|messages? limit|activity|(is |was |has been )?(suspended|disabled|paused|blocked))|(mail|email|messages?) (is |was |has been )?(suspended|paused)|(suspended|disabled|blocked|paused) (for|from) sending|submission(quota|limit)exceeded(exception)?|submission\.exception:submissionquotaexceededexception)\b/i;
/** What servers for hire say of their customer. */
const OUR_ACCOUNT =
  /\b((email address|address|domain|identity|sender) (is |has )?(not|not been|un) ?verified|domain is unverified|verified (sender|identit(y|ies))|not authori[sz]ed to (perform|send|use)|sandbox(ed)?|(no|more|maximum|out of|insufficient) (more )?credits?|(subscription|plan|trial|licen[cs]e) (has |is )?(expired|ended|exceeded|suspended)|account (is |has been |was )?(under review|suspended|disabled|blocked|paused) (for|from) sending|not allowed to (send|connect))\b/i;

const TOO_LARGE =
  /\b((message|mail|email|content|attachment|header|line|body|data)s? (is |are |was |file )?(size|length|too (large|big|long))|size (limit|exceeds|exceeded)|(exceeds|exceeded) (the )?(maximum |max )?(message |fixed )?(size|length)|maximum (message )?(size|length)|too (large|big))\b/i;

const MAILBOX =
  /\b((mailbox|inbox|mail ?box|maildir|maildrop|recipient'?s? (mailbox|account|quota|storage)|user'?s? (mailbox|quota|storage)|account) ((quota|storage|size|limit) )?(is |has been |was |temporarily |currently |for (this|the) user (is )?)?(full|over ?quota|over its quota|exceeded|exceeds|busy|locked|in use|disabled|suspended|inactive|unavailable|out of (space|storage))|over ?quota|quota exceeded for (user|mailbox)|quota violation|storage allocation|inactive (user|mailbox|account)|(receiving|received) (mail|messages) (at a rate|too (quickly|fast))|receiving mail at a rate|mailbox (size|storage) limit|insufficient (mailbox|user) (space|storage|quota))\b/i;

/** Whoever speaks of relaying means us; a host that is called so does not. */
const RELAYING =
  /(?<![\w.-])relay(ing|ed)?(?![\w-]|\.\w| recipient table)|\brcpthosts\b|\b(not|isn't) (one of )?(a |our |my )?(local|hosted) (domain|recipient|host)s?\b/i;
const HELO = /\b(helo|ehlo|hello command|introduced yourself|fully[- ]qualified)\b/i;
const SENDER =
  /\b(sender|(mail|envelope|header|message)[- ]?from|from (address|domain|header)|return[- ]?path|send(ing)? (as|on behalf)|not owned by (user|you)|spoof(ed|ing)?)\b/i;
const AUTHENTICATION =
  /\b((smtp )?auth (is )?(required|needed)|(please|must) (first )?log ?in|authenticat(e|ed|ion) (is )?(required|needed|failed|first|failure)|must (be )?(authenticated|authenticate|log ?in|issue a starttls)|not authenticated|unauthenticated|not logged in|log ?in first|spf|dkim|dmarc|starttls (first|required)|(tls|encryption) (is )?(required|needed))\b/i;
const OUR_ADDRESS =
  /\b(block ?lists?|black ?lists?(ed)?|block-?listed|deny ?list(ed)?|dnsbl|dnsrbl|rbl|rbls|spamhaus|zen\.|spamcop|barracuda(central)?|sorbs|uceprotect|invaluement|abuseat|mailspike|senderscore|cloudmark|spfbl|ipcheck|client (host|ip|address|was)|(your|sending|source|originating|connecting) (ip|ips|ip address|host|server|mta|network|range|address range|netblock|domain|hostname)|ip (address )?(is |was |has been |you )?(blocked|listed|banned|rejected|denied|not (allowed|authori[sz]ed|permitted))|(blocked|listed|banned|rejected|denied) (ip|by ip|host|network)|banned sending|reputation|reverse (dns|hostname|lookup|host ?name)|rdns|ptr( record)?|s3140|s3150|bad (ip|host|server))\b/i;

/** Before a word of the mail was heard, what is blocked is who brings it. */
const BLOCKED =
  /\b(blocked(?! by (\w+ )?polic)|black-?listed|listed|banned|denied|prohibit(ed|ion)|spam|not welcome|country|dynamic ip|nemesis)\b/i;
const IP_ADDRESS = /\b[1-9]\d{1,2}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b|\[[\da-f]{0,4}:[\da-f:]{2,40}/i;

const POLICY =
  /\b(spam|blocked|block ?list|blacklist|listed (at|by|in)|policy|reputation|content|virus|malware|full|quota|blocked using)\b/i;
/** How servers without enhanced codes say that nobody lives there. */
const NOBODY_THERE =
  /\b(no such (local )?(user|mailbox|recipient|address|person|account|domain)( here)?|(user|recipient|mailbox|address|account) (is |was )?(unknown|not found|does not exist|doesn't exist|not known|not here|not local|no longer (available|valid|exists|active|on server))|user doesn't have|unknown (local )?(user|recipient|mailbox|local part|address|or illegal alias)|invalid (mailbox|recipient|address|user)|not (a )?(valid|known) (mailbox|recipient|address|user)|not our user|no mailbox (here )?by that name|unrouteable address)\b/i;

const asks =
  (...patterns: RegExp[]) =>
  (words: string): boolean =>
    patterns.some((pattern) => pattern.test(words));

/** The questions, to plain words. */
export const says = {
  /** Is this connection used up, whatever else may still be sent? */
  session: (words: string): boolean =>
    SESSION_OVER.test(words) ||
    (SESSION_NOUN.test(words) && SESSION_SPENT.test(words) && !OTHER_CONNECTIONS.test(words)),
  /** Is it a connection too many? */
  crowd: asks(CROWD),
  timedOut: asks(TIMED_OUT),
  greylisted: asks(GREYLISTED),
  /** Is there a limit, a rate or a quota in it? */
  allowance: asks(ALLOWANCE),
  /** Is it an allowance of ours? */
  ourAllowance: asks(OUR_ALLOWANCE, OUR_SENDING),
  /** Is it what we may send, or our account at a server for hire? */
  ourAccount: asks(OUR_SENDING, OUR_ACCOUNT),
  tooLarge: asks(TOO_LARGE),
  /** Is it the state of the reader's mailbox? */
  mailbox: asks(MAILBOX),
  /** Does it name what we do: relaying, HELO, sender, login? */
  blamesUs: asks(RELAYING, HELO, SENDER, AUTHENTICATION),
  /** Does it name our address or its reputation? */
  blamesOurAddress: asks(OUR_ADDRESS),
  blocked: asks(BLOCKED),
  ipAddress: asks(IP_ADDRESS),
  /** Is it our name, or who we are, that it cannot take just now? */
  doubtsUs: asks(HELO, AUTHENTICATION, HOST_NAME),
  /** Is it a judgement rather than the plain news that nobody lives there? */
  policy: asks(POLICY),
  nobodyThere: asks(NOBODY_THERE),
};
