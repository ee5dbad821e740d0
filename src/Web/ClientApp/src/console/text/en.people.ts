/** Students, groups, registrations and credits. */
export const people = {} as const;
