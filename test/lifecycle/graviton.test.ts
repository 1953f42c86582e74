/** Nodes with AWS Graviton: their image, their price, their vCPUs, and a whole life. */
import { expect, it } from 'vitest';
import { down, newMachine, readyStatus, region, succeed } from './fleet.js';

it('takes a fleet of arm64 nodes through its life', async () => {
  const account = newMachine();
  const flags = `--region ${region} --vpc main --instance-type m7g.large --member name=one`;
  const plan = await succeed(account, `plan ${flags} --details`);
  expect(plan.stdout).toContain('m7g.large');
  expect(plan.stdout).toMatch(/node m7g\.large.*0\.0816/);
  const doctor = await succeed(account, `doctor ${flags} --verbose`);
  expect(doctor.stdout).toContain(`m7g.large is offered in ${region}a`);
  await succeed(account, `up --yes ${flags}`);
  await readyStatus(account);
  expect((await succeed(account, `up --yes ${flags}`)).stderr).not.toContain('drift');
  await succeed(account, down);
  expect(account.region(region).instances).toEqual([]);
});
