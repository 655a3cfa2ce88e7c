import { rules, type Rule } from '../rule.ts';

const POSTFIX = 'http://www.postfix.org/postconf.5.html';
const EXIM = 'https://www.exim.org/exim-html-current/doc/html/spec_html/ch-retry_configuration.html';

/** The way there, or their machines: nothing is said of the reader. */
export const networkRules: readonly Rule[] = rules(
  {
    about: 'network',
    class: 'soft',
    advice: 'Nothing to do: their servers do not answer or have a bad hour. Many at one destination are its outage.',
  },
  // oxfmt-ignore
  [
    ['no-connection', 'report', /\b(connection (was |has been )?(refused|timed out|timeout|reset|lost|closed|dropped|failed|aborted|died|failure)|(lost|no|failed|unable to establish|wasn't able to establish|could not establish|couldn't establish)( an)?( smtp)? connection( with)?|timed out while |operation timed out|time-?out|no route to host|network (is )?unreachable|host (is )?(unreachable|not reachable|down)|could not connect( to)?|couldn't connect|cannot connect|did not accept our requests to connect|all hosts have been failing( for a long time)?|no answer from host|not reachable|unreachable for too long)\b/i, POSTFIX, 'connect to mx.example.org[192.0.2.1]:25: Connection refused', '550 your connection is not welcome'],
    ['gave-up', 'report', /\b((retry|delivery|maximum|queue) (time ?out|time|timeout) (exceeded|expired)|retry timeout exceeded|message (has )?(expired|timed out|been in the queue too long)|(has been|been) (in the queue|on the queue|undeliverable) (for )?too long|queue\.expired|too old|delivery expired|(could not|couldn't|cannot|not) be delivered (for|within|in|after) \d|(was )?aborted after \d|no longer be (tried|retried)|i'm not going to try again|giving up|gave up|undeliverable for \d|(for|in) (more than|over|the last) \d|will (keep trying|continue to (try|be retried)|be retried)|warning message only|delivery (has been |is |was )?delayed|(delivery|message) (attempts? )?(will continue|temporarily suspended))\b/i, EXIM, 'retry timeout exceeded', '550 retry with another address'],
    ['their-name-servers', 'report', /\b(name server (error|failure|loop|timeout)|host not found, try again|temporary (lookup|dns|name server) (failure|error)|dns (error|query failed|lookup failed|server failure|failure)|server failure|malformed or unexpected name server reply|(mx|a|aaaa) lookup (failed|failure)|couldn't look up|had no relevant answers|no relevant answers|could not find a gateway( for)?|name resolution)\b/i, 'RFC 3463 3.5 (X.4.3)', 'Name service error for name=example.org type=MX: Malformed or unexpected name server reply', '550 name of the service?'],
    ['their-trouble', 'report', /\b((internal|temporary|local|system) (server |system |mail |config(uration)? |delivery )?(error|problem|failure|config error)( in processing)?|system (config )?error|mailer error|service (is )?(currently |temporarily )?(unavailable|not available|refused|refuse)|transaction failed|(insufficient|not enough) (system )?(storage|resources|disk space|disk)|disk full|system (is )?full|(load|server|system) (is )?(too (busy|high)|overloaded)|closing transmission channel|try (again )?later|please retry|unable to (create|open|write)|could ?n[o']t (create|open|write|load)|command (died|failed|output)|cannot (append|write|open)|maildelivery|mail (loop|server) (error|detected)|mail loops? back|too many hops|hop count|loops? back to myself|routing loop|local configuration|unknown mailer error|could not load drd)\b/i, 'RFC 3463 3.4', '451 4.3.0 Temporary system problem', '550 a system of policies'],
    ['syntax', 'report', /\b((improper|bad|wrong) (sequence of commands|command sequence)|syntax error|command (not|un)(recogni[sz]ed| implemented)|unrecogni[sz]ed command|command not implemented|protocol (error|violation)|not implemented|unexpected (command|response)|syntactically invalid|invalid command|smtp (protocol|syntax) (error|synchroni[sz]ation))\b/i, 'RFC 5321 4.2.3', '503 Improper sequence of commands', '550 a proper sequence'],
    ['network-status', 'report', /(?<![\d.])([45]\.3\.[0-35]|[45]\.4\.(0|1|2|3|6|7|31[2-9]|320)|[45]\.5\.\d|4\.\d\.\d\d?\d?)(?![\d.])/, 'RFC 3463 3.4, 3.5', '450 4.4.1', '550 5.1.1'],
  ],
);
