import type { Command } from 'commander';

/** A command as `--help` lists it. */
export interface CommandEntry {
  name: string;
  does: string;
  /** Loads the modules it works with and builds it with its options; what `--help` lists must cost none of them. */
  load: () => Promise<Command>;
}

/** The commands, in the order `--help` lists them. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'serve',
    does: 'start the web pages, the scheduler and one worker; what `npm start`, and `offprint` without a command, run',
    load: async () => (await import('./serve.ts')).serveCommand(),
  },
  {
    name: 'worker',
    does: 'start one more worker; any number may run, on any machine with the same DATABASE_URL',
    load: async () => (await import('./worker.ts')).workerCommand(),
  },
  {
    name: 'ingest',
    does: 'parse and store digests from files, folders and URLs',
    load: async () => (await import('./ingest.ts')).ingestCommand(),
  },
  {
    name: 'digests',
    does: 'list the lists that arrived and how they look; release or discard one',
    load: async () => (await import('./digests.ts')).digestsCommand(),
  },
  {
    name: 'replay',
    does: 'read the captures of some days again and tell what would change',
    load: async () => (await import('./replay.ts')).replayCommand(),
  },
  {
    name: 'sources',
    does: 'how every source stands: last success, last new entry, failing since',
    load: async () => (await import('./sources.ts')).sourcesCommand(),
  },
  {
    name: 'match',
    does: 'rank papers for interests from two files of JSON lines; needs no database',
    load: async () => (await import('./match.ts')).matchCommand(),
  },
  {
    name: 'eval',
    does: 'measure the matching against baselines: nDCG@10, recall@50, mean average precision, 95 % intervals',
    load: async () => (await import('./eval.ts')).evalCommand(),
  },
  {
    name: 'preview',
    does: 'write the newsletter that these interests would bring, from the newest accepted digest',
    load: async () => (await import('./preview.ts')).previewCommand(),
  },
  {
    name: 'run',
    does: 'run jobs once and wait until they are done',
    load: async () => (await import('./run.ts')).runCommand(),
  },
  {
    name: 'deliveries',
    does: 'list the ledger: every mail, its state and the last words about it',
    load: async () => (await import('./deliveries.ts')).deliveriesCommand(),
  },
  {
    name: 'editions',
    does: 'list editions with their counts; pause, resume or cancel one',
    load: async () => (await import('./editions.ts')).editionsCommand(),
  },
  {
    name: 'resend',
    does: 'send mails of an edition again, never to anybody it was sent to',
    load: async () => (await import('./resend.ts')).resendCommand(),
  },
  {
    name: 'why',
    does: 'why somebody got a newsletter or a paper, or did not: every gate in order',
    load: async () => (await import('./why.ts')).whyCommand(),
  },
  {
    name: 'subscribers',
    does: 'list, add, import, export, erase and bring back readers',
    load: async () => (await import('./subscribers.ts')).subscribersCommand(),
  },
  {
    name: 'feedback',
    does: 'take in mails that came back: bounces, complaints, auto-replies; say what each is, by which line and rule',
    load: async () => (await import('./feedback.ts')).feedbackCommand(),
  },
  {
    name: 'replies',
    does: 'what a mail server means by its words, by which rule and source, and what to do',
    load: async () => (await import('./replies.ts')).repliesCommand(),
  },
  {
    name: 'suppress',
    does: 'addresses that must not be mailed, kept as keyed hashes',
    load: async () => (await import('./suppress.ts')).suppressCommand(),
  },
  {
    name: 'acts',
    does: 'who did what to whom; take an act back',
    load: async () => (await import('./acts.ts')).actsCommand(),
  },
  {
    name: 'topics',
    does: 'list and check the curated topics',
    load: async () => (await import('./topics.ts')).topicsCommand(),
  },
  {
    name: 'admin',
    does: 'who may see the admin pages',
    load: async () => (await import('./admin.ts')).adminCommand(),
  },
  {
    name: 'token',
    does: 'the programs that may ask the API, each with a token and scopes',
    load: async () => (await import('./token.ts')).tokenCommand(),
  },
  {
    name: 'webhook',
    does: 'the programs that are told what happens: add, test, rotate, switch off, log, replay',
    load: async () => (await import('./webhook.ts')).webhookCommand(),
  },
  {
    name: 'status',
    does: 'how it stands on one screen: processes, mail servers, editions, alarms, what needs somebody',
    load: async () => (await import('./status.ts')).statusCommand(),
  },
  {
    name: 'doctor',
    does: 'what keeps newsletters from arriving, each with a remedy, and the DNS to publish',
    load: async () => (await import('./doctor.ts')).doctorCommand(),
  },
  {
    name: 'forecast',
    does: 'hour by hour: who is due, what the limits let through, who will be late and what would help',
    load: async () => (await import('./forecast.ts')).forecastCommand(),
  },
  {
    name: 'alarm',
    does: 'try whether alarms arrive, by mail and over ALARM_URLS',
    load: async () => (await import('./alarm.ts')).alarmCommand(),
  },
  {
    name: 'health',
    does: 'whether the process on this machine can serve: exit code 0 or 1, for health checks of containers',
    load: async () => (await import('./health.ts')).healthCommand(),
  },
  {
    name: 'config',
    does: 'every setting: the value in force and where it comes from; secrets are masked',
    load: async () => (await import('./config.ts')).configCommand(),
  },
  {
    name: 'keys',
    does: 'the keys that sign links and hash suppressed addresses',
    load: async () => (await import('./keys.ts')).keysCommand(),
  },
  {
    name: 'backup',
    does: 'take a backup of everything as one file, or try one: backup verify FILE',
    load: async () => (await import('./backup.ts')).backupCommand(),
  },
  {
    name: 'restore',
    does: 'bring a backup back into an empty database; nothing is sent until resume',
    load: async () => (await import('./restore.ts')).restoreCommand(),
  },
  {
    name: 'resume',
    does: 'let sending go on after a restore or a move',
    load: async () => (await import('./resume.ts')).resumeCommand(),
  },
  {
    name: 'migrate-data',
    does: 'move everything to another PostgreSQL: migrate-data --to URL',
    load: async () => (await import('./migrate-data.ts')).migrateDataCommand(),
  },
  {
    name: 'upgrade',
    does: 'try this release on the newest backup: the time it takes, and newsletters that come out otherwise',
    load: async () => (await import('./upgrade.ts')).upgradeCommand(),
  },
  {
    name: 'journal',
    does: 'what was promised and done, kept outside the database; bring it into one that was restored',
    load: async () => (await import('./journal.ts')).journalCommand(),
  },
  {
    name: 'migrate',
    does: 'create the database or bring it up to date, and load the topics',
    load: async () => (await import('./migrate.ts')).migrateCommand(),
  },
];
