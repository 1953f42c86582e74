/** Whom an identity mapping names: aws-auth knows roles without their paths. */
import { expect, it } from 'vitest';
import { eksctlCommands } from '../../../src/tools/eksctl/commands.js';

const account = 'arn:aws:iam::111122223333';

it.each([
  ['role/ops', 'role/ops'],
  ['role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_0a1b', 'role/AWSReservedSSO_Admin_0a1b'],
  ['user/team/ann', 'user/team/ann'],
])('%s as %s', (given, mapped) => {
  const { args } = eksctlCommands.createIdentityMapping({ name: 'x', region: 'eu-west-1' }, `${account}:${given}`);
  expect(args).toContain(`--arn=${account}:${mapped}`);
});
