/** What is advised when a role of another account may not be assumed follows what STS says of the reason. */
import { expect, it } from 'vitest';
import { refusedRole } from '../../src/aws/refused-role.js';

const role = 'arn:aws:iam::444455556666:role/fleets';
const message = `User: arn:aws:sts::111122223333:assumed-role/ops/ann is not authorized to perform: sts:AssumeRole on resource: ${role}`;
const adviceFor = (why: string): string => refusedRole('AccessDenied', message + why)?.next.join('\n') ?? '';

it('names both sides where STS does not tell which one refuses', () => {
  const advice = adviceFor('');
  expect(advice).toContain(
    'add to its trust policy {"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/ops"}',
  );
  expect(advice).toContain(`add to its own policy {"Effect":"Allow","Action":"sts:AssumeRole","Resource":"${role}"}`);
  expect(advice).toContain('set externalId of the member: --member …,externalId=ID');
});

it.each([
  [' because no identity-based policy allows the sts:AssumeRole action', 'own policy', 'trust policy'],
  [' because no resource-based policy allows the sts:AssumeRole action', 'trust policy', 'own policy'],
  [' with an explicit deny in a service control policy', 'it is in a service control policy', 'trust policy'],
  [' with an explicit deny in an identity-based policy', 'it is in an identity-based policy', 'trust policy'],
])('follows%s', (why, said, unsaid) => {
  const advice = adviceFor(why);
  expect(advice).toContain(said);
  expect(advice).not.toContain(unsaid);
});

it('leaves other errors alone', () => {
  expect(refusedRole('ExpiredToken', message)).toBeUndefined();
  expect(refusedRole('AccessDenied', 'User: you is not authorized to perform: eks:DescribeCluster')).toBeUndefined();
});
