/** What becomes of a resource when a change set is executed. */
import type { ResourceChange } from '../state.ts'

export interface Fate {
  readonly kind: 'new' | 'replaced' | 'perhaps' | 'modified' | 'same'
  readonly change?: ResourceChange
}
