/** Runs of the built program on a rehearsed machine, on virtual time, with what they asked of AWS and of the tools. */
import { PassThrough } from 'node:stream';
import { runCli } from '../../dist/main.js';
import { newAccount } from '../../dist/rehearsal/account.js';
import { connect } from '../../dist/rehearsal/machine/connect.js';
import { addVpc } from '../../dist/rehearsal/vpcs.js';

export const place = ['--region=us-west-2', '--vpc=bench'];

/**
 * An account with the VPC of `place`.
 * @returns the account, and its VPC with the subnets
 */
export function accountWithVpc() {
  const account = newAccount();
  const made = addVpc(account, { region: 'us-west-2', name: 'bench', variant: 'full' });
  // As in subnets of /18: those of the rehearsal hold few clusters.
  for (const subnet of account.region('us-west-2').subnets) subnet.freeAddresses = 16_379;
  return { account, made };
}

/**
 * Carries out a command line, which must end with 0.
 * @param account
 * @param {readonly string[]} argv
 * @returns virtual and real ms, the events, and the keys of its AWS calls and of its commands
 */
export async function run(account, argv) {
  const { world, calls } = connect(account);
  const events = [];
  const open = async () => ({ world, onEvent: (event) => events.push(event), close: async () => {} });
  const complaints = [];
  const from = { virtual: account.now(), real: performance.now() };
  const code = await runCli({ open, surroundings: surroundings(complaints), onStop: () => {} }, argv);
  if (code !== 0) throw new Error(`${argv[0]} ended with ${code}: ${complaints.join('').slice(-2_000)}`);
  const keysOf = (kind) => calls.filter(({ key }) => key.startsWith(kind)).map(({ key }) => key);
  return {
    virtualMs: account.now() - from.virtual,
    realMs: performance.now() - from.real,
    events,
    awsCalls: keysOf('aws '),
    commands: keysOf('exec '),
  };
}

/** No terminal; what is said on the way is kept for the case that the run fails. */
function surroundings(complaints) {
  return {
    stdin: new PassThrough(),
    stdout: new PassThrough().resume(),
    stderr: new PassThrough().on('data', (text) => complaints.push(String(text))),
    stdinIsTty: false,
    stdoutIsTty: false,
    stderrIsTty: false,
    columns: () => undefined,
    env: {},
  };
}
