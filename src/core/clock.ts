/** The only reader of the computer's clock, so that a test can set the time of its world. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();
