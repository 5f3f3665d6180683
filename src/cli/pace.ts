/** How often work that goes on in accounts is looked at. */
import { setTimeout as sleep } from 'node:timers/promises'

/** AWS throttles looks, an embedded cloud works while it answers none. */
export const paceOf = ({ endpoint }: { readonly endpoint: string | undefined }) => ({
  /** Most milliseconds between two looks. */
  interval: endpoint === undefined ? 3000 : 240,
  sleep: (milliseconds: number): Promise<void> => sleep(milliseconds),
})
