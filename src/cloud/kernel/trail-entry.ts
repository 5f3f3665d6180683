/** One line of the trail: a decision about a call. */
import type { ConditionContext, Decision, DenialExplanation, StatementReason } from '../../iam/index.ts'
import type { Arn, PolicyRef } from '../../model/index.ts'

/** Why a call was denied, as people are told. */
export type RecordedDenial = Pick<DenialExplanation, 'by' | 'saidNo' | 'close' | 'remedies'>

/** A decision with the policies in words, and the references beside them. */
export interface RecordedDecision extends Omit<Decision, 'decidedBy'> {
  readonly decidedBy: readonly (Omit<StatementReason, 'policy'> & {
    readonly policy: string
    readonly ref: PolicyRef
  })[]
}

export interface TrailEntry {
  /** Milliseconds since 1970. */
  readonly time: number
  readonly requestId: string
  /** `service:Action`, as policies name it. */
  readonly action: string
  readonly resource: Arn
  /** The API operation in whose course it was checked: `s3:GetObject` asks for `kms:Decrypt`. */
  readonly operation: string
  /** As in error messages. */
  readonly caller: Arn
  /** The role's ARN for a session; the value of aws:PrincipalArn. */
  readonly principal: Arn
  readonly account: string
  readonly region: string
  readonly context: ConditionContext
  readonly decision: RecordedDecision
  /** Denials only. */
  readonly denial?: RecordedDenial
  /** In the course of what it was called, where that is known: the id of a pipeline's action execution. */
  readonly cause?: string
}
