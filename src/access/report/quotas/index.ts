/** Every quota that is counted at check time. */
import type { Landscape } from '../../landscape/landscape.ts'
import { nameQuotas } from './names.ts'
import { organizationQuotas } from './organization.ts'
import { pipelineQuotas } from './pipelines.ts'
import { policyQuotas } from './policies.ts'
import { type Quota, type QuotaUse, usesOf } from './quota.ts'
import { templateQuotas } from './templates.ts'

export const quotas: readonly Quota[] = [
  ...policyQuotas,
  ...organizationQuotas,
  ...pipelineQuotas,
  ...templateQuotas,
  ...nameQuotas,
]

/** Gives every use of every quota, the fullest first. */
export const countQuotas = (landscape: Landscape): QuotaUse[] =>
  quotas
    .flatMap((quota) => usesOf(quota, landscape))
    .sort((one, other) => other.used / other.limit - one.used / one.limit)
