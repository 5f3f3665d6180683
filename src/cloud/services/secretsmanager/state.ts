/** What Secrets Manager keeps: secrets with their encrypted versions. */
import type { BoundPolicy } from '../../kernel/bound-policy.ts'
import { collection } from '../../kernel/store.ts'
import type { Tags } from '../../kernel/tags.ts'

export interface SecretVersion {
  readonly id: string
  /** A version without stages is deprecated. */
  readonly stages: readonly string[]
  /** Whether the value was given as bytes rather than as text. */
  readonly binary: boolean
  /** Base64 of the value under the data key, and of the data key as KMS encrypted it. */
  readonly sealed: string
  readonly dataKey: string
  readonly createdAt: number
  readonly accessedAt?: number
}

export interface Secret {
  readonly name: string
  /** With the six random characters behind the name. */
  readonly arn: string
  readonly account: string
  readonly description?: string
  /** As it was given; absent for `aws/secretsmanager`. */
  readonly kmsKeyId?: string
  readonly tags: Tags
  /** By id. AWS: about a hundred; deprecated ones go first. */
  readonly versions: Readonly<Record<string, SecretVersion>>
  readonly policy?: BoundPolicy
  readonly createdAt: number
  readonly changedAt: number
  readonly accessedAt?: number
  /** When deletion was asked for, and when the secret will be gone. */
  readonly deletedAt?: number
  readonly goneAt?: number
}

/** By name. */
export const secrets = collection<Secret>('secretsmanager.secrets')

export const CURRENT = 'AWSCURRENT'
export const PREVIOUS = 'AWSPREVIOUS'
