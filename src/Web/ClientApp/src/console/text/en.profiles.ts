/** Proctoring profiles. */
export const profiles = {} as const;
