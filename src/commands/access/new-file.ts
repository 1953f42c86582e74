/** A file that must not exist yet: whether it can be made is known before anything is granted, and it replaces nothing. */
import { resolve } from 'node:path';
import { asProblem, Problem } from '../../errors/problem.js';
import type { World } from '../../world/world.js';

export interface NewFile {
  /** Absolute. */
  readonly path: string;
  /** @throws Problem `file-failed`, `invalid-value` for what somebody has created there meanwhile */
  readonly fill: (text: string) => Promise<void>;
  /** Deletes what is left of it where it was not filled. */
  readonly drop: () => Promise<void>;
}

/** Undefined without a path. @throws Problem `invalid-value` for what is there already: it may be somebody's only access */
export async function newFile(
  { files, environment, newId }: World,
  given: string | undefined,
): Promise<NewFile | undefined> {
  if (given === undefined) return undefined;
  const path = resolve(environment.workingDir, given);
  const part = `${path}.${newId()}.part`;
  const put = async (text: string): Promise<void> => {
    try {
      await files.write(part, text);
    } catch (thrown) {
      const { code, why, cause } = asProblem(thrown);
      throw new Problem(code, { what: `could not write ${path}`, ...(why === undefined ? {} : { why }), cause });
    }
  };
  if ((await files.facts(path)).mode !== undefined) throw exists(path);
  await put('');
  return {
    path,
    fill: async (text) => {
      await put(text);
      if (!(await files.moveIfFree(part, path))) throw exists(path);
    },
    drop: () => files.remove(part),
  };
}

function exists(path: string): Problem {
  return new Problem('invalid-value', {
    what: `--path: ${path} already exists`,
    next: ['use another name, or omit --path to print the kubeconfig'],
  });
}
