/** `down` that deletes the VPC of the fleet, whatever happens to any of its calls. */
import { disturb } from './disturb.js';

disturb('down of its own VPC');
