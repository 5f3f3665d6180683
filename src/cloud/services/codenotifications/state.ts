/** What CodeStar Notifications keeps: rules, the targets they tell, and what failed in pipelines that still run. */
import type { Arn } from '../../../model/index.ts'
import { collection } from '../../kernel/store.ts'
import type { Tags } from '../../kernel/tags.ts'

export type TargetStatus = 'PENDING' | 'ACTIVE' | 'UNREACHABLE' | 'INACTIVE'

/** AWS: a target stays when no rule has it any longer. */
export interface StoredTarget {
  readonly address: Arn
  readonly type: string
  readonly status: TargetStatus
}

export interface NotificationRule {
  readonly id: string
  readonly arn: Arn
  readonly name: string
  readonly eventTypeIds: readonly string[]
  readonly resource: Arn
  /** Addresses. */
  readonly targets: readonly Arn[]
  readonly detailType: 'BASIC' | 'FULL'
  readonly status: 'ENABLED' | 'DISABLED'
  readonly createdBy: Arn
  readonly token?: string
  /** Milliseconds since 1970. */
  readonly created: number
  readonly modified: number
  readonly tags: Tags
}

export interface FailedAction {
  readonly action: string
  readonly additionalInformation?: string
}

export interface Failures {
  readonly failedStage: string
  readonly failedActions: readonly FailedAction[]
}

export const rules = collection<NotificationRule>('codestar-notifications.rules')
/** By address. */
export const targets = collection<StoredTarget>('codestar-notifications.targets')
/** By the pipeline execution that they are of, until it has ended. */
export const failures = collection<Failures>('codestar-notifications.failures')
