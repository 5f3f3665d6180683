/** SDK clients that tell of every call, and that try again for as long as a cloud may be away. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Accounts, type ClientClass } from '../../src/aws/index.ts'
import type { Target } from '../../src/model/index.ts'

/** How long a call is tried again when nothing answers, in milliseconds. */
const PATIENCE = 60_000

interface Middleware {
  middlewareStack: {
    add(
      middleware: (next: Handler) => Handler,
      options: { step: 'finalizeRequest'; priority: 'high'; name: string; override: boolean },
    ): void
  }
}
type Handler = (input: object) => Promise<{ output: { $metadata: { attempts?: number } } }>

export class PatientAccounts extends Accounts {
  private readonly onCall: () => void
  private readonly isPatient: boolean

  /** `impatient` clients only tell of their calls: whoever uses them has a patience of their own. */
  constructor(
    accounts: readonly string[],
    endpoint: string,
    { onCall, impatient = false }: { onCall: () => void; impatient?: boolean },
  ) {
    super(
      accounts.map((account) => ({ name: account, account })),
      { endpoint },
    )
    this.onCall = onCall
    this.isPatient = !impatient
  }

  override async client<C>(clientClass: ClientClass<C>, target: Target): Promise<C> {
    const client = await super.client(clientClass, target)
    const place = { step: 'finalizeRequest', priority: 'high', name: 'chaos', override: true } as const
    ;(client as Middleware).middlewareStack.add((next) => (input) => this.send(next, input), place)
    return client
  }

  /** Below the step that draws idempotency tokens, so that a call tried again carries the same, as the SDK's own do. */
  private async send(next: Handler, input: object): ReturnType<Handler> {
    const deadline = Date.now() + PATIENCE
    for (let attempts = 1; ; attempts++) {
      this.onCall()
      try {
        const answer = await next(input)
        answer.output.$metadata.attempts = Math.max(attempts, answer.output.$metadata.attempts ?? 1)
        return answer
      } catch (error) {
        if (!this.isPatient || !isUnanswered(error) || Date.now() > deadline) throw error
        await sleep(40)
      }
    }
  }
}

/** Whether nobody knows if the call was carried out. */
export const isUnanswered = (error: unknown): boolean => {
  const { $metadata, code } = error as { $metadata?: { httpStatusCode?: number }; code?: string }
  return (
    $metadata?.httpStatusCode === undefined || ['ECONNRESET', 'ECONNREFUSED', 'EPIPE'].includes(code ?? '')
  )
}
