/** An event bus. AWS: only EventBridge carries events there, since they keep their id, account and source. */
import type { Place } from './destination.ts'

export const bus: Place = {
  service: 'events',
  resource: /^event-bus\/./,
  needsRole: true,
  otherAccounts: true,
  otherRegions: true,
}
