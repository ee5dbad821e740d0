/** Mail and notices. */
export const mail = {} as const;
