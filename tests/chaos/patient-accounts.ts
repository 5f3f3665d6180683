/** SDK clients that tell of every call, and that try again for as long as a cloud may be away. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Accounts, type ClientClass } from '../../src/aws/index.ts'
import type { Target } from '../../src/model/index.ts'

/** How long a call is tried again when nothing answers, in milliseconds. */
const PATIENCE = 60_000

/** A call's way through a client; `attempts` is how often it was sent so far. */
interface Way {
  readonly commandName?: string
  attempts?: number
}
type Handler = (input: object) => Promise<{ output: { $metadata: { attempts?: number } } }>
type Middleware = (next: Handler, way: Way) => Handler
interface Client {
  readonly middlewareStack: {
    add(middleware: Middleware, place: object): void
    addRelativeTo(middleware: Middleware, place: object): void
  }
}

/** Who is told of calls: before each time that one is sent, and after a write was acknowledged. */
export interface Watcher {
  readonly call: () => void
  readonly acknowledged: () => void
}

export class PatientAccounts extends Accounts {
  private readonly watcher: Watcher | undefined
  private readonly isPatient: boolean

  /** `impatient` clients only tell of their calls: whoever uses them has a patience of their own. */
  constructor(
    accounts: readonly string[],
    endpoint: string,
    { watcher, impatient = false }: { watcher?: Watcher; impatient?: boolean } = {},
  ) {
    super(
      accounts.map((account) => ({ name: account, account })),
      { endpoint },
    )
    this.watcher = watcher
    this.isPatient = !impatient
  }

  override async client<C>(clientClass: ClientClass<C>, target: Target): Promise<C> {
    const client = await super.client(clientClass, target)
    const { middlewareStack } = client as Client
    // Below the step that draws idempotency tokens, so that a call tried again carries the same, as the SDK's own do.
    middlewareStack.add((next, way) => (input) => this.persevere(next, way, input), {
      step: 'finalizeRequest',
      priority: 'high',
      name: 'persevere',
      override: true,
    })
    middlewareStack.addRelativeTo((next, way) => (input) => this.send(next, way, input), {
      relation: 'after',
      toMiddleware: 'retryMiddleware',
      name: 'watch',
      override: true,
    })
    return client
  }

  private async persevere(next: Handler, way: Way, input: object): ReturnType<Handler> {
    const deadline = Date.now() + PATIENCE
    for (;;) {
      try {
        const answer = await next(input)
        answer.output.$metadata.attempts = way.attempts
        return answer
      } catch (error) {
        if (!this.isPatient || !isUnanswered(error) || Date.now() > deadline) throw error
        await sleep(40)
      }
    }
  }

  private async send(next: Handler, way: Way, input: object): ReturnType<Handler> {
    way.attempts = (way.attempts ?? 0) + 1
    this.watcher?.call()
    const answer = await next(input)
    if (!/^(Describe|List|Get|BatchGet)/.test(way.commandName ?? '')) this.watcher?.acknowledged()
    return answer
  }
}

/** Whether nobody knows if the call was carried out. */
const isUnanswered = (error: unknown): boolean => {
  const { $metadata, code } = error as { $metadata?: { httpStatusCode?: number }; code?: string }
  return (
    $metadata?.httpStatusCode === undefined || ['ECONNRESET', 'ECONNREFUSED', 'EPIPE'].includes(code ?? '')
  )
}
