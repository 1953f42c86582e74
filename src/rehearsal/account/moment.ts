/** The time of the simulated account. */

/** Virtual time, in ms since the epoch. */
export type Moment = number;
