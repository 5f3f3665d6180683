/** SDK clients that answer from a table, for units that call AWS: no network, no waiting. */
import { type Accounts, Patience } from '../src/aws/index.ts'
import type { Target } from '../src/model/index.ts'

export interface FakeCall extends Target {
  readonly operation: string
  // biome-ignore lint/suspicious/noExplicitAny: each operation has an input of its own
  readonly input: any
}

/** By operation: what it answers, given its input and the place of the client. An Error that it gives is thrown. */
export type Answers = Readonly<Record<string, (input: FakeCall['input'], at: Target) => unknown>>

interface Sent {
  readonly constructor: { readonly name: string }
  readonly input: unknown
}

/** Answers from the table, and writes down what was asked. */
function answering(answers: Answers) {
  const calls: FakeCall[] = []
  const send = async (command: Sent, at: Target): Promise<unknown> => {
    const operation = command.constructor.name.replace(/Command$/, '')
    calls.push({ operation, input: command.input, ...at })
    const answer = answers[operation]?.(command.input, at)
    if (answer === undefined) throw new Error(`nobody answers ${operation}`)
    if (answer instanceof Error) throw answer
    return answer
  }
  return { calls, send }
}

/** Gives accounts whose clients answer so, and the calls that they got. What the table lacks is an error. */
export function fakeAccounts(answers: Answers, endpoint?: string): { accounts: Accounts; calls: FakeCall[] } {
  const { calls, send } = answering(answers)
  const accounts: Pick<Accounts, 'endpoint' | 'client' | 'verify' | 'close'> = {
    endpoint,
    client: async <C>(_: unknown, { account, region }: Target) =>
      ({ send: (command: Sent) => send(command, { account, region }) }) as C,
    verify: async () => undefined,
    close: () => undefined,
  }
  return { accounts: accounts as Accounts, calls }
}

/** Gives one client that answers so; of which service it is only its type says. */
export function fakeClient<C>(answers: Answers): { client: C; calls: FakeCall[] } {
  const { calls, send } = answering(answers)
  const at = { account: '111111111111', region: 'us-east-1' }
  return { client: { send: (command: Sent) => send(command, at) } as C, calls }
}

/** An error as AWS names it. */
export const awsError = (name: string, message = name): Error => Object.assign(new Error(message), { name })

type Handler = (args: object) => Promise<unknown>

/** Gives what a patience does around each call, as the SDK would use it. */
export function middlewareOf(patience: Patience, service = 'Test'): (next: Handler) => Handler {
  const used: ((next: Handler) => Handler)[] = []
  const stack = { addRelativeTo: (one: (next: Handler) => Handler) => void used.push(one) }
  patience.plugin({ service }).applyToStack(stack as never)
  return used[0]!
}

/** The error of a call whose first try may have done its work: its answer was lost, and the second try met this. */
export async function afterALostAnswer(error: Error): Promise<Error> {
  const meant = Object.assign(error, { $fault: 'client', $metadata: { httpStatusCode: 400, requestId: 'r' } })
  const lost = Object.assign(new Error('reset'), { code: 'ECONNRESET' })
  const tries = [lost, meant]
  const next = async () => {
    throw tries.shift()
  }
  const patience = new Patience({ sleep: async () => undefined })
  await middlewareOf(patience)(next)({ request: {}, input: {} }).catch(() => undefined)
  return error
}

/** A pace that rests without time passing; gives how long it rested each time. */
export function fakePace(interval = 1200): {
  pace: { interval: number; sleep: (milliseconds: number) => Promise<void> }
  rests: number[]
} {
  const rests: number[] = []
  return { pace: { interval, sleep: async (milliseconds) => void rests.push(milliseconds) }, rests }
}
