/** What eksctl's log lines mean to a user (forms observed with 0.230.0: `2026-… [ℹ|✔|!|✖]  text`). */
import { truncatedText } from '../run.js';

const prefix = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2} \[(.)\]\s+(.*)$/u;

/** Beginnings of lines that report the progress of a long operation. */
const markers = [
  'building cluster stack',
  'deploying stack',
  'building managed nodegroup stack',
  'building nodegroup stack',
  'waiting for CloudFormation stack',
  'creating addon',
  'node "',
  'EKS cluster "',
  'deleting EKS cluster',
  'deleted ',
  'will delete stack',
  'waiting for stack',
  'waiting for at least',
  'creating role',
];

/** The cluster is known where the text is shown; which of its stacks it is, the end of the name tells. */
const stackName = /(?:CloudFormation )?stack "eksctl-\S*?-((?:cluster|nodegroup|addon)[^"\s]*)"/;

/** The text of a log line that is worth showing during the operation, or undefined. */
export function meaningOf(line: string): string | undefined {
  const text = prefix.exec(line)?.[2];
  if (text === undefined) return undefined;
  return markers.some((marker) => text.startsWith(marker)) ? text.replace(stackName, 'stack …-$1') : undefined;
}

/** Why eksctl failed: the failed resource's own reason, otherwise its error lines; undefined if it prints none. */
export function reasonIn(output: string): string | undefined {
  const errors: string[] = [];
  for (const line of output.split('\n')) {
    const [, mark, text] = prefix.exec(line) ?? [];
    if (mark === '✖' && text !== undefined) errors.push(text);
    else if (line.startsWith('Error: ')) errors.push(line.slice('Error: '.length));
  }
  const failed = errors.filter((text) => /^AWS::\w+::\w+\/\w+: (CREATE|DELETE|UPDATE)_FAILED/.test(text));
  // eksctl prints the newest event first: resources that CloudFormation cancelled precede the one that caused the
  // cancellation.
  const resource = failed.find((text) => !text.includes('Resource creation cancelled'));
  if (resource !== undefined) return truncatedText(resource);
  return errors.length > 0 ? [...new Set(errors)].slice(-3).map(truncatedText).join('; ') : undefined;
}
