/** What a run shows that it does: the title of each step and its changes, for every command that changes a fleet; and the commands of a plan. */
import { expect, it } from 'vitest';
import { type Ended, isChange } from '../lifecycle/cli.js';
import { down, newMachine, otherRegion, region, succeed } from '../lifecycle/fleet.js';
import { mixedMachine, withLaptop } from '../lifecycle/unjoined.js';
import { script, steady } from './shown.js';

interface PlannedStep {
  readonly title: string;
  readonly commands: Parameters<typeof script>[0];
}

/** The steps in the order of the pipeline; of those that had nothing to do the title alone. */
function steps({ events }: Ended): string {
  return events
    .flatMap((event) => (event.type === 'run-started' ? event.steps : []))
    .map(({ id, title }) => {
      const changes = events.flatMap((event) =>
        event.type === 'step-started' && event.id === id ? event.changes : [],
      );
      return steady([title, ...changes.map((change) => `    ${change}`)].join('\n'));
    })
    .join('\n');
}

it('every command, of a fleet with members of every kind', async () => {
  const account = mixedMachine();
  const members = [
    '--member name=own',
    '--member name=adopted,existing=true --member name=adopted-pull,existing=true,mode=pull',
    '--member name=laptop,context=laptop',
  ].join(' ');
  const words = [
    `up --region ${region} --vpc main --yes --allow 203.0.113.10/32 ${members}`,
    `join --member name=far,region=${otherRegion},vpc=main,mode=pull --yes`,
    'demo',
    'unjoin own --yes --delete-cluster',
    'unjoin adopted-pull --yes',
    down,
  ];
  const shown: string[] = [];
  for (const each of words) shown.push(`$ karmada-eks ${each}\n\n${steps(await succeed(account, each, withLaptop))}\n`);
  await expect(shown.join('\n')).toMatchFileSnapshot('shown/steps.txt');
});

it('a plan’s commands, with what is not known yet between angle brackets', async () => {
  const members = `--member name=one --member name=far,region=${otherRegion},mode=pull`;
  const planned = await succeed(newMachine(), `plan --region ${region} --vpc main ${members} -o json`);
  expect(planned.calls.map(({ key }) => key).filter(isChange)).toEqual([]);
  const { steps: all } = JSON.parse(planned.stdout) as { readonly steps: readonly PlannedStep[] };
  const shown = all.filter(({ commands }) => commands.length > 0);
  const texts = shown.map(({ title, commands }) => `# ${title}\n${script(commands)}`);
  await expect(texts.join('\n')).toMatchFileSnapshot('shown/plan.txt');
});
