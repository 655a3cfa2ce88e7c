/** An import that a rule forbids, as a file that is put into a copy of the sources. */
export interface Planted {
  file: string;
  source: string;
  rule: string;
}

const STAGES = ['ingest', 'match', 'plan', 'compose', 'deliver', 'feedback'];
/** A file of each vendor's that some other room could be tempted to use. */
const VENDORS: Record<string, string> = {
  prisma: '@prisma/adapter-pg',
  zip: 'yazl',
  nodemailer: 'nodemailer',
  mjml: 'mjml',
  'node-cron': 'node-cron',
  express: 'express',
  'pg-boss': 'pg-boss',
  'prom-client': 'prom-client',
  undici: 'undici',
  standardwebhooks: 'standardwebhooks',
  'smtp-server': 'smtp-server',
  imapflow: 'imapflow',
  simplewebauthn: '@simplewebauthn/server',
  'openid-client': 'openid-client',
  'postal-mime': 'postal-mime',
  mailauth: 'mailauth/lib/dkim/verify.js',
};

/** What must be caught; each rule of .dependency-cruiser.cjs has one at least. */
export const PLANTED: readonly Planted[] = [
  { file: 'src/lib/circle-a.ts', source: "import './circle-b.ts';", rule: 'no-circular' },
  { file: 'src/lib/circle-b.ts', source: "import './circle-a.ts'; import '../db/sql.ts';", rule: 'lib-knows-no-noun' },
  importing('src/db/digests/circle.ts', '../newsletters/editions.ts', 'families-form-no-circle'),
  { file: 'src/lib/lonely.ts', source: 'export const lonely = 1;', rule: 'no-orphans' },
  importing('src/model/planted.ts', '../db/client.ts', 'nouns-know-nobody'),
  importing('src/lib/planted.ts', '../model/delivery.ts', 'lib-knows-no-noun'),
  importing('src/links/planted.ts', '../db/client.ts', 'links-know-nouns'),
  importing('src/replies/planted.ts', '../links/links.ts', 'links-know-nouns'),
  importing('src/examples/planted.ts', '../match/tokens.ts', 'examples-are-read-alone'),
  importing('src/operate/asking.ts', '../db/statement.ts', 'sql-stays-in-db'),
  importing('src/db/planted.ts', '../plan/due.ts', 'db-knows-nouns'),
  ...STAGES.flatMap((stage) => [
    importing(
      `src/${stage}/run-other.ts`,
      stage === 'plan' ? '../match/matcher.ts' : '../plan/due.ts',
      standsAlone(stage),
    ),
    importing(`src/${stage}/run-act.ts`, '../operate/wake-job.ts', standsAlone(stage)),
    importing(`src/${stage}/planted.ts`, '../db/locks.ts', 'pure-stays-pure'),
  ]),
  importing('src/deliver/sending/planted.ts', '../../db/locks.ts', 'pure-stays-pure'),
  importing('src/deliver/waking.ts', '../queue.ts', standsAlone('deliver')),
  importing('src/web/waking.ts', '../queue.ts', 'pages-use-the-pure-part'),
  importing('src/web/sending.ts', '../deliver/relays/mailer.ts', 'pages-use-the-pure-part'),
  importing('src/subscribers/planted.ts', '../operate/suppress.ts', 'subscribers-below-the-pages'),
  importing('src/operate/planted.ts', '../admin/respond.ts', 'operate-below-the-pages'),
  importing('src/operate/answering.ts', '../http/visit.ts', 'operate-below-the-pages'),
  importing('src/http/planted.ts', '../web/words.ts', 'http-kit-knows-no-pages'),
  importing('src/http/visiting.ts', '../admin/visitor.ts', 'http-kit-knows-no-pages'),
  importing('src/web/routes/planted.ts', '../../admin/visitor.ts', 'web-admin-and-api-never-meet'),
  importing('src/admin/meeting.ts', '../web/words.ts', 'web-admin-and-api-never-meet'),
  importing('src/api/meeting.ts', '../admin/respond.ts', 'web-admin-and-api-never-meet'),
  importing('src/api/planted.ts', '../plan/run-plan.ts', 'pages-use-the-pure-part'),
  importing('src/http/answering.ts', '../api/route.ts', 'http-kit-knows-no-pages'),
  importing('src/operate/describing.ts', '../api/route.ts', 'operate-below-the-pages'),
  importing('src/admin/routes/planted.ts', '../../http/app.ts', 'http-app-is-mounted-last'),
  ...['http', 'web', 'admin', 'api', 'commands'].flatMap((room) => [
    importing(`src/${room}/opening.ts`, '../db/client.ts', 'pages-open-no-transaction', 'transaction'),
    importing(`src/${room}/auditing.ts`, '../db/operator/audit.ts', 'pages-open-no-transaction'),
  ]),
  importing('src/web/planted.ts', '../plan/run-plan.ts', 'pages-use-the-pure-part'),
  importing('src/admin/planted.ts', '../compose/wire/signer.ts', 'pages-use-the-pure-part'),
  importing('src/preview/planted.ts', '../plan/run-plan.ts', 'preview-below-the-pages'),
  importing('src/preview/paging.ts', '../web/words.ts', 'preview-below-the-pages'),
  importing('src/subscribers/previewing.ts', '../preview/estimate.ts', 'preview-serves-what-asks'),
  importing('src/journal/planted.ts', '../deliver/sending/pacing.ts', 'journal-below-the-rooms'),
  importing('src/journal/backing.ts', '../backup/due.ts', 'journal-below-the-rooms'),
  importing('src/deliver/keeping.ts', '../journal/open-journal.ts', 'journal-serves-what-brings-back'),
  importing('src/subscribers/keeping.ts', '../journal/files.ts', 'journal-serves-what-brings-back'),
  importing('src/model/starting.ts', '../main.ts', 'entry-points-are-ends'),
  ...Object.entries(VENDORS).map(([vendor, module]) =>
    importing(`src/subscribers/selling-${vendor}.ts`, module, `${vendor}-has-one-home`, '* as vendor'),
  ),
];

function standsAlone(stage: string): string {
  return `${stage}-stands-alone`;
}

/** A file that imports a module, or something of it: what is used for its type alone is allowed more. */
function importing(file: string, module: string, rule: string, what?: string): Planted {
  if (what === undefined) return { file, source: `import '${module}';`, rule };
  const name = what.startsWith('*') ? 'vendor' : what;
  return {
    file,
    source: `import ${what.startsWith('*') ? what : `{ ${what} }`} from '${module}'; void ${name};`,
    rule,
  };
}
