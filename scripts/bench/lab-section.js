/** The part of docs/benchmarks.md that is measured in the lab, by `npm run lab:bench`: it keeps its own date and machine. */
import { machine, sectionOf } from './page.js';

const heading = '## In the lab';
const failoverHeading = '## Failover, in the lab';
const about =
  '<!-- Written by npm run lab:bench. -->\n\n' +
  'The real tools, Kubernetes and Karmada in [the lab](../test/lab/README.md): a parent and two members, a push member and a ' +
  'pull member in another region. Real time, in which a cluster takes seconds where AWS takes minutes.';

/**
 * The section of a page that was written before, to its end; a sentence where there is none.
 * @param {string} page
 */
export function labSectionOf(page) {
  const from = page.indexOf(heading);
  return from === -1 ? `${heading}\n\nNot measured yet; \`npm run lab:bench\` does.\n` : page.slice(from);
}

/**
 * The page with another section at its end.
 * @param {string} page
 * @param {readonly object[]} tables
 * @param {string} date
 */
export function withLabSection(page, tables, date) {
  const from = page.indexOf(heading);
  const [measured = '', failover] = partsOf(page);
  const others = from === -1 ? `${measured}\n` : measured.slice(0, from);
  const lines = [
    heading,
    '',
    about,
    '',
    `${date}, ${machine()}.`,
    ...tables.flatMap((table) => sectionOf(table, '###')),
  ];
  return `${others}${lines.join('\n')}\n${failover === undefined ? '' : `\n${failover}`}`;
}

/**
 * The page with another section on failover at its end, written by `npm run lab:failover`.
 * @param {string} page
 * @param {object} table
 * @param {string} date
 */
export function withFailoverSection(page, table, date) {
  const [others = ''] = partsOf(page);
  const written = ['<!-- Written by npm run lab:failover. -->', '', `${date}, ${machine()}.`];
  const [, title, ...rest] = sectionOf(table, '##');
  return `${others}\n${[title, '', ...written, ...rest].join('\n')}\n`;
}

/** What comes before the section on failover, and that section where there is one. */
function partsOf(page) {
  const from = page.indexOf(failoverHeading);
  return from === -1 ? [page, undefined] : [page.slice(0, from).replace(/\n+$/, '\n'), page.slice(from)];
}
