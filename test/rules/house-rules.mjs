/** What Offprint's linter asks beside the rules that are published. */
const SQL = 'SQL has two helpers: see src/db/README.md.';
const WIDTH = 120;

/** Makes a rule that looks at members which are asked for, by a dot or by taking an object apart. */
const onMember = (isRefused, message) =>
  rule((context) => ({
    MemberExpression(node) {
      if (isRefused(nameOf(node.object), nameOf(node.property))) context.report({ node, message });
    },
    ObjectPattern(node) {
      const from = node.parent.type === 'VariableDeclarator' && node.parent.init ? nameOf(node.parent.init) : undefined;
      for (const property of node.properties)
        if (property.type === 'Property' && isRefused(from, nameOf(property.key))) context.report({ node, message });
    },
  }));
const named =
  (...names) =>
  (_, property) =>
    names.includes(property);

export default {
  meta: { name: 'house' },
  rules: {
    environment: onMember((of, name) => of === 'process' && name === 'env', 'Settings come from src/config.ts.'),
    transaction: onMember(named('$transaction'), 'Use transaction() of src/db/client.ts.'),
    'raw-sql': onMember(
      (of, name) =>
        named('$queryRaw', '$executeRaw')(of, name) ||
        (of === 'Prisma' && named('sql', 'raw', 'join', 'empty')(of, name)),
      SQL,
    ),
    'unsafe-sql': onMember(named('$queryRawUnsafe', '$executeRawUnsafe'), SQL),
    session: rule((context) => ({
      CallExpression(node) {
        if (node.callee.type === 'MemberExpression' && nameOf(node.callee.property) === 'query')
          context.report({ node, message: SQL });
      },
    })),
    clock: rule((context) => ({
      CallExpression(node) {
        const { callee } = node;
        if (callee.type === 'MemberExpression' && nameOf(callee.object) === 'Date' && nameOf(callee.property) === 'now')
          context.report({ node, message: 'Ask ctx.now().' });
      },
      NewExpression(node) {
        if (nameOf(node.callee) === 'Date' && node.arguments.length === 0)
          context.report({ node, message: 'Ask ctx.now().' });
      },
    })),
    // Code is wrapped by the formatter; what it leaves are comments.
    width: rule((context) => ({
      Program() {
        for (const comment of context.sourceCode.getAllComments()) {
          const lines = context.sourceCode.lines.slice(comment.loc.start.line - 1, comment.loc.end.line);
          const isWide = (line) => line.length > WIDTH && !/https?:\/\//.test(line);
          if (lines.some((line, nth) => isWide(line) && !isCodeBefore(comment, line, nth)))
            context.report({ node: comment, message: `A comment ends at column ${WIDTH}.` });
        }
      },
    })),
  },
};

function rule(create) {
  return { meta: { type: 'problem', schema: [] }, create };
}

/** The name that a node stands for, or the text of one in brackets. */
function nameOf(node) {
  return node.type === 'Identifier' ? node.name : node.type === 'Literal' ? node.value : undefined;
}

/** Tells whether a line is wide by the code before its comment, which begins behind the width. */
function isCodeBefore(comment, line, nth) {
  return nth === 0 && comment.loc.start.column > WIDTH && line.trim() !== '';
}
