/** The import rules of docs/architecture.md. test/rules/imports.test.ts proves that each of them bites. */
/** feedback/ only understands so far what comes back by mail; it takes nothing in yet. */
const stages = ['ingest', 'match', 'plan', 'compose', 'deliver', 'feedback'];
/** Files of a stage that may touch the world: its story, and what reads, asks, loads and writes for it. */
const effects = [
  '/run-[^/]+$',
  '/(backfill|give-way|inspect|parse-apart|place-events|receive|replay|store|take-in)\\.ts$',
  '/asking/(ask|ask-source|client|missing-days|request)\\.ts$',
  '/(plan-batches|plan-missed|edition-book|load-[^/]+|write-[^/]+)\\.ts$',
  '/(embed|rematch)\\.ts$',
  '/fetch\\.ts$',
  '/render\\.ts$',
  '/sign(er|ing-thread)\\.ts$',
  '/composing-thread\\.ts$',
  '/parsing-thread\\.ts$',
];
/** In deliver/ two folders speak to tables and mail servers, but for what in them only decides. */
const DELIVER_EFFECTS =
  '^src/deliver/(claiming|relays)/(?!(quiet-hours|failure-watch|session-limit|relay-in-use|smtp-faults)\\.ts$)';
const effectsOf = (some) => [
  ...some.flatMap((stage) => effects.map((effect) => `^src/${stage}/.*${effect.replace(/^\//, '')}`)),
  DELIVER_EFFECTS,
];

/** The one act of operate/ that a stage has too: to tell the operator. */
const TELL = '^src/operate/tell-operator\\.ts$';

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: { pathNot: '^src/db/generated/' }, to: { circular: true } },
    {
      name: 'families-form-no-circle',
      comment: 'The families of db/ know each other one way only.',
      severity: 'error',
      scope: 'folder',
      from: { path: '^src/db/' },
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, pathNot: ['^src/(main|cli)\\.ts$', '^src/db/generated/'] },
      to: {},
    },
    {
      name: 'nouns-know-nobody',
      comment: 'model/ knows lib/ beside itself, and nobody above.',
      severity: 'error',
      from: { path: '^src/model/' },
      to: { path: '^src/', pathNot: '^src/(model|lib)/' },
    },
    {
      name: 'lib-knows-no-noun',
      severity: 'error',
      from: { path: '^src/lib/' },
      to: { path: '^src/', pathNot: '^src/lib/' },
    },
    {
      name: 'links-know-nouns',
      comment: 'What may stand in a URL or an envelope, and what a server means by its words, is made of nouns alone.',
      severity: 'error',
      from: { path: '^src/(links|replies)/' },
      to: { path: '^src/', pathNot: '^src/($1|model|lib)/' },
    },
    {
      name: 'examples-are-read-alone',
      comment: 'What a reader pastes is read by what is pure, and put into words by compose/text alone.',
      severity: 'error',
      from: { path: '^src/examples/' },
      to: { path: '^src/', pathNot: '^src/(examples|model|lib|compose/text)/' },
    },
    {
      name: 'db-knows-nouns',
      comment: 'db/ knows model/ and lib/ (and the types of the context), nothing above.',
      severity: 'error',
      from: { path: '^src/db/' },
      to: { path: '^src/', pathNot: '^src/(db|model|lib)/|^src/context\\.ts$' },
    },
    {
      name: 'sql-stays-in-db',
      comment: 'Statements are defined in db/ alone.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/db/' },
      to: { path: '^src/db/(sql|statement|measured|columns)\\.ts$' },
    },
    ...stages.map((stage) => ({
      name: `${stage}-stands-alone`,
      comment: 'Stages meet in tables, never in calls. compose is a library of deliver.',
      severity: 'error',
      from: { path: `^src/${stage}/` },
      to: {
        path: `^src/(${stages
          .filter((other) => other !== stage && !(stage === 'deliver' && other === 'compose'))
          .join(
            '|',
          )}|http|web|admin|api|commands|subscribers|operate)/|^src/(jobs|scheduler|queue|cli|main|create-context)\\.ts$`,
        pathNot: TELL,
      },
    })),
    {
      name: 'pure-stays-pure',
      comment: 'In a stage only the files named above touch the world.',
      severity: 'error',
      from: { path: `^src/(${stages.join('|')})/`, pathNot: [...effects, DELIVER_EFFECTS] },
      to: { path: '^src/db/', pathNot: '^src/db/client\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'subscribers-below-the-pages',
      severity: 'error',
      from: { path: '^src/subscribers/' },
      to: {
        path: `^src/(${stages.join('|')}|operate|http|web|admin|api|commands)/|^src/jobs\\.ts$`,
        pathNot: ['^src/plan/due\\.ts$', TELL],
      },
    },
    {
      name: 'operate-below-the-pages',
      severity: 'error',
      from: { path: '^src/operate/' },
      to: { path: '^src/(http|web|admin|api|commands)/|^src/(jobs|scheduler|queue|create-context)\\.ts$' },
    },
    {
      name: 'pages-open-no-transaction',
      comment:
        'http/, web/, admin/, api/ and commands/ act through subscribers/, operate/ and jobs, which open the transaction and audit in it.',
      severity: 'error',
      from: { path: '^src/(http|web|admin|api|commands)/' },
      to: { path: '^src/db/(client|operator/audit)\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'pages-use-the-pure-part',
      comment: 'http/, web/, admin/ and api/ change things only through subscribers/, operate/, feedback/ and jobs.',
      severity: 'error',
      from: { path: '^src/(http|web|admin|api)/' },
      to: { path: [...effectsOf(stages), '^src/queue\\.ts$'] },
    },
    {
      name: 'http-kit-knows-no-pages',
      comment: 'http/ is what all pages are made of; only its app.ts knows who is mounted.',
      severity: 'error',
      from: { path: '^src/http/', pathNot: '^src/http/app\\.ts$' },
      to: { path: '^src/(web|admin|api)/' },
    },
    {
      name: 'web-admin-and-api-never-meet',
      comment: 'Each takes what both need from http/.',
      severity: 'error',
      from: { path: '^src/(web|admin|api)/' },
      to: { path: '^src/(web|admin|api)/', pathNot: '^src/$1/' },
    },
    {
      name: 'http-app-is-mounted-last',
      comment: 'http/app.ts mounts the pages; none of them knows it.',
      severity: 'error',
      from: { path: '^src/(http|web|admin|api)/' },
      to: { path: '^src/http/app\\.ts$' },
    },
    {
      name: 'preview-below-the-pages',
      comment:
        'preview/ shows what sending would do by the pure part of the stages that decide it; form, feed, command and admin ask it.',
      severity: 'error',
      from: { path: '^src/preview/' },
      to: {
        path: [
          '^src/(ingest|deliver|feedback|replies|subscribers|http|web|admin|api|commands)/|^src/(jobs|scheduler|create-context)\\.ts$',
          ...effectsOf(stages),
        ],
      },
    },
    {
      name: 'preview-serves-what-asks',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(preview|web|admin|api|commands)/' },
      to: { path: '^src/preview/' },
    },
    {
      name: 'journal-below-the-rooms',
      comment:
        'journal/ keeps and brings back: it acts through subscribers/ alone, and knows no stage, no page and no backup.',
      severity: 'error',
      from: { path: '^src/journal/' },
      to: {
        path: `^src/(${stages.join('|')}|operate|backup|preview|http|web|admin|api|commands)/|^src/(jobs|scheduler|queue|create-context|keeping)\\.ts$`,
      },
    },
    {
      name: 'journal-serves-what-brings-back',
      comment: 'Everybody else writes through the context and db/facts.ts; the journal is opened in keeping.ts.',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: '^src/(journal|operate)/|^src/keeping\\.ts$|^src/commands/(journal|restore)\\.ts$',
      },
      to: { path: '^src/journal/' },
    },
    {
      name: 'entry-points-are-ends',
      severity: 'error',
      from: {},
      to: { path: '^src/(main|cli)\\.ts$' },
    },
    ...[
      ['prisma', 'node_modules/(@prisma|pg|pg-copy-streams)/', '^src/db/|^src/create-context\\.ts$'],
      ['zip', 'node_modules/(yazl|yauzl)/', '^src/backup/(read|write)-archive\\.ts$'],
      [
        'nodemailer',
        'node_modules/nodemailer',
        '^src/deliver/relays/(.*mailer|smtp-.*)\\.ts$|^src/compose/|^src/feedback/doors/knock\\.ts$',
      ],
      ['mjml', 'node_modules/mjml', '^src/compose/render\\.ts$'],
      ['node-cron', 'node_modules/node-cron', '^src/scheduler\\.ts$'],
      ['express', 'node_modules/(express|helmet)/', '^src/(http|web|admin|api)/'],
      ['undici', 'node_modules/undici/', '^src/ingest/asking/client\\.ts$'],
      ['prom-client', 'node_modules/prom-client/', '^src/measures/meters\\.ts$'],
      ['pg-boss', 'node_modules/pg-boss', '^src/queue\\.ts$'],
      ['standardwebhooks', 'node_modules/standardwebhooks', '^src/(hooks/sign|feedback/doors/webhooks/generic)\\.ts$'],
      ['smtp-server', 'node_modules/smtp-server/', '^src/feedback/doors/smtp-door\\.ts$'],
      ['imapflow', 'node_modules/imapflow/', '^src/feedback/doors/imap-connection\\.ts$'],
      ['mailauth', 'node_modules/mailauth/', '^src/feedback/signed-from\\.ts$'],
      ['simplewebauthn', 'node_modules/@simplewebauthn/server', '^src/operate/passkeys/'],
      ['openid-client', 'node_modules/openid-client/', '^src/operate/provider/'],
      ['postal-mime', 'node_modules/postal-mime/', '^src/(web/(routes/)?outbox|feedback/(read|plain)-mail)'],
    ].map(([vendor, path, home]) => ({
      name: `${vendor}-has-one-home`,
      severity: 'error',
      from: { path: '^src/', pathNot: home },
      to: { path, dependencyTypesNot: ['type-only'] },
    })),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] },
  },
};
