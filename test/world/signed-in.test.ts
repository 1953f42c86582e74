/** The built program and its credentials, as a process of its own: which it takes of several, and an MFA code in a real pseudo-terminal. */
import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from 'vitest';
import { realFiles } from '../../src/world/real/disk/files.js';
import { hasTerminals, keys, startTerminal } from '../commands/up/terminal.js';
import { triesMore } from '../lifecycle/cases.js';
import { builtProgram } from './built-program.js';
import { loopback } from './loopback.js';
import { program, tempFolder } from './temp-folder.js';

let karmadaEks = '';
beforeAll(async () => {
  if (triesMore) karmadaEks = await builtProgram();
}, 180_000);

const config = `[profile base]
aws_access_key_id = AKIABASE
aws_secret_access_key = s
[profile admin]
source_profile = base
role_arn = arn:aws:iam::111122223333:role/admin
mfa_serial = arn:aws:iam::111122223333:mfa/ann
`;

/** A machine with two profiles, whose programs write down which credentials they see; and who signed each call of AWS. */
async function machine() {
  const folder = await tempFolder();
  for (const each of ['bin', 'work', 'data']) await mkdir(join(folder, each), { mode: 0o700 });
  await realFiles.write(join(folder, 'config'), config);
  const seen = join(folder, 'seen');
  const shown = '[process.env.AWS_PROFILE, process.env.AWS_ACCESS_KEY_ID].join()';
  for (const tool of ['eksctl', 'kubectl', 'kubectl-karmada', 'aws'])
    await program(
      join(folder, 'bin', tool),
      `require('node:fs').appendFileSync(${JSON.stringify(seen)}, '${tool} ' + process.argv.slice(2, 4).join(' ') + ' ' + ${shown} + '\\n'); process.exit(1)`,
    );
  const signers: string[] = [];
  const url = await loopback(async (request, response) => {
    const given = Object.fromEntries(new URLSearchParams(await text(request)));
    signers.push(/Credential=([^/]+)/.exec(request.headers.authorization ?? '')?.[1] ?? '');
    const until = new Date(Date.now() + 3_600_000).toISOString();
    const session = `<Credentials><AccessKeyId>ASIASESSION</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>${until}</Expiration></Credentials>`;
    const identity =
      '<Arn>arn:aws:sts::111122223333:assumed-role/admin/x</Arn><Account>111122223333</Account><UserId>A</UserId>';
    const { Action = '' } = given;
    const isKnown = ['AssumeRole', 'GetCallerIdentity'].includes(Action);
    response.writeHead(isKnown ? 200 : 403, { 'content-type': 'text/xml' });
    response.end(
      isKnown
        ? `<${Action}Response><${Action}Result>${Action === 'AssumeRole' ? session : identity}</${Action}Result></${Action}Response>`
        : '<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors></Response>',
    );
  });
  const env = {
    PATH: `${join(folder, 'bin')}:${process.env['PATH']}`,
    HOME: folder,
    TERM: 'xterm',
    KARMADA_EKS_HOME: join(folder, 'data'),
    AWS_CONFIG_FILE: join(folder, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL: url,
    AWS_REGION: 'eu-west-1',
  };
  return { folder, env, signers, seen: async () => (await realFiles.read(seen)) ?? '' };
}

const words = ['doctor', '--region', 'eu-west-1', '--vpc', 'main'];

async function run(given: Awaited<ReturnType<typeof machine>>, vars: Record<string, string>, more: readonly string[]) {
  return await new Promise<string>((resolve) => {
    const options = { cwd: join(given.folder, 'work'), env: { ...given.env, ...vars } };
    execFile(process.execPath, [karmadaEks, ...words, ...more], options, (_, __, stderr) => resolve(stderr));
  });
}

describe.runIf(triesMore)('takes', { timeout: 60_000 }, () => {
  const both = { AWS_ACCESS_KEY_ID: 'AKIAENV', AWS_SECRET_ACCESS_KEY: 's', AWS_PROFILE: 'base' };

  it('keys in variables before a profile in one, and says so', async () => {
    const given = await machine();
    const stderr = await run(given, both, []);
    expect(stderr).toContain('the keys in variables, which go before AWS_PROFILE; for profile base use --profile');
    expect(new Set(given.signers)).toEqual(new Set(['AKIAENV']));
    expect(await given.seen()).toMatch(/^eksctl version.* ,AKIAENV$/m);
  });

  it('a profile that is asked for before both, without the warnings of the SDK', async () => {
    const given = await machine();
    expect(await run(given, { ...both, AWS_PROFILE: 'admin' }, ['--profile', 'base'])).toBe('');
    expect(new Set(given.signers)).toEqual(new Set(['AKIABASE']));
    expect(await given.seen()).toMatch(/^eksctl version.* base,$/m);
    expect(await given.seen()).not.toContain('AKIA');
  });
});

describe.runIf(triesMore && hasTerminals)('asks for an MFA code', { timeout: 60_000 }, () => {
  it('in a terminal, hides nothing behind it, and goes on with the session', async () => {
    const given = await machine();
    const command = `'${process.execPath}' '${karmadaEks}' ${words.join(' ')} --profile admin`;
    const terminal = startTerminal(command, { cwd: join(given.folder, 'work'), env: given.env });
    await terminal.until('? MFA code of arn:aws:iam::111122223333:mfa/ann for profile admin?');
    terminal.type(`111111${keys.enter}`);
    expect(await terminal.ended).toBe(3);
    expect(given.signers.filter((each) => each !== 'ASIASESSION')).toEqual(['AKIABASE']);
    expect(given.signers.length).toBeGreaterThan(2);
  });
});
