import { rules, type Rule } from '../rule.ts';

const GOOGLE = 'https://support.google.com/mail/answer/10336';
const GROUPS = 'https://support.google.com/a/answer/168383';

/** What the mail holds, and decisions that say no more. */
export const contentRules: readonly Rule[] = [
  ...rules(
    {
      about: 'content',
      class: 'soft',
      advice: 'They took this mail for spam: look at what it says and links to, and at our standing with them.',
    },
    // oxfmt-ignore
    [
      ['policy-words', 'session', /\b(spam|blocked|block ?list|blacklist|listed (at|by|in)|policy|reputation|content|virus|malware|full|quota|blocked using)\b/i, 'RFC 3463 3.8', '550 5.7.1 refused by policy', '550 user unknown', { about: 'policy', answers: 'policy' }],
      ['spam', 'report', /\b((likely |probably |considered |identified as |classified as |detected as |marked as |flagged as |looks like |reported as |appears to be |is |as |be |possible |high probability of )(unsolicited( mail| bulk)?|suspicious|spam|junk|ube|uce|unwanted)|(spam|junk|uce|ube|bulk)( mail| message| e-?mail| content| classification)? (detected|rejected|refused|blocked|discarded|dropped|classification|score|filter|probability|refus(ed|al)|not accepted)|dt:spm|(due to|because of|for) spam|unsolicited (mail|message|bulk)|(message|content|mail|e-?mail) (was |is |has been )?(content )?(rejected|blocked|refused),? (ube|uce|spam)|bulk e?mail|anti-?spam|reject, id=|pam message|antispam|nicht zugestellt wegen spam)/i, GOOGLE, '554 5.7.1 Rejected due to high probability of spam', '550 the spammer was asked to leave'],
      ['virus', 'report', /\b((virus|malware|worm|trojan|infected|malicious)( was| is| has been)?( (detected|found|infected|content|attachment|file))?|executable (file|attachment|content))\b/i, 'RFC 3463 3.8 (X.7.0)', '550 Virus Detected', '550 antiviral ward', { advice: 'A scanner saw a virus: look at what our mails link to.' }],
      ['content-refused', 'report', /\b((message|mail|e-?mail|body|header)?( ?its| the)? ?content (was |is |has been )?(rejected|refused|not accepted|denied|error|restrictions?|presents a potential|filter(ed|ing)?|violat(es|ed|ion))|content presents a potential|security (issue|problem|risk)|media error|headers? too large|8-?bit data in (message )?header|(bare|improper|illegal|invalid) (use of )?(header|line feed|lf|8-?bit|encoding|character)s?|not rfc ?\d\d\d\d?[ -]compliant|rfc \d\d\d\d? (compliant|specifications?)|multiple (subject|from|to|date) headers|messages? with multiple addresses|missing (header|date|message-id|from)|mime error|message (rejected|refused|not accepted)( on| for| because)?|5\.6\.\d\d?)/i, 'RFC 3463 3.7', '500 5.6.1 Message content rejected', '550 happy and content'],
      ['surbl', 'report', /\b(surbl|uribl|dbl\.|ivmuri|(url|uri|link|domain)( in (your|the) (message|mail|body))? (is |was )?(listed|blacklisted|blocked))/i, 'RFC 5782', '550 a link in your message is blacklisted', '550 url of help', { advice: 'A link of ours stands on a block list of domains: its page says which and why.' }],
    ],
  ),
  ...rules(
    {
      about: 'policy',
      class: 'soft',
      advice: 'They do not say why: ask their postmaster, with the line that they answered.',
    },
    // oxfmt-ignore
    [
      ['by-policy', 'report', /\b((local |security |administrative |site |company |domain |mail )?policy (violation|reasons?|rejection|restrictions?|reject|refusal|block(ed)?)|(for|due to|by|because of|violates?|against) (our |local |site |security |administrative |their |the |domain |organi[sz]ation )*polic(y|ies)( reasons)?|administrative(ly)? (prohibit(ed|ion)|denied|lock|block)|rejected by (filter|rule|administrator)|prohibited|not permitted|not allowed|permission|delivery not authori[sz]ed|not authori[sz]ed|refused by|protocol violation|rejected for policy)/i, 'RFC 3463 3.8 (X.7.1)', '550 Local policy violation', '550 the police was called'],
      ['group', 'report', /\b(the group you tried to contact|you (may|might) not have permission to post( messages)? to (the|this) group|(not|aren't) (allowed|permitted) to post|only (members|subscribers)|not a member|moderated|closed list|members? only)\b/i, GROUPS, 'the group you tried to contact (x) may not exist, or you may not have permission to post messages to the group', '550 a group of users'],
      ['policy-status', 'report', /(?<![\d.])[45]\.7\.\d\d?\d?(?![\d.])/, 'RFC 3463 3.8', '550 5.7.1', '550 5.6.1'],
    ],
  ),
];
