/** The name of a program's call, by which faults find it and the journal records it. */
import type { Command } from '../../world/exec.js';

/**
 * `exec <tool> <words without flags>`, `--dry-run` before them, then what flags name (`--cluster`, `--name`, kubectl's `--context`), then what
 * standard input names: the cluster of a ClusterConfig, `Kind/name` of Kubernetes objects.
 */
export function commandKey(command: Command): string {
  const words = command.args.filter((arg) => !arg.startsWith('-'));
  const flags = command.tool === 'kubectl' ? ['context'] : ['cluster', 'name'];
  const named = flags.flatMap((flag) => flagValue(command.args, flag) ?? []);
  // What only tries is another call than what does it.
  const how = command.args.filter((arg) => arg === '--dry-run');
  return ['exec', command.tool, ...how, ...words, ...named, ...namesIn(command.stdin)].join(' ');
}

function flagValue(args: readonly string[], flag: string): string | undefined {
  const start = `--${flag}=`;
  return args.find((arg) => arg.startsWith(start))?.slice(start.length);
}

interface Named {
  readonly kind?: string;
  readonly metadata?: { readonly name?: string };
  readonly items?: readonly Named[];
}

function namesIn(stdin: string | undefined): readonly string[] {
  if (stdin === undefined) return [];
  try {
    const value = JSON.parse(stdin) as Named;
    if (value.kind === 'ClusterConfig') return [value.metadata?.name ?? ''];
    return (value.items ?? [value]).map(({ kind, metadata }) => (metadata ? `${kind}/${metadata.name}` : `${kind}`));
  } catch {
    return [];
  }
}
