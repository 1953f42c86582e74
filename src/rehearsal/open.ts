/** Opens the rehearsal for a person: the account that was kept on this machine, or a new one with a VPC and a bucket in it. */
import { Problem } from '../errors/problem.js';
import type { Files } from '../world/files.js';
import type { World } from '../world/world.js';
import { putIntoVpc, putOutside } from './account/machines.js';
import { type Account, newAccount, restore, snapshot } from './account.js';
import { addBucket } from './aws/s3.js';
import { accountPath } from './hint.js';
import { type KeepingOptions, openKeeping } from './keeping.js';
import { connect } from './machine/connect.js';
import { firstHost } from './machine/process.js';
import { addVpc } from './vpcs.js';

/** The VPC of a new account, and the regions that have one; the first is the default region of a fleet. The bucket is in the last one. */
const furnished = {
  vpc: 'karmada-vpc',
  regions: ['us-west-2', 'us-east-1', 'eu-west-1', 'eu-central-1', 'ap-southeast-1'],
  bucket: 'my-backups',
} as const;

export interface OpenRehearsal {
  readonly world: World;
  /** A text with the paths under which this machine has the files that it names. */
  readonly shown: (text: string) => string;
  /** Writes the account down for the next command; calls that come meanwhile are one. Never rejects. */
  readonly keep: () => Promise<void>;
  /** The same for the last time: others may work in the account then. */
  readonly close: () => Promise<void>;
}

/**
 * `real` gives the folder to keep the account in, the user's own files and input, and the KARMADA_EKS_ variables; nothing
 * else of it is used. `profile`: that the credentials are said to be of; on the rehearsed machine every name is one.
 * @throws Problem `rehearsal-in-use`, `rehearsal-unreadable`
 */
export async function openRehearsal(
  real: World,
  speed: number,
  options: KeepingOptions,
  profile?: string,
): Promise<OpenRehearsal> {
  const { files, environment, readInput } = real;
  const path = accountPath(environment);
  const keeper = await openKeeping(real, path, options);
  const account = await accountOf(keeper.text, path, speed).catch(async (thrown: unknown) => {
    await keeper.release();
    throw thrown;
  });
  try {
    stand(account, environment.vars['KARMADA_EKS_REHEARSED_VPC']);
  } catch (thrown) {
    await keeper.release();
    throw thrown;
  }
  const overrides = Object.entries(environment.vars).filter(([name]) => name.startsWith('KARMADA_EKS_'));
  const vars = {
    // Suggestions, not answers: a guided run still asks, and a file or a record takes precedence.
    AWS_REGION: furnished.regions[0],
    KARMADA_EKS_DEFAULT_VPC: furnished.vpc,
    ...Object.fromEntries(overrides),
    ...(profile !== undefined && { AWS_PROFILE: profile }),
  };
  const { world } = connect(account, { vars });
  const { workingDir } = environment;
  const machine = `${environment.dataDir}/rehearsal/machine`;
  let writing: Promise<void> | undefined;
  const write = (): Promise<void> => keeper.keep(snapshot(account)).finally(() => (writing = undefined));
  const keep = async (): Promise<void> => {
    // What happened while another write was under way is not in it: the last caller waits and writes again.
    await writing;
    writing ??= write();
    await writing;
  };
  return {
    world: {
      ...world,
      files: withOwnFiles(world.files, files, machine),
      environment: { ...world.environment, workingDir },
      readInput,
    },
    shown: (text) => text.replace(/\/home\/you(?=\/\S*\/logs\b)/g, `${machine}/home/you`),
    keep,
    close: async () => {
      await writing;
      await keeper.close(snapshot(account));
    },
  };
}

/**
 * Without a VPC the machine stands outside of all; `named` is the name or id of one, after its region and a slash where that is not the
 * first. @throws Problem `invalid-value` where there is none
 */
function stand(account: Account, named: string | undefined): void {
  putOutside(account, firstHost);
  if (named === undefined || named === '') return;
  const [name = '', region = furnished.regions[0]] = named.split('/').reverse();
  const vpc = account.region(region).vpcs.find(({ id, tags }) => [id, tags['Name']].includes(name));
  if (vpc === undefined) {
    throw new Problem('invalid-value', {
      what: `KARMADA_EKS_REHEARSED_VPC: the rehearsed account has no VPC ${name} in ${region}`,
      next: [`set it to ${furnished.vpc} or REGION/${furnished.vpc}, or unset it: then the machine is in no VPC`],
    });
  }
  putIntoVpc(account, firstHost, region, vpc);
}

/**
 * The rehearsed machine's files, and behind them the user's own: a configuration file or an archive of CRDs to read, and
 * a support bundle, a backup or the answers of a guided run to write, which are no use in a simulated folder. Logs are written to both,
 * so that people can read them.
 */
function withOwnFiles(rehearsed: Files, own: Files, machine: string): Files {
  const isRehearsed = (path: string): boolean => path.startsWith('/home/you/');
  const filesAt = (path: string): Files => (isRehearsed(path) ? rehearsed : own);
  return {
    ...rehearsed,
    append: async (path, text) => {
      await rehearsed.append(path, text);
      // Where nothing can be written, that was told when the account could not be kept.
      if (path.includes('/logs/')) await own.append(machine + path, text).catch(() => undefined);
    },
    read: async (path) => await filesAt(path).read(path),
    writeBytes: async (path, bytes) => await filesAt(path).writeBytes(path, bytes),
    write: async (path, text) => await filesAt(path).write(path, text),
    readStream: (path) => filesAt(path).readStream(path),
    writeStream: async (path, bytes) => await filesAt(path).writeStream(path, bytes),
    moveIfFree: async (from, to) => await filesAt(to).moveIfFree(from, to),
    size: async (path) => await filesAt(path).size(path),
    remove: async (path) => await filesAt(path).remove(path),
    facts: async (path) => await filesAt(path).facts(path),
    list: async (folder) => await filesAt(folder).list(folder),
  };
}

async function accountOf(kept: string | undefined, path: string, speed: number): Promise<Account> {
  return kept === undefined ? furnish(newAccount({ now: Date.now(), speed })) : restoreKept(kept, path, speed);
}

function furnish(account: Account): Account {
  for (const region of furnished.regions) addVpc(account, { region, name: furnished.vpc, variant: 'full' });
  addBucket(account.state, furnished.bucket, { region: furnished.regions.at(-1) ?? '' });
  return account;
}

/** @throws Problem `rehearsal-unreadable` for a file that was cut off, written by hand, or kept by another version */
function restoreKept(text: string, path: string, speed: number): Account {
  const state = parsed(text, path);
  const expected = Object.entries(newAccount().state);
  const mismatched = expected.filter(([key, value]) => kindOf(state[key]) !== kindOf(value)).map(([key]) => key);
  if (mismatched.length > 0) throw unreadable(path, `not in the format of this version: ${mismatched.join(', ')}`);
  return restore(text, speed);
}

function parsed(text: string, path: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (kindOf(value) === 'record') return value as Readonly<Record<string, unknown>>;
  } catch (cause) {
    throw unreadable(path, cause instanceof Error ? cause.message : String(cause), cause);
  }
  throw unreadable(path, 'it is not an account');
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'list';
  return typeof value === 'object' && value !== null ? 'record' : typeof value;
}

function unreadable(path: string, why: string, cause?: unknown): Problem {
  return new Problem('rehearsal-unreadable', {
    what: `cannot read the simulated account in ${path}`,
    why,
    next: [`remove the file to start with a new account: rm '${path}'`],
    cause,
  });
}
