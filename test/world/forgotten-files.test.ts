/** New contents that a process left beside a file when it died. */
import { utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { realFiles } from '../../src/world/real/disk/files.js';
import { tempFolder } from './temp-folder.js';

it('removes what a process left that died while it wrote, and nothing that may still be written', async () => {
  const folder = await tempFolder();
  const old = new Date(Date.now() - 120_000);
  const names = ['config.12-1.new', 'config.99-3.new', 'config.new', 'config.12-1.new.mine', 'other.12-1.new'];
  for (const name of names) await writeFile(join(folder, name), 'half');
  for (const name of names.filter((each) => each !== 'config.99-3.new')) await utimes(join(folder, name), old, old);
  await realFiles.write(join(folder, 'config'), 'whole');
  const left = [...names.slice(1), 'config'].sort();
  expect((await realFiles.list(folder)).map((path) => path.slice(folder.length + 1))).toEqual(left);
});
