/** One fleet from `up` to `down`, in which several scenes look at what concerns them. */

/**
 * What a scene has to do with it; all may be left out.
 * @typedef {{
 *   make?: () => Promise<unknown>,
 *   before?: () => Promise<unknown>,
 *   words?: readonly string[],
 *   whileUp?: (told: string) => Promise<unknown>,
 *   beforeDown?: () => Promise<unknown>,
 *   afterDown?: (before: readonly string[]) => Promise<unknown>,
 * }} Scene `make`: clusters and the like, side by side with those of others; `before` is called one after the other.
 * `words`: what `up` is given. `whileUp`: with what `up` told. `afterDown`: with what there was before `up`.
 */

/**
 * @param {readonly Scene[]} scenes
 * @param {readonly string[]} words what `up` is given besides what the scenes give it
 */
export async function fleetLife({ step, cli, fleet, lab }, scenes, words) {
  if (scenes.some(({ make }) => make !== undefined))
    await step('clusters of others', () => Promise.all(scenes.map(({ make }) => make?.())));
  for (const { before } of scenes) await before?.();
  const before = lab.resources();
  const given = [...words, ...scenes.flatMap(({ words: own = [] }) => own)];
  let told = '';
  await step(`up ${given.filter((word) => word.startsWith('--')).join(' ')}`, async () => {
    told = (await cli(['up', ...given, '--yes'])).stderr;
    for (const line of told.split('\n').filter((each) => each.includes(' done:'))) console.log(`       ${line}`);
  });
  await step('up again, without flags, changes nothing', async () => {
    const { stdout } = await cli(['up', '--yes']);
    if (!stdout.includes('nothing to do')) throw new Error(stdout);
  });
  for (const { whileUp } of scenes) await whileUp?.(told);
  for (const { beforeDown } of scenes) await beforeDown?.();
  await step('down', () => cli(['down', '--yes', '--confirm', fleet, '--no-backup']));
  for (const { afterDown } of scenes) await afterDown?.(before);
}
