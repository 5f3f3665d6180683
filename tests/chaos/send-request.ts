/** Sends one request as it stands, and waits for its answer no longer than a cloud may take. */
import { request as httpRequest } from 'node:http'
import type { RawRequest } from './signed-request.ts'

/** No request may hold the cloud for longer, in milliseconds. */
export const DEADLINE = 10_000

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

/** What HTTP's rules keep a client from sending. */
export class Refused extends Error {
  override readonly name = 'Refused'
}

/** What belongs to the connection that a request was recorded on. */
const OWN = /^(connection|transfer-encoding|content-length|expect)$/i

/**
 * Gives the answer, or the error where the connection broke or nothing came in time. With `cutAt` the connection breaks
 * after so many bytes of the body, and nobody waits for an answer.
 */
export async function send(
  endpoint: string,
  { method, path, headers, body }: RawRequest,
  cutAt?: number,
): Promise<Answer | Error | 'cut'> {
  const kept = Object.entries(headers).filter(([name]) => !OWN.test(name))
  const length = cutAt === undefined ? body.length : body.length + 1
  const sent = start(endpoint, {
    method,
    path,
    headers: { ...Object.fromEntries(kept), 'content-length': length },
  })
  if (sent instanceof Refused) return sent
  return new Promise((resolve) => {
    const late = setTimeout(() => sent.destroy(new Error(`nothing within ${DEADLINE} ms`)), DEADLINE)
    const end = (result: Answer | Error | 'cut') => {
      clearTimeout(late)
      resolve(result)
    }
    sent.on('error', (error) => end(cutAt === undefined ? error : 'cut'))
    sent.on('response', (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('error', end)
      answer.on('end', () =>
        end({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      )
    })
    if (cutAt === undefined) sent.end(body)
    else sent.write(body.subarray(0, cutAt), () => sent.destroy(new Error('cut')))
    if (cutAt === 0) sent.destroy(new Error('cut'))
  })
}

function start(endpoint: string, options: object) {
  try {
    return httpRequest(endpoint, options)
  } catch (error) {
    return new Refused((error as Error).message)
  }
}
