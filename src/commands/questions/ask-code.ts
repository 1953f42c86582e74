/** Asks for the code of an MFA device, where a person is there to read it. */
import type { OptionsOf } from '../../options/table.js';
import type { Ui } from '../../ui/ui.js';
import type { AskCode } from '../../world/aws.js';

/** Options by which nobody wants to be asked. */
export type UnaskedOptions = OptionsOf<'yes' | 'output' | 'planOutput' | 'statusOutput' | 'clustersOutput'>;

/** Undefined where nobody can be asked, or wants to be: `--yes`, and output for programs. */
export function askingForCode(ui: () => Pick<Ui, 'ask' | 'note'>, options: UnaskedOptions): AskCode | undefined {
  const { output, planOutput, statusOutput, clustersOutput } = options;
  const formats: readonly string[] = [output, planOutput, statusOutput, clustersOutput];
  if (options.yes || !ui().ask.possible || formats.some((each) => !['text', 'wide'].includes(each))) return undefined;
  return async ({ device, profile, isAgain }) => {
    const { ask, note } = ui();
    if (isAgain)
      note(
        'AWS did not accept that code; each is good for one session, and the device shows a new one every 30 seconds',
      );
    const code = await ask.input({
      message: `MFA code of ${device} for profile ${profile}`,
      flag: '--profile',
      validate: (text) => /^\d{6}$/.test(text.trim()) || 'expected the six digits that the device shows',
    });
    return code.trim();
  };
}
