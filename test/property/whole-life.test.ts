/** What `plan` accepts, `up` makes and `down` takes away, in any VPC; what it refuses, it refuses with a reason. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ExitCode } from '../../src/errors/exit-codes.js';
import { newAccount } from '../../src/rehearsal/account.js';
import { cli } from '../lifecycle/cli.js';
import { resourceIds } from '../rehearsal/resources.js';
import { runs } from './runs.js';
import { build, layouts, region } from './vpcs.js';

/** Members of both kinds, who may come in, and where the load balancer is. */
const flags = fc
  .record({
    modes: fc.array(fc.constantFrom('push', 'pull'), { maxLength: 2 }),
    internal: fc.boolean(),
    allow: fc.constantFrom('', ' --allow 203.0.113.0/24', ' --allow 0.0.0.0/0'),
  })
  .map(({ modes, internal, allow }) => {
    const members = modes.map((mode, index) => ` --member name=m${index},mode=${mode}`);
    return `${members.length === 0 ? ' --members 0' : members.join('')}${internal ? ' --internal' : ''}${allow}`;
  });

it('comes up and goes away without a trace where a plan was accepted', async () => {
  let accepted = 0;
  let refused = 0;
  const property = fc.asyncProperty(layouts, flags, async (layout, said) => {
    const account = newAccount();
    build(account, layout);
    const before = resourceIds(account);
    const fleet = `--region ${region} --vpc main${said}`;
    const plan = await cli(account, `plan ${fleet}`);
    expect(resourceIds(account)).toEqual(before);
    if (plan.code !== ExitCode.ok) {
      refused += 1;
      expect(plan.code, plan.stderr).toBe(ExitCode.refused);
      expect((await cli(account, `up --yes ${fleet}`)).code).toBe(ExitCode.refused);
      expect(resourceIds(account)).toEqual(before);
      return;
    }
    accepted += 1;
    const up = await cli(account, `up --yes ${fleet}`);
    expect(up.code, up.stderr).toBe(ExitCode.ok);
    const status = await cli(account, 'status -o json');
    expect(JSON.parse(status.stdout)).toMatchObject({ ready: true });
    const down = await cli(account, 'down --yes --confirm karmada');
    expect(down.code, down.stderr).toBe(ExitCode.ok);
    expect(resourceIds(account)).toEqual(before);
  });
  await fc.assert(property, runs(80));
  // Neither half may be empty, or it would prove nothing.
  expect(Math.min(accepted, refused)).toBeGreaterThan(0);
});
