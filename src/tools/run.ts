/** Runs one command of a tool and turns the failures to run or finish it into Problems. */
import { Problem } from '../errors/problem.js';
import type { Command, Exec, OutputLine } from '../world/exec.js';

/** What a caller of a tool hands down: how to stop it, and where its lines go. */
export interface Call {
  readonly signal: AbortSignal;
  /** Receives lines that are informative to a user; never a secret. */
  readonly say?: (line: string, lasting?: 'lasting') => void;
}

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** @throws Problem `tool-missing`, `writable-by-others`, `tool-timed-out`, `interrupted`; not for a non-zero exit */
export async function run(
  exec: Exec,
  command: Command,
  timeoutMs: number,
  call: Call,
  onLine?: (line: OutputLine) => void,
): Promise<Ended> {
  const request = { ...command, timeoutMs, signal: call.signal, ...(onLine === undefined ? {} : { onLine }) };
  const result = await exec(request);
  switch (result.kind) {
    case 'exited':
      return result;
    case 'not-found':
      throw new Problem('tool-missing', {
        what: `${command.tool} is not on PATH`,
        next: [`install ${command.tool} and run the same command again`],
      });
    case 'timed-out':
      throw new Problem('tool-timed-out', {
        what: `${commandSummary(command)} did not finish within ${Math.round(timeoutMs / 60_000)} minutes and was stopped`,
        why: lastLines(result.stderr) || lastLines(result.stdout),
        next: ['run the same command again; it continues from where it stopped'],
      });
    case 'cancelled':
      throw new Problem('interrupted', { what: `${commandSummary(command)} was stopped` });
  }
}

export function toolFailed(command: Command, ended: Ended): Problem {
  return new Problem('tool-failed', {
    what: `${commandSummary(command)} failed with exit status ${ended.code}`,
    why: lastLines(ended.stderr) || lastLines(ended.stdout),
    next: ['run the same command again; it continues from where it stopped'],
  });
}

/** The command and subcommand without values: enough to recognise it, without secrets. */
export function commandSummary(command: Command): string {
  const words = command.args.filter((arg) => !arg.startsWith('-'));
  return [command.tool, ...words.slice(0, 3)].join(' ');
}

/** Versions as tools print them, e.g. `v1.35.0` or `0.230.0-dev+4b2e1f`. */
export const versionPattern = /^v?\d[\w.+-]{0,99}$/;

/**
 * The timestamp and location with which klog (`I1122 12:23:28.7  1 deploy.go:1] `) and eksctl (`2026-11-22 12:08:02 [ℹ]
 * `) prefix their lines.
 */
const logPrefix = /^(?:[IWEF]\d{4} [\d:.]+\s+\d+ [\w.]+:\d+\] |\d{4}-\d\d-\d\d [\d:]{8} \[.\]\s+)/;

/** Maximum length of a shown line: longer than any message of the tools. */
const tellable = 1_000;

export function truncatedText(line: string): string {
  return line.length <= tellable ? line : `${line.slice(0, tellable)}…`;
}

/** The last few lines of a text, joined: where tools print the reason. A repeated line counts once. */
export function lastLines(text: string, count = 3): string {
  const lines = text.trim().split('\n');
  const told = lines.map((line) => line.replace(logPrefix, '').trim());
  return told
    .filter((line, index) => line !== told[index - 1])
    .slice(-count)
    .map(truncatedText)
    .join('; ');
}
