/** Whose credentials a rehearsed process has, and how long they last. */
import type { AskCode, CredentialLife } from '../../world/aws.js';
import type { Account } from '../account.js';
import { AwsError } from '../aws/answer.js';

/** A profile in the user's AWS configuration. */
export interface RehearsedProfile {
  /** Its role wants a code of this device; each of the codes begins one session. */
  readonly mfa?: { readonly device: string; readonly codes: readonly string[] };
  /**
   * When the SSO session ends that its credentials come from, in ms since the epoch. Those of a role last an hour, in each program that
   * has taken them before.
   */
  readonly ssoEndsAt?: number;
}

export interface IdentityOptions {
  /** When the AWS credentials end, in ms since the epoch; they do not when not given. */
  readonly credentialsExpireAt?: number;
  /** How long credentials last that every program takes anew five minutes before they end (SDK 3.1169, core), in ms. */
  readonly credentialsLifeMs?: number;
  /** By name; where not given, every name is a profile. */
  readonly profiles?: Readonly<Record<string, RehearsedProfile>>;
}

/** How long a session of a role lasts, in ms, where the profile does not say (SDK 3.1169, credential-provider-ini), and of a permission set. */
const sessionMs = 3_600_000;

/** SDK 3.1169, token-providers. */
const ssoIsOver = "Token is expired. To refresh this SSO session run 'aws sso login' with the corresponding profile.";

/** So often another code is asked for when one was refused. */
const mostCodes = 3;

/** Codes that have begun a session, whichever process it was. */
const used = new WeakMap<Account, Set<string>>();

export class Identity {
  readonly #account: Account;
  readonly #options: IdentityOptions;
  readonly #began: number;
  #profile: string | undefined;
  #askCode: AskCode | undefined;
  /** When the session ends that a code began; asked for once. */
  #session: Promise<number> | undefined;
  #sessionEndsAt = 0;

  constructor(account: Account, options: IdentityOptions, profile: string | undefined) {
    this.#account = account;
    this.#options = options;
    this.#began = account.now();
    this.#profile = profile;
  }

  /** From here on the credentials are of this profile, where one is given. `askCode`: as the real clients have it. */
  use(profile: string | undefined, askCode: AskCode | undefined): void {
    this.#profile = profile ?? this.#profile;
    this.#askCode = askCode;
  }

  /** In ms since the epoch; long past where there are none, or none before a code is given. */
  get endsAt(): number | undefined {
    const { credentialsLifeMs: life, credentialsExpireAt } = this.#options;
    if (this.#isMissing()) return 0;
    if (this.#settings()?.mfa !== undefined) return this.#sessionEndsAt;
    const sso = this.#settings()?.ssoEndsAt;
    const used = Math.min(this.#account.now(), sso ?? Number.POSITIVE_INFINITY) - this.#began;
    if (sso !== undefined) return endOfLife(used, life ?? sessionMs) + this.#began;
    return life === undefined ? credentialsExpireAt : endOfLife(used, life) + this.#began;
  }

  /** Whether a program that starts now gets none, though this process may still have some. */
  get areOverForOthers(): boolean {
    return this.#account.now() >= (this.#settings()?.ssoEndsAt ?? Number.POSITIVE_INFINITY);
  }

  /** Takes them for the first time. Rejects as the SDK does where there are none. */
  async begin(): Promise<void> {
    if (this.#isMissing()) {
      const there = Object.keys(this.#options.profiles ?? {})
        .sort()
        .join(', ');
      throw new AwsError('CredentialsProviderError', `profile ${this.#profile} does not exist; there are ${there}`);
    }
    const { mfa } = this.#settings() ?? {};
    if (this.areOverForOthers && this.#account.now() >= (this.endsAt ?? 0)) throw this.#none(ssoIsOver);
    if (mfa === undefined) return;
    this.#session ??= this.#asked(mfa);
    this.#sessionEndsAt = await this.#session;
    if (this.#account.now() >= this.#sessionEndsAt)
      throw this.#none('the session that began with an MFA code has ended');
  }

  async life(): Promise<CredentialLife> {
    await this.begin();
    const { mfa, ssoEndsAt } = this.#settings() ?? {};
    const isRenewed = this.#options.credentialsLifeMs !== undefined || ssoEndsAt !== undefined;
    return {
      endsAt: this.endsAt,
      isSession: this.endsAt !== undefined,
      renewal: mfa === undefined ? (isRenewed ? 'itself' : 'none') : 'code',
      renewedUntil: ssoEndsAt,
      profile: this.#profile,
    };
  }

  /** Undefined where nothing is known of the profile. */
  #settings(): RehearsedProfile | undefined {
    return this.#options.profiles?.[this.#profile ?? 'default'];
  }

  #isMissing(): boolean {
    const { profiles } = this.#options;
    return this.#profile !== undefined && profiles !== undefined && profiles[this.#profile] === undefined;
  }

  async #asked({ device, codes }: NonNullable<RehearsedProfile['mfa']>): Promise<number> {
    const profile = this.#profile ?? 'default';
    const ask = this.#askCode;
    if (ask === undefined)
      throw new AwsError(
        'CredentialsProviderError',
        `profile ${profile} requires multi-factor authentication, and nobody can be asked for the code`,
      );
    const before = used.get(this.#account) ?? new Set();
    used.set(this.#account, before);
    for (let asked = 0; asked < mostCodes; asked += 1) {
      const code = await ask({ device, profile, isAgain: asked > 0 });
      if (codes.includes(code) && !before.has(code)) {
        before.add(code);
        return this.#account.now() + sessionMs;
      }
    }
    throw this.#none('MultiFactorAuthentication failed with invalid MFA one time pass code. ');
  }

  #none(why: string): AwsError {
    return new AwsError('CredentialsProviderError', `profile ${this.#profile ?? 'default'}: ${why}`);
  }
}

/** When credentials end that are so long in use, ms from the beginning. */
function endOfLife(usedMs: number, lifeMs: number): number {
  const renewedAfterMs = lifeMs - 5 * 60_000;
  return Math.floor(usedMs / renewedAfterMs) * renewedAfterMs + lifeMs;
}
