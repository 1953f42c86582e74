/** Distinguishes commands that only read from those that may change something. */
import type { Command } from '../world/exec.js';

/** Whether a command certainly changes nothing. */
export function isReadOnly({ tool, args }: Command): boolean {
  const [verb = ''] = args.filter((arg) => !arg.startsWith('-'));
  if (tool === 'eksctl' && args.includes('--dry-run')) return true;
  return tool === 'aws' || ['get', 'api-resources', 'config', 'version', 'logs'].includes(verb) || asksEtcd(verb, args);
}

/** What etcdctl is asked in a pod. */
function asksEtcd(verb: string, args: readonly string[]): boolean {
  const words = args.filter((arg) => !arg.startsWith('-')).slice(-2);
  return verb === 'exec' && ['endpoint status', 'member list'].includes(words.join(' '));
}
