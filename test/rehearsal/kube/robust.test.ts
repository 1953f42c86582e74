import { describe, expect, it } from 'vitest';
import { karmadaCommands } from '../../../src/tools/karmada/commands.js';
import { kubectlCommands } from '../../../src/tools/kubectl/commands.js';
import { initOptions, install, karmada, place, prepareParent, remedyEtcd } from './fleet.js';
import { Lab } from './harness.js';

describe('the simulated APIs', () => {
  it.each([1, 3, 5, 8, 15, 25, 40, 50, 55])('can be installed again after init was killed at %i s', async (seconds) => {
    const lab = new Lab();
    const parent = await prepareParent(lab);
    const init = lab.start(karmadaCommands.init(initOptions(lab, parent)), seconds * 1_000);
    if (seconds > 10) await remedyEtcd(lab, parent);
    expect((await lab.drive(init)).code).toBe(137);
    await lab.run(karmadaCommands.deinit(parent));
    const claims = { kind: 'persistentvolumeclaims', namespace: 'karmada-system', selector: 'app=etcd' };
    await lab.run(kubectlCommands.remove(parent, claims));
    await lab.pass(20_000);
    expect(lab.region.volumes).toEqual([]);
    expect((await install(lab, parent)).code).toBe(0);
  });

  it('are plain data', async () => {
    const lab = new Lab();
    const parent = await prepareParent(lab);
    await install(lab, parent);
    await lab.run(karmadaCommands.join(karmada, parent, place('parent')));
    expect(JSON.parse(JSON.stringify(lab.state))).toEqual(lab.state);
  });

  it('come to the same state however often they are looked at', async () => {
    const states: string[] = [];
    for (const step of [1_000, 90_000]) {
      const lab = new Lab();
      const parent = await prepareParent(lab);
      await install(lab, parent);
      await lab.run(karmadaCommands.join(karmada, parent, place('parent')));
      for (let passed = 0; passed < 90_000; passed += step) await lab.pass(step);
      states.push(JSON.stringify(lab.state.apis));
    }
    expect(states[0]).toBe(states[1]);
  });
});
