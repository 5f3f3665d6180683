/** The addresses that custom resources and wait conditions are answered at. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { awaitedAnswers, type Waiting } from '../../../kernel/awaited-answers.ts'
import { type Cloud, part } from '../../../kernel/cloud.ts'
import { collection } from '../../../kernel/store.ts'
import { RESPONSE_BUCKET } from '../state.ts'

interface Answers {
  readonly bodies: readonly string[]
  /** Why no more can come. */
  readonly lost?: string
}

/** Answers by the token in their address, in the order in which they came; they outlive a restart. */
const answers = collection<Answers>('cloudformation.answers')
/** What wakes those who wait for answers, by token. */
const waiting = part({ name: 'those who wait for answers', make: () => new Map<string, () => void>() })
const PATH = '/_cloudformation/answers/'
const LIMIT = 64 * 1024

/** Gives an address of the cloud that an answer to a token is PUT to, for callers that may be anywhere on this machine. */
export const callbackUrl = (cloud: Cloud, token: string): string => `${cloud.endpoint}${PATH}${token}`

export interface ResponsePlace {
  readonly stackId: string
  readonly logicalId: string
  readonly region: string
  /** What signs it; nothing is proven by that here, for the token cannot be guessed. */
  readonly signature: string
}

/**
 * Gives the address that a function PUTs its answer to. AWS: presigned, at a bucket of CloudFormation's in the region, with
 * the stack, the resource and an id as its key; samples take its host and its path apart, and mean port 443.
 */
export function responseUrl(token: string, { stackId, logicalId, region, signature }: ResponsePlace): string {
  const bucket = `${RESPONSE_BUCKET}${region.replaceAll('-', '')}`
  const suffix = stackId.split(':')[1] === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com'
  const place = region === 'us-east-1' ? '' : `${region}.`
  const key = encodeURIComponent(`${stackId}|${logicalId}|${token}`).replaceAll('%2F', '/')
  const query = `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-SignedHeaders=host&X-Amz-Expires=7200&X-Amz-Signature=${signature}`
  return `https://${bucket}.s3.${place}${suffix}/${key}?${query}`
}

/** Gives the token in an address of either kind, or undefined for any other text. */
export function tokenIn(url: string): string | undefined {
  const path = url.replace(/\?.*$/s, '')
  const own = path.split(PATH)[1]
  if (own !== undefined) return own
  try {
    const [, , token] = decodeURIComponent(path).split('|')
    return token
  } catch {
    return undefined
  }
}

/**
 * Remembers from now on when an answer to a token is lost: once the function that should give it has failed for good. It
 * is called before anybody is asked. `unanswered` hears of a function that has returned and not answered; functions are told
 * their own address in the place of the cloud's.
 */
export function watchForLoss(
  cloud: Cloud,
  token: string,
  { address, unanswered }: { address?: Waiting['address']; unanswered: (who: string) => void },
): void {
  const table = cloud.store.of(answers)
  cloud.part(awaitedAnswers).expect(token, {
    ...(address && { address }),
    lost: (lost) => {
      table.put(token, { bodies: [], ...table.get(token), lost })
      cloud.part(waiting).get(token)?.()
    },
    done: (who) => {
      if (!table.get(token)?.bodies.length) unanswered(who)
    },
  })
}

/**
 * Waits for answers until `enough` of them have come, or none can come any more. Gives undefined at the deadline
 * (milliseconds since 1970), or when the cloud stops.
 */
export async function awaitAnswers(
  cloud: Cloud,
  token: string,
  enough: (bodies: readonly string[]) => boolean,
  deadline: number,
): Promise<Answers | undefined> {
  const table = cloud.store.of(answers)
  const late = new AbortController()
  const signal = AbortSignal.any([late.signal, cloud.signal])
  const left = Math.max(0, deadline - cloud.clock.now())
  const timeout = cloud.clock.sleep(left, signal).then(() => 'late' as const)
  try {
    for (;;) {
      const known = table.get(token) ?? { bodies: [] }
      if (enough(known.bodies) || known.lost !== undefined) return known
      const next = new Promise<'next'>((resolve) => cloud.part(waiting).set(token, () => resolve('next')))
      if ((await Promise.race([next, timeout])) === 'late') return undefined
    }
  } finally {
    late.abort()
    cloud.part(waiting).delete(token)
  }
}

/** Forgets the answers to a token. */
export function forgetAnswers(cloud: Cloud, token: string): void {
  cloud.part(awaitedAnswers).forget(token)
  cloud.store.of(answers).delete(token)
}

/** Takes an answer. AWS: it is PUT to the address; anything else is refused. */
export async function takeAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  cloud: Cloud,
): Promise<void> {
  const token = tokenIn(request.url ?? '')
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
  const known = table.get(token)
  table.put(token, { ...known, bodies: [...(known?.bodies ?? []), Buffer.concat(chunks).toString()] })
  await cloud.store.flush()
  response.writeHead(200).end()
  cloud.part(waiting).get(token)?.()
}
