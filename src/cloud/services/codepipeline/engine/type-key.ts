/** What an action type is kept under, and named by in its ARN. */
import type { ActionTypeId } from '../../../../model/index.ts'

export const typeKey = ({ owner, category, provider, version }: ActionTypeId): string =>
  [owner, category, provider, version].join('/')
