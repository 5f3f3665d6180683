/** Starts a cloud for a test and makes SDK clients that talk to it over HTTP. */
import { afterAll } from 'vitest'
import { type Cloud, type CloudOptions, startCloud } from '../../src/cloud/index.ts'
import type { Clock } from '../../src/cloud/kernel/clock.ts'

export interface TestCloud {
  readonly cloud: Cloud
  /** An SDK client; root user of the account unless credentials are given. */
  client<C>(
    clientClass: new (configuration: never) => C,
    options?: { account?: string; region?: string; credentials?: Credentials; [key: string]: unknown },
  ): C
  /** Bugs the cloud reported; a test file that leaves one behind fails. */
  readonly bugs: unknown[]
}

export interface Credentials {
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string
}

/** A clock that is not the computer's, and has clients sign by it. */
interface LeadingClock extends Clock {
  lead(client: { readonly config: object }): unknown
}

const isLeading = (clock: Clock | undefined): clock is LeadingClock => clock !== undefined && 'lead' in clock

export const HUB = '111111111111'
export const DEV = '222222222222'

/** Starts a cloud on a free port; it stops after the file's tests, which fail if the cloud reported a bug. */
export async function startTestCloud(options: CloudOptions = {}): Promise<TestCloud> {
  const bugs: unknown[] = []
  const cloud = await startCloud({ onBug: (where, error) => bugs.push({ where, error }), ...options })
  const clients: { destroy(): void }[] = []
  afterAll(async () => {
    for (const one of clients) one.destroy()
    await cloud.stop()
    if (bugs.length) throw new Error(`the cloud reported bugs: ${bugs.map(describe).join('\n')}`)
  })
  return {
    cloud,
    bugs,
    client: (clientClass, { account = HUB, region = 'us-east-1', credentials, ...rest } = {}) => {
      const made = new clientClass({
        endpoint: cloud.endpoint,
        region,
        credentials: credentials ?? { accessKeyId: account, secretAccessKey: 'test' },
        maxAttempts: 1,
        ...rest,
      } as never)
      clients.push(made as { destroy(): void })
      if (isLeading(options.clock)) options.clock.lead(made as { config: object })
      return made
    },
  }
}

function describe(bug: unknown): string {
  const { where, error } = bug as { where: string; error: unknown }
  return `${where}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
}
