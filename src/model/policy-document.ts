/** The shape of IAM policy documents: identity, resource, trust and organization policies alike. */

export type OneOrMany<T> = T | readonly T[]

/** `*`, or lists of principals by kind. */
export type PolicyPrincipal =
  | '*'
  | {
      readonly AWS?: OneOrMany<string>
      readonly Service?: OneOrMany<string>
      readonly Federated?: OneOrMany<string>
      readonly CanonicalUser?: OneOrMany<string>
    }

/** Operator (`StringEquals`, `ForAnyValue:ArnLike`, …) to condition key to value or values. */
export type ConditionBlock = Readonly<
  Record<string, Readonly<Record<string, OneOrMany<string | number | boolean>>>>
>

export interface PolicyStatement {
  readonly Sid?: string
  readonly Effect: 'Allow' | 'Deny'
  readonly Principal?: PolicyPrincipal
  readonly NotPrincipal?: PolicyPrincipal
  readonly Action?: OneOrMany<string>
  readonly NotAction?: OneOrMany<string>
  readonly Resource?: OneOrMany<string>
  readonly NotResource?: OneOrMany<string>
  readonly Condition?: ConditionBlock
}

export interface PolicyDocument {
  readonly Version?: '2012-10-17' | '2008-10-17'
  readonly Id?: string
  readonly Statement: OneOrMany<PolicyStatement>
}
