/** docs/conformance.md: for each suite, what passes, and each deviation with its reason, as the suites themselves say it. */
import { SUITES } from '../../test/conformance/suites.ts';
import type { Suite } from '../../test/conformance/suite.ts';
import { table } from './table.ts';

function sectionOf({ title, against, command, passes, deviations, table: more }: Suite): string {
  const decided =
    deviations.length === 0
      ? 'Nothing is decided otherwise.'
      : table(
          ['of', 'here', 'because'],
          deviations.map(({ of, decision, reason }) => [of, decision, reason]),
        );
  const parts = [
    `## ${title}`,
    `Held against ${against}. Passes: ${passes}.`,
    `\`\`\`sh\n${command.replaceAll('; ', '\n')}\n\`\`\``,
    decided,
    ...(more === undefined ? [] : [table(more.head, more.rows)]),
  ];
  return parts.join('\n\n');
}

export function conformance(): string {
  const suites = SUITES.map((suite) => suite());
  const rows = suites.map(({ title, passes, deviations }) => [title, passes, String(deviations.length)]);
  return `<!-- Written by \`npm run docs\` from the suites in test/conformance; change it there. -->

# Conformance

Nothing is skipped: where this server decides otherwise than what it is held against, the decision is listed with its
reason. \`npm test\` runs every suite but the two that need Java or Python; \`npm run conformance\` runs all of them and
writes this page.

${table(['suite', 'what passes', 'deviations'], rows)}

${suites.map(sectionOf).join('\n\n')}
`;
}
