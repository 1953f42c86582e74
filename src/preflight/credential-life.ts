/** Whether the credentials last as long as what is to be done with them. */
import { answerOf } from '../aws/call.js';
import { counted } from '../errors/counted.js';
import { ok, warning } from '../errors/diagnostic.js';
import type { Diagnostic } from '../errors/problem.js';
import type { CredentialLife } from '../world/aws.js';
import type { World } from '../world/world.js';

const minute = 60_000;

/** A whole `up` takes about half an hour; a session of an hour that has just begun is enough. */
export const wantedLifeMs = 55 * minute;

/** Before what the credentials should not end. */
interface Aim {
  readonly takesMs: number;
  /** e.g. `the fleet is up`. */
  readonly until: string;
}

/** One diagnostic. @throws Problem where there are no credentials */
export async function checkCredentialLife(
  { aws, clock }: Pick<World, 'aws' | 'clock'>,
  { takesMs, until }: Aim,
): Promise<Diagnostic> {
  const life = await answerOf('reading the AWS credentials', aws.credentialLife());
  const now = clock.now();
  const leftOf = (at: number): string => counted(Math.max(0, Math.round((at - now) / minute)), 'minute');
  const lasts = (at: number | undefined): boolean => at === undefined || at - now >= takesMs;
  const { endsAt, renewal, renewedUntil } = life;
  if (renewal === 'itself' && renewedUntil !== undefined && !lasts(renewedUntil))
    return warning({
      what: `the SSO session of the AWS credentials ends in ${leftOf(renewedUntil)}, possibly before ${until}`,
      next: [`begin a new one first: aws sso login${ofProfile(life)}`],
    });
  if (endsAt === undefined)
    return life.isSession ? unknownEnd(life, until) : ok('the credentials do not report an expiry');
  if (lasts(endsAt)) return ok(`valid for ${leftOf(endsAt)}`);
  if (renewal === 'itself') return ok(`valid for ${leftOf(endsAt)}, and renewed before they end`);
  const what = `the AWS credentials expire in ${leftOf(endsAt)}, possibly before ${until}`;
  return warning({ what, next: renewal === 'code' ? ofCode(life) : ofKeys });
}

/** Whether a warning is one of these. */
export function isOfCredentials({ what }: Diagnostic): boolean {
  return what.includes('the AWS credentials');
}

const ofKeys = ['set new session keys, or use a profile, whose credentials are renewed: --profile'];

/** The session was begun with a code, and another one cannot be asked for while a run is under way. */
function ofCode({ profile = 'default' }: CredentialLife): readonly string[] {
  return [
    'go on: if the session ends before, run the same command again; it asks for a new code and continues',
    `or have longer sessions: set duration_seconds of profile ${profile}, up to what its role allows`,
  ];
}

/** Keys of a session whose end was not written down beside them. */
function unknownEnd(life: CredentialLife, until: string): Diagnostic {
  const where = life.profile === undefined ? 'in AWS_SESSION_TOKEN' : `that stands in profile ${life.profile}`;
  return warning({
    what: `the AWS credentials are a session ${where}, which is not renewed; nothing tells when it ends, possibly before ${until}`,
    next: ['go on: if it ends before, set new session keys and run the same command again; it continues'],
  });
}

function ofProfile({ profile }: CredentialLife): string {
  return profile === undefined || profile === 'default' ? '' : ` --profile ${profile}`;
}
