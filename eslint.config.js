import js from '@eslint/js';
import stylistic from '@stylistic/eslint-plugin';
import tseslint from 'typescript-eslint';

const ENVIRONMENT = { object: 'process', property: 'env', message: 'Settings come from src/config.ts.' };
const TRANSACTION = { property: '$transaction', message: 'Use transaction() of src/db/client.ts.' };
const SQL = 'SQL has two helpers: see src/db/README.md.';
const TAGS = [
  ...['$queryRaw', '$executeRaw'].map((property) => ({ property, message: SQL })),
  ...['sql', 'raw', 'join', 'empty'].map((property) => ({ object: 'Prisma', property, message: SQL })),
];
const UNSAFE = ['$queryRawUnsafe', '$executeRawUnsafe'].map((property) => ({ property, message: SQL }));
const SESSION = { selector: "CallExpression[callee.property.name='query']", message: SQL };
const CLOCK = [
  { selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']", message: 'Ask ctx.now().' },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Ask ctx.now().' },
];

export default tseslint.config(
  {
    ignores: ['dist/', 'data/', 'src/db/generated/', 'test/api/generated/', 'node_modules/', 'templates/', 'coverage/'],
  },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    // What asks for types is asked by oxlint (.oxlintrc.json), which knows them in a tenth of the time.
    extends: [tseslint.configs.strict],
    plugins: { '@stylistic': stylistic },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      // Prettier wraps code; comments and what it cannot wrap are looked at here.
      '@stylistic/max-len': [
        'error',
        {
          code: 120,
          comments: 120,
          ignoreUrls: true,
          ignoreStrings: true,
          ignoreTemplateLiterals: true,
          ignoreRegExpLiterals: true,
        },
      ],
      'no-restricted-imports': ['error', { patterns: [{ group: ['**/dist/**'], message: 'Import the source.' }] }],
    },
  },
  {
    // House numbers of docs/CONTRIBUTING.md.
    files: ['src/**/*.ts'],
    rules: {
      'max-lines': ['error', 200],
      'max-lines-per-function': ['error', 40],
    },
  },
  {
    // Each is one closure over a small state that nobody else may touch; its inner functions keep to the house number.
    files: ['src/deliver/sending/{group-commit,prefetch}.ts'],
    rules: { 'max-lines-per-function': ['error', 110] },
  },
  {
    // Loops over typed arrays and dense lists whose bounds the loop itself keeps: a check at each step would cost what they were
    // written to save.
    files: [
      'src/match/{clauses,decision,embedded,knowledge,lexical,logistic,meaning,nearest-unit,occurrences,paper-index,score,unit-length,vectors}.ts',
      'src/lib/string-table.ts',
      'src/match/concepts/concept-vectors.ts',
      'src/match/eval/*.ts',
      'src/plan/{eligible-papers,interest-lists,keep-news,look-at-paper,order,pick-perhaps,rank-papers,reader-marks,seat-picks,shortlist,surprise,take-papers}.ts',
      'src/compose/wire/{join,stencil}.ts',
      'src/match/examples/{directions,known-sample}.ts',
    ],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  {
    // A test that asserts wrongly that something is there fails, which is what it is for.
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  {
    // The environment is read in one place, a transaction is opened in one way, time is an argument, and SQL has two helpers.
    files: ['src/**/*.ts'],
    rules: {
      'no-restricted-properties': ['error', ENVIRONMENT, TRANSACTION, ...TAGS, ...UNSAFE],
      'no-restricted-syntax': ['error', ...CLOCK, SESSION],
    },
  },
  {
    files: ['src/config.ts'],
    rules: { 'no-restricted-properties': ['error', TRANSACTION, ...TAGS, ...UNSAFE] },
  },
  {
    files: ['src/{config,create-context,look}.ts'],
    rules: { 'no-restricted-syntax': ['error', SESSION] },
  },
  {
    files: ['src/db/{statement,measured,for-libraries}.ts'],
    rules: { 'no-restricted-properties': ['error', ENVIRONMENT, TRANSACTION, ...TAGS] },
  },
  {
    // And what needs a session of its own.
    files: [
      'src/db/{measured,for-libraries,locks,migrate,bring-up-to-date,sessions}.ts',
      'src/db/{backup,embedded}/*.ts',
    ],
    rules: { 'no-restricted-syntax': ['error', ...CLOCK] },
  },
  {
    files: ['**/*.mjs', '**/*.js', '**/*.cjs'],
    languageOptions: {
      globals: {
        console: 'readonly',
        process: 'readonly',
        URL: 'readonly',
        WebAssembly: 'readonly',
        globalThis: 'readonly',
        document: 'readonly',
        window: 'readonly',
        fetch: 'readonly',
        AbortController: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        FormData: 'readonly',
        Intl: 'readonly',
        URLSearchParams: 'readonly',
      },
    },
  },
);
