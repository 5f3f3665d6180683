/** The permission for an action that speaks of no one stack. */
import type { AccessRequest } from '../../../kernel/access-request.ts'

export const generalAccess = (action: string): AccessRequest => ({
  action: `cloudformation:${action}`,
  resource: '*',
})
