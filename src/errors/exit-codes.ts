/** The exit codes: a contract with scripts; documented in docs/errors.md. */
export const ExitCode = {
  ok: 0,
  /** A bug in karmada-eks. */
  internal: 1,
  /** Wrong flags, values or configuration; nothing was changed. */
  usage: 2,
  /** A precondition is not met; nothing was changed. */
  refused: 3,
  /** A step failed; running the same command again continues. */
  failed: 4,
  /** `down` ended, but something that may cost money is still there. */
  leftovers: 5,
  /** The user declined. */
  declined: 6,
  /** Another run is working on this fleet. */
  locked: 7,
  /** `status`: the fleet is not Ready. */
  notReady: 8,
  /** `plan --detailed-exitcode`: there is something to do. Not 2, as in Terraform: that is a usage error here, and no answer. */
  changes: 9,
  /** Interrupted (128 + SIGINT). */
  interrupted: 130,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
