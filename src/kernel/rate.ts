/** `perSecond` on average, and up to `burst` at once after a pause. */
export type Rate = { readonly perSecond: number; readonly burst: number }
