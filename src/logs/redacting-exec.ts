/** Redacts secrets from the output of programs that may be shown to the user as the reason for a failure. */
import type { Command, Exec } from '../world/exec.js';
import { redact } from './redact.js';

/** What a program was asked for, such as a Secret or a token, is left unchanged. */
export function redactingExec(exec: Exec): Exec {
  return async (request) => {
    const result = await exec(request);
    if (result.kind === 'not-found' || (result.kind === 'exited' && result.code === 0 && answersSecrets(request))) {
      return result;
    }
    return { ...result, stdout: redact(result.stdout), stderr: redact(result.stderr) };
  };
}

/** Others end well with the words of an error too: `register` after some failures, and whatever cannot be understood. */
function answersSecrets({ tool, args }: Command): boolean {
  return tool === 'kubectl' || (tool === 'kubectl-karmada' && args[0] === 'token');
}
