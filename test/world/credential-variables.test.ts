/** Of several variables that name credentials those are left that are used, for this program and for all that it runs. */
import { mkdir } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { chosenCredentials } from '../../src/world/real/credential-variables.js';
import { realEnvironment } from '../../src/world/real/environment.js';
import { realExec } from '../../src/world/real/programs/exec.js';
import { program, tempFolder } from './temp-folder.js';

const keys = { AWS_ACCESS_KEY_ID: 'A', AWS_SECRET_ACCESS_KEY: 'S', AWS_SESSION_TOKEN: 'T' };
const web = { AWS_WEB_IDENTITY_TOKEN_FILE: '/t', AWS_ROLE_ARN: 'arn:aws:iam::111122223333:role/ci' };
const other = { HOME: '/h', AWS_REGION: 'eu-west-1', AWS_CONFIG_FILE: '/c' };

it.each([
  ['a flag, over keys and what else there is', { ...keys, ...web, AWS_PROFILE: 'b' }, 'a', { AWS_PROFILE: 'a' }],
  ['keys, over a variable, as in the AWS CLI and eksctl', { ...keys, ...web, AWS_PROFILE: 'b' }, undefined, keys],
  ['a variable, over a web identity', { ...web, AWS_PROFILE: 'b' }, undefined, { AWS_PROFILE: 'b' }],
  [
    'of two variables the one that the SDK for JavaScript reads',
    { AWS_DEFAULT_PROFILE: 'c', AWS_PROFILE: 'b' },
    undefined,
    { AWS_PROFILE: 'b' },
  ],
  ['the older variable, under the name that all read', { AWS_DEFAULT_PROFILE: 'c' }, undefined, { AWS_PROFILE: 'c' }],
  ['half a pair of keys is none', { AWS_ACCESS_KEY_ID: 'A', AWS_PROFILE: 'b' }, undefined, { AWS_PROFILE: 'b' }],
  ['empty ones are none', { AWS_PROFILE: '', AWS_DEFAULT_PROFILE: '', ...web }, undefined, web],
  ['keys alone', keys, undefined, keys],
  ['nothing', {}, undefined, {}],
])('%s', (_, given, profile, left) => {
  expect(chosenCredentials({ ...other, ...given }, profile)).toEqual({ ...other, ...left });
});

it('programs get the same', async () => {
  const folder = await tempFolder();
  const names = ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];
  for (const each of ['bin', 'work']) await mkdir(`${folder}/${each}`);
  await program(
    `${folder}/bin/aws`,
    `console.log(${JSON.stringify(names)}.map((name) => String(process.env[name])).join())`,
  );
  const seenBy = async (profile?: string): Promise<unknown> => {
    const vars = { ...keys, AWS_DEFAULT_PROFILE: 'c', PATH: `${folder}/bin` };
    const exec = realExec(realEnvironment(vars, `${folder}/work`, profile));
    return await exec({ tool: 'aws', args: [], timeoutMs: 20_000 });
  };
  expect(await seenBy('a')).toMatchObject({ stdout: 'a,undefined,undefined,undefined\n' });
  expect(await seenBy()).toMatchObject({ stdout: 'undefined,undefined,A,S\n' });
});
