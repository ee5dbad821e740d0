/** The pages that are printed. */
export const print = {} as const;
