/** What Systems Manager keeps: parameters with their versions. */
import type { ParameterTier, ParameterType } from '@aws-sdk/client-ssm'
import { collection } from '../../kernel/store.ts'
import type { Tags } from '../../kernel/tags.ts'

export interface ParameterVersion {
  readonly version: number
  readonly type: ParameterType
  /** The value, or for a SecureString the base64 of what KMS made of it. */
  readonly value: string
  /** As it was given: a key id, alias or ARN. */
  readonly keyId?: string
  readonly description?: string
  readonly allowedPattern?: string
  readonly tier: ParameterTier
  readonly labels: readonly string[]
  /** Milliseconds since 1970. */
  readonly modifiedAt: number
  readonly modifiedBy: string
}

export interface Parameter {
  readonly name: string
  readonly arn: string
  /** Oldest first; never empty. AWS: 100 at most. */
  readonly versions: readonly ParameterVersion[]
  readonly tags: Tags
}

export const parameters = collection<Parameter>('ssm.parameters')

export const latestOf = (parameter: Parameter): ParameterVersion => parameter.versions.at(-1)!
