/** `up`, whatever happens to any of its calls. */
import { disturb } from './disturb.js';

disturb('up');
