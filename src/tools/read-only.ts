/** Distinguishes commands that only read from those that may change something. */
import type { Command } from '../world/exec.js';

/** Whether a command certainly changes nothing. */
export function isReadOnly({ tool, args }: Command): boolean {
  const [verb = ''] = args.filter((arg) => !arg.startsWith('-'));
  return tool === 'aws' || ['get', 'api-resources', 'config', 'version'].includes(verb);
}
