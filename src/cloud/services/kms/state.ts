/** What KMS keeps: keys with their material and grants, and aliases, per account and region. */
import type { Arn } from '../../../model/index.ts'
import type { BoundPolicy } from '../../kernel/bound-policy.ts'
import { collection } from '../../kernel/store.ts'

export interface GrantRecord {
  /** 64 hexadecimal digits. */
  readonly id: string
  readonly name?: string
  readonly granteePrincipal: Arn
  readonly retiringPrincipal?: Arn
  /** Unique ids of the two principals by ARN: a grant ends with the role it was given to. */
  readonly principals: Readonly<Record<Arn, string>>
  readonly operations: readonly string[]
  readonly encryptionContextEquals?: Readonly<Record<string, string>>
  readonly encryptionContextSubset?: Readonly<Record<string, string>>
  /** Whose call made it. */
  readonly issuingAccount: Arn
  readonly created: number
}

export interface KeyRecord {
  readonly id: string
  readonly arn: Arn
  readonly account: string
  readonly region: string
  /** Milliseconds since 1970. */
  readonly created: number
  readonly description: string
  readonly policy: BoundPolicy
  readonly state: 'Enabled' | 'Disabled' | 'PendingDeletion'
  /** When a key that is pending deletion goes. */
  readonly deletionDate?: number
  readonly pendingWindowDays?: number
  readonly manager: 'CUSTOMER' | 'AWS'
  /** 32 bytes each in base64; the last one encrypts, all decrypt. */
  readonly material: readonly string[]
  readonly rotation?: { readonly periodDays: number; readonly since: number }
  readonly tags: Readonly<Record<string, string>>
  readonly grants: readonly GrantRecord[]
  /** Names of the aliases that point here. */
  readonly aliases: readonly string[]
}

export interface AliasRecord {
  /** Begins with `alias/`. */
  readonly name: string
  readonly arn: Arn
  readonly keyId: string
  readonly created: number
  readonly updated: number
}

/** Keys by their id. */
export const keys = collection<KeyRecord>('kms.keys')
/** Aliases by their name. */
export const aliases = collection<AliasRecord>('kms.aliases')
