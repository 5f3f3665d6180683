/** What CodeConnections keeps. */
import { collection } from '../../kernel/store.ts'
import type { Reference } from '../../machine/bare-repository.ts'

export interface Connection {
  /** The UUID at the end of the ARN; the same under both of the service's names. */
  readonly id: string
  readonly arn: string
  readonly name: string
  readonly providerType: string
  readonly status: 'PENDING' | 'AVAILABLE' | 'ERROR'
  readonly tags: Readonly<Record<string, string>>
}

/** What was told last of a repository's branches. */
export interface Announced {
  readonly branches: readonly Reference[]
}

/** By `owner/name`, for all accounts. */
export const announced = collection<Announced>('codeconnections.announced')
export const connections = collection<Connection>('codeconnections.connections')
