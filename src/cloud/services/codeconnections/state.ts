/** What CodeConnections keeps. */
import { collection } from '../../kernel/store.ts'

export interface Connection {
  /** The UUID at the end of the ARN; the same under both of the service's names. */
  readonly id: string
  readonly arn: string
  readonly name: string
  readonly providerType: string
  readonly status: 'PENDING' | 'AVAILABLE' | 'ERROR'
  readonly tags: Readonly<Record<string, string>>
}

export const connections = collection<Connection>('codeconnections.connections')
