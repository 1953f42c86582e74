/** A Karmada API that is open to the whole internet, because that was said: it is warned of, and it is shown. */
import { expect, it } from 'vitest';
import { newMachine, smallUp, succeed } from './fleet.js';

const warning = 'warning: the Karmada API is open to the whole internet, protected by client certificates only';

it('is warned of by plan and up, and shown by plan and status', async () => {
  const everyone = '0.0.0.0/0';
  const account = newMachine();
  const allow = ` --allow ${everyone}`;
  const words = smallUp.replace('up', 'plan').replace(' --yes', '');
  const planned = await succeed(account, `${words}${allow} -o json`);
  expect(planned.stderr).toContain(warning);
  const plan = JSON.parse(planned.stdout) as { steps: { id: string; changes: string[] }[] };
  expect(plan).toMatchObject({ facts: { sourceRanges: [everyone] } });
  const exposing = plan.steps.find(({ id }) => id === 'expose-api')?.changes.join('\n');
  expect(exposing).toContain(everyone);
  const made = await succeed(account, `${smallUp}${allow}`);
  expect(made.stderr).toContain(warning);
  expect((await succeed(account, 'status')).stdout).toContain(`open to ${everyone} · `);
  const status = JSON.parse((await succeed(account, 'status -o json')).stdout) as unknown;
  expect(status).toMatchObject({ ready: true, controlPlane: { sourceRanges: [everyone] } });
});

it('what is closed is neither warned of nor shown as open', async () => {
  const account = newMachine();
  const made = await succeed(account, `${smallUp} --allow 203.0.113.0/24`);
  expect(made.stderr).not.toContain('whole internet');
  expect((await succeed(account, 'status')).stdout).toContain('open to 198.51.100.1/32, 203.0.113.0/24\n');
});
