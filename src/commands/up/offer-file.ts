/** Offers to save the answers as a configuration file in the working directory. */
import { join } from 'node:path';
import { Problem } from '../../errors/problem.js';
import { configFile } from '../../fleet/config-file.js';
import type { FleetRequest } from '../../fleet/schema.js';
import { questionOf } from '../questions/topic.js';
import type { Session } from '../shared/session.js';

const name = 'karmada-eks.yaml';

/** Ctrl-C means no: what the run did is not undone by it, and its exit code stays. */
export async function offerFile(session: Session, request: FleetRequest): Promise<void> {
  try {
    await askAndWrite(session, request);
  } catch (thrown) {
    if (!(thrown instanceof Problem) || thrown.code !== 'interrupted') throw thrown;
  }
}

async function askAndWrite({ ui, clients }: Session, request: FleetRequest): Promise<void> {
  const { files, environment } = clients.world;
  const path = join(environment.workingDir, name);
  const save = { ...questionOf(`Save these answers as ${name} in this folder`, '--config'), default: true };
  if (!(await ui.ask.confirm(save))) return;
  const isThere = (await files.read(path)) !== undefined;
  if (isThere && !(await ui.ask.confirm(questionOf(`${name} already exists. Replace it`, '--config')))) return;
  await files.write(path, configFile(request));
  ui.note(`saved ${path}`);
  ui.showNext([{ purpose: 'the same from the file', command: `karmada-eks up --config ${name}` }]);
}
