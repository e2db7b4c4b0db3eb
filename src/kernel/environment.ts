/** The two worlds of decision 16. Nothing carries data from one to the other. */
export const environments = ['production', 'sandbox'] as const
export type Environment = (typeof environments)[number]

/** Whose data and which world: the first two arguments of every query. */
export type Scope = { readonly orgId: string; readonly environment: Environment }
