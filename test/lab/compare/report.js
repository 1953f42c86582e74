/** The page docs/rehearsal-and-lab.md: what was compared, and what differed. */

/**
 * @param {readonly { readonly name: string, readonly commands: number, readonly questions: number, readonly facts: number,
 *   readonly fresh: readonly string[], readonly hits: readonly number[] }[]} rows one a scenario
 * @param {readonly { readonly reason: string }[]} known
 * @param {string} date
 */
export function page(rows, known, date) {
  const sum = (figure) => rows.reduce((total, row) => total + figure(row), 0);
  const figures = ({ commands, questions, facts, fresh, hits }) => [
    commands,
    questions,
    facts,
    fresh.length,
    total(hits),
  ];
  const all = figures({
    commands: sum(({ commands }) => commands),
    questions: sum(({ questions }) => questions),
    facts: sum(({ facts }) => facts),
    fresh: rows.flatMap(({ fresh }) => fresh),
    hits: rows.map(({ hits }) => total(hits)),
  });
  return `${[
    '# Rehearsal and lab',
    '',
    '<!-- Written by npm run lab:compare. Do not edit. -->',
    '',
    'The same scenarios, each going on from the one before, in the [lab](../test/lab/README.md) (the real tools, Kubernetes and',
    'Karmada, AWS simulated) and in the [rehearsal](../src/rehearsal/README.md). For each step of a run its commands are compared',
    '(those that change something in their order, with what stands on their standard input), the questions that AWS was asked,',
    'and what there was in the end: contexts, clusters, node groups, add-ons, stacks, load balancers and volumes with their tags,',
    'rules and target groups of load balancers, Services, claims, workloads and members. Ids, addresses, paths, times and tokens have',
    'names in their places; what was asked again and again during a wait counts once.',
    '',
    `${date}: ${rows.length} scenarios, ${all[3]} new differences, ${all[4]} known ones.`,
    '',
    '| scenario | commands | questions | facts at the end | new differences | known differences |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...rows.map((row) => `| ${[row.name, ...figures(row)].join(' | ')} |`),
    `| all | ${all.join(' | ')} |`,
    '',
    '## Known differences',
    '',
    '| how often | why |',
    '| ---: | --- |',
    ...known.map(({ reason }, index) => `| ${sum(({ hits }) => hits[index])} | ${reason} |`),
    ...newOnes(rows),
  ].join('\n')}\n`;
}

function newOnes(rows) {
  const lines = rows.flatMap(({ name, fresh }) =>
    fresh.map((difference) => `- ${name}: \`${difference.slice(0, 300)}\``),
  );
  return lines.length === 0 ? [] : ['', '## New differences', '', ...lines];
}

function total(numbers) {
  return numbers.reduce((sum, each) => sum + each, 0);
}
