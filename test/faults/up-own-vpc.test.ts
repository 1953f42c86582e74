/** `up` that makes a VPC, whatever happens to any of its calls. */
import { disturb } from './disturb.js';

disturb('up in its own VPC');
