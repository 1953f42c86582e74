/** What an API server, or the way to it, answers instead of an object; simulators print it and never let it out. */

/** The reason of a Kubernetes Status, or of a connection that failed. */
export type RefusalReason =
  | 'NotFound'
  | 'AlreadyExists'
  | 'Invalid'
  | 'BadRequest'
  | 'Conflict'
  | 'Forbidden'
  | 'Unauthorized'
  | 'ServiceUnavailable'
  | 'InternalError'
  | 'Unknown'
  | 'Connection';

/** A refused request. `Connection` means that no API server answered. */
export class Refusal extends Error {
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, message: string) {
    super(message);
    this.name = 'Refusal';
    this.reason = reason;
  }
}

/**
 * The refusal as kubectl and kubectl-karmada print it (kubectl 0.35, pkg/cmd/util/helpers.go).
 * @param doing what the program was about, e.g. `error when creating "STDIN"`
 */
export function printedRefusal(refusal: Refusal, doing?: string): string {
  const message = doing === undefined ? refusal.message : `${doing}: ${refusal.message}`;
  switch (refusal.reason) {
    case 'Connection':
      return refusal.message;
    case 'Unauthorized':
      return 'error: You must be logged in to the server (Unauthorized)';
    case 'Invalid':
      return `The ${refusal.message}`;
    case 'Unknown':
      return `Error from server: ${message}`;
    default:
      return `Error from server (${refusal.reason}): ${message}`;
  }
}
