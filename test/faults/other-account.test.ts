/** `join`, `unjoin` and `down` of a member that is made in another account, whatever happens to any of their calls. */
import { disturb } from './disturb.js';

disturb('join in another account');
disturb('unjoin and delete in another account');
disturb('down in another account');
