/** What a program is given that calls AWS as a role: the way to sessions of that role, and to no other credentials. */
import { expect, it } from 'vitest';
import type { RolePlace } from '../../src/world/place.js';
import { roleVariables } from '../../src/world/real/programs/role-credentials.js';

const place: RolePlace = {
  region: 'eu-west-1',
  account: { id: '444455556666', role: 'arn:aws:iam::444455556666:role/fleets', session: 'karmada-eks-demo' },
};

/** A new session each time, whose key is its number. */
function sessions() {
  let count = 0;
  return roleVariables(async ({ account }) => {
    count += 1;
    const accessKeyId = `${account.role.split('/').at(-1)}-${count}`;
    return { accessKeyId, secretAccessKey: 's', sessionToken: 't', expiration: new Date(1_800_000_000_123) };
  });
}

async function ask(vars: Readonly<Record<string, string | undefined>>, token?: string) {
  const headers = { authorization: token ?? vars['AWS_CONTAINER_AUTHORIZATION_TOKEN'] ?? '' };
  const answer = await fetch(vars['AWS_CONTAINER_CREDENTIALS_FULL_URI'] ?? '', { headers });
  return { status: answer.status, body: (await answer.json()) as Record<string, string> };
}

it('leads to a new session each time that it is asked', async () => {
  const vars = await sessions()(place, {});
  expect(vars['AWS_CONTAINER_CREDENTIALS_FULL_URI']).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  expect(await ask(vars)).toEqual({
    status: 200,
    body: { AccessKeyId: 'fleets-1', SecretAccessKey: 's', Token: 't', Expiration: '2027-01-15T08:00:00Z' },
  });
  expect((await ask(vars)).body['AccessKeyId']).toBe('fleets-2');
});

it('tells each role by a token of its own, and answers nobody else', async () => {
  const asRole = sessions();
  const other = { ...place, account: { ...place.account, role: 'arn:aws:iam::777788889999:role/theirs' } };
  const [one, two] = [await asRole(place, {}), await asRole(other, {})];
  expect((await ask(two)).body['AccessKeyId']).toBe('theirs-1');
  expect((await ask(one)).body['AccessKeyId']).toBe('fleets-2');
  for (const token of ['', 'x', `${one['AWS_CONTAINER_AUTHORIZATION_TOKEN']}x`, 'é'.repeat(43)])
    expect(await ask(one, token)).toEqual({ status: 403, body: { code: 'AccessDenied', message: 'unknown token' } });
});

it('passes on in the words of STS that the role is refused', async () => {
  const denied = Object.assign(new Error('User: x is not authorized to perform: sts:AssumeRole'), {
    name: 'AccessDenied',
  });
  const vars = await roleVariables(() => Promise.reject(denied))(place, {});
  expect(await ask(vars)).toEqual({ status: 400, body: { code: 'AccessDenied', message: denied.message } });
});

it('leaves a program nothing by which it would call AWS as somebody else', async () => {
  const own = {
    PATH: '/bin',
    HTTPS_PROXY: 'http://proxy:3128',
    AWS_CA_BUNDLE: '/ca.pem',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:5000',
  };
  const others = {
    AWS_ACCESS_KEY_ID: 'AKIA',
    AWS_SECRET_ACCESS_KEY: 's',
    AWS_SESSION_TOKEN: 't',
    AWS_PROFILE: 'company',
    AWS_DEFAULT_PROFILE: 'company',
    AWS_CONFIG_FILE: '/home/you/config',
    AWS_SHARED_CREDENTIALS_FILE: '/home/you/credentials',
    AWS_ROLE_ARN: 'arn:aws:iam::111122223333:role/ci',
    AWS_WEB_IDENTITY_TOKEN_FILE: '/token',
    AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/x',
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: '/x',
    EKSCTL_ENABLE_CREDENTIAL_CACHE: '1',
  };
  const {
    AWS_CONTAINER_CREDENTIALS_FULL_URI: uri,
    AWS_CONTAINER_AUTHORIZATION_TOKEN: token,
    ...rest
  } = await sessions()(place, { ...own, ...others });
  expect([uri, token]).not.toContain(undefined);
  expect(rest).toEqual({
    ...own,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
  });
});
