/** `down` that finds things left and is allowed to remove them, whatever happens to any of its calls. */
import { disturb } from './disturb.js';

disturb('down with leftovers');
