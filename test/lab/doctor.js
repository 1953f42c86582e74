/** What doctor says of the lab's odd VPCs; makes them, so it belongs before anything that compares the account's resources. */

const region = 'us-west-2';

/** Variants of the lab's VPC, with what doctor says of their networks. */
const variants = [
  ['full', []],
  ['no-nat', ['warning nat']],
  ['no-auto-assign', []],
  ['two-azs', ['warning vpc-zones']],
];

/**
 * `cli(args)` runs karmada-eks and rejects unless it ends with 0; `crds` is an archive of Karmada's CRDs, for the lab has no
 * network.
 */
export async function doctorOnVariants({ cli, step, lab, expect, crds }) {
  const doctor = (vpc) => cli(['doctor', '--vpc', vpc, '--allow', '203.0.113.10/32', '--crds', crds, '-o', 'json']);
  for (const [variant, wrong] of variants) {
    await step(`doctor: ${variant}`, async () => {
      lab.makeVpc(`odd-${variant}`, region, variant);
      const { findings } = JSON.parse((await doctor(`odd-${variant}`)).stdout);
      const inNetwork = findings.filter(({ group, severity }) => group === 'network' && severity !== 'ok');
      const told = inNetwork.map(({ severity, id }) => `${severity} ${id}`);
      expect(told.join() === wrong.join(), `of ${variant} doctor says: ${JSON.stringify(inNetwork, undefined, 2)}`);
    });
  }
  await step('doctor: two VPCs of one name', async () => {
    for (const _ of ['first', 'second']) lab.makeVpc('twins', region);
    const refused = await doctor('twins').then(() => 'nothing', String);
    expect(refused.includes('ended with 3') && refused.includes('2 VPCs match twins'), `doctor says: ${refused}`);
  });
}
