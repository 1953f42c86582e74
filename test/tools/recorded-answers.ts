/** What the real tools answered in the lab, as `npm run lab:compare -- --record` keeps it in test/fixtures/tools. */
import { readdirSync, readFileSync } from 'node:fs';
import type { ExecResult } from '../../src/world/exec.js';

/** What a program that ran to its end left. */
export type Answer = Extract<ExecResult, { kind: 'exited' }>;

const folder = new URL('../fixtures/tools/', import.meta.url);

/** The recorded answers by `tool/name`, each with the version of the tool. */
export const recordedAnswers: ReadonlyMap<string, Answer & { readonly version: string }> = new Map(
  readdirSync(folder).flatMap((toolAndVersion) => {
    const [, tool, version = ''] = /^(.+)-(\d.*)$/.exec(toolAndVersion) ?? [];
    return readdirSync(new URL(`${toolAndVersion}/`, folder)).map((file) => {
      const text = readFileSync(new URL(`${toolAndVersion}/${file}`, folder), 'utf8');
      const answer = JSON.parse(text) as Omit<Answer, 'kind'>;
      return [`${tool}/${file.replace(/\.json$/, '')}`, { kind: 'exited', version, ...answer }] as const;
    });
  }),
);

/** One of them, which must be there. */
export function recordedAnswer(name: string): Answer & { readonly version: string } {
  const answer = recordedAnswers.get(name);
  if (answer === undefined) throw new Error(`there is no recording of ${name}`);
  return answer;
}
