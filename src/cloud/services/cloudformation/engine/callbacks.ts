/** The addresses that custom resources and wait conditions are answered at. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Cloud, part } from '../../../kernel/cloud.ts'
import { collection } from '../../../kernel/store.ts'

/** Answers by the token in their address, in the order in which they came; they outlive a restart. */
const answers = collection<{ readonly bodies: readonly string[] }>('cloudformation.answers')
/** What wakes those who wait for answers, by token. */
const waiting = part({ name: 'those who wait for answers', make: () => new Map<string, () => void>() })
const PATH = '/_cloudformation/answers/'
const LIMIT = 64 * 1024

/** Gives the address that an answer to a token is PUT to. */
export const callbackUrl = (cloud: Cloud, token: string): string => `${cloud.endpoint}${PATH}${token}`

/** Gives the token in such an address, or undefined for any other text. */
export const tokenIn = (url: string): string | undefined => url.split(PATH)[1]

/**
 * Waits for answers until `enough` of them have come. Gives undefined at the deadline (milliseconds since 1970), or when
 * the cloud stops.
 */
export async function awaitAnswers(
  cloud: Cloud,
  token: string,
  enough: (bodies: readonly string[]) => boolean,
  deadline: number,
): Promise<readonly string[] | undefined> {
  const table = cloud.store.of(answers)
  const late = new AbortController()
  const signal = AbortSignal.any([late.signal, cloud.signal])
  const left = Math.max(0, deadline - cloud.clock.now())
  const timeout = cloud.clock.sleep(left, signal).then(() => 'late' as const)
  try {
    for (;;) {
      const bodies = table.get(token)?.bodies ?? []
      if (enough(bodies)) return bodies
      const next = new Promise<'next'>((resolve) => cloud.part(waiting).set(token, () => resolve('next')))
      if ((await Promise.race([next, timeout])) === 'late') return undefined
    }
  } finally {
    late.abort()
    cloud.part(waiting).delete(token)
  }
}

/** Forgets the answers to a token. */
export const forgetAnswers = (cloud: Cloud, token: string): void => cloud.store.of(answers).delete(token)

/** Takes an answer. AWS: it is PUT to the address; anything else is refused. */
export async function takeAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  cloud: Cloud,
): Promise<void> {
  const token = tokenIn(request.url ?? '')?.split('?')[0]
  if (!token || request.method !== 'PUT') {
    response.writeHead(405).end()
    return
  }
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += (chunk as Buffer).length
    // What is too large is read to its end, and let go: a client that is still sending hears no answer.
    if (size <= LIMIT) chunks.push(chunk as Buffer)
  }
  if (size > LIMIT) {
    response.writeHead(413).end()
    return
  }
  const table = cloud.store.of(answers)
  table.put(token, { bodies: [...(table.get(token)?.bodies ?? []), Buffer.concat(chunks).toString()] })
  await cloud.store.flush()
  response.writeHead(200).end()
  cloud.part(waiting).get(token)?.()
}
