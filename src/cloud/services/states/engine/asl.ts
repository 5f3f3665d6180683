/** Amazon States Language: what a definition is made of. */

export interface Retrier {
  readonly ErrorEquals: readonly string[]
  readonly IntervalSeconds?: number
  readonly MaxAttempts?: number
  readonly BackoffRate?: number
  readonly MaxDelaySeconds?: number
  readonly JitterStrategy?: 'FULL' | 'NONE'
}

export interface Catcher {
  readonly ErrorEquals: readonly string[]
  readonly Next: string
  readonly ResultPath?: string | null
}

export interface ChoiceRule {
  readonly Variable?: string
  readonly Next?: string
  readonly And?: readonly ChoiceRule[]
  readonly Or?: readonly ChoiceRule[]
  readonly Not?: ChoiceRule
  readonly [operator: string]: unknown
}

/** A state with the fields of all types; the checker says which belong to which. */
export interface State {
  readonly Type: string
  readonly Next?: string
  readonly End?: boolean
  readonly InputPath?: string | null
  readonly OutputPath?: string | null
  readonly ResultPath?: string | null
  readonly Parameters?: unknown
  readonly ResultSelector?: unknown
  readonly Result?: unknown
  readonly Resource?: string
  readonly Credentials?: { readonly RoleArn?: string; readonly 'RoleArn.$'?: string }
  readonly TimeoutSeconds?: number
  readonly TimeoutSecondsPath?: string
  readonly Retry?: readonly Retrier[]
  readonly Catch?: readonly Catcher[]
  readonly Choices?: readonly ChoiceRule[]
  readonly Default?: string
  readonly Seconds?: number
  readonly SecondsPath?: string
  readonly Timestamp?: string
  readonly TimestampPath?: string
  readonly Error?: string
  readonly ErrorPath?: string
  readonly Cause?: string
  readonly CausePath?: string
  readonly QueryLanguage?: string
  readonly Assign?: unknown
}

export interface Definition {
  readonly StartAt: string
  readonly States: Readonly<Record<string, State>>
  readonly TimeoutSeconds?: number
  readonly QueryLanguage?: string
}
