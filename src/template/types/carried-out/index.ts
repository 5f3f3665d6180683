/** What the embedded cloud carries out of resource types: what is not named here it refuses by name. Types that are not listed it takes whole. */
import { accounts } from './accounts.ts'
import { balancing } from './balancing.ts'
import type { CarriedOut } from './carried-out.ts'
import { containers } from './containers.ts'
import { delivery } from './delivery.ts'
import { functions } from './functions.ts'
import { messages } from './messages.ts'
import { observation } from './observation.ts'
import { stores } from './stores.ts'

export type { CarriedOut, Fallback } from './carried-out.ts'
export { PROJECT_SETTINGS } from './delivery.ts'
export { FUNCTION_SETTINGS } from './functions.ts'

export const carriedOut: Readonly<Record<string, CarriedOut>> = {
  ...accounts,
  ...balancing,
  ...containers,
  ...delivery,
  ...functions,
  ...messages,
  ...observation,
  ...stores,
}
