/** Answers what is asked of the trail: JSON lines, streamed as they are unpacked. */
import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setImmediate as breathe } from 'node:timers/promises'
import type { Trail, TrailFilter } from '../kernel/trail.ts'

/**
 * `denied`, `cause=`, `account=`, `principal=` and `since=` (a time of ISO 8601, or milliseconds since 1970) narrow the
 * answer down.
 */
export async function answerTrail(
  trail: Trail,
  query: URLSearchParams,
  response: ServerResponse,
): Promise<void> {
  const filter = filterOf(query)
  if (typeof filter === 'string')
    return void response.writeHead(400, { 'content-type': 'text/plain' }).end(`${filter}\n`)
  response.writeHead(200, { 'content-type': 'application/x-ndjson' })
  await pipeline(Readable.from(pieces(trail, filter)), response)
}

/** Other requests get their turn between two pieces, also while nothing is found. */
async function* pieces(trail: Trail, filter: TrailFilter): AsyncGenerator<string> {
  for (const piece of trail.read(filter)) {
    if (piece) yield piece
    await breathe()
  }
}

/** Denials in the course of pipeline actions, each once: of every `cause=`, or of all. */
export function answerDenials(trail: Trail, query: URLSearchParams, response: ServerResponse): void {
  const causes = query.getAll('cause')
  response.writeHead(200, { 'content-type': 'application/x-ndjson' })
  response.end(trail.denials(causes.length ? causes : undefined).join(''))
}

const EQUAL = ['cause', 'account', 'principal'] as const

/** Gives what is wrong, in words, where something is. */
function filterOf(query: URLSearchParams): TrailFilter | string {
  const unknown = [...query.keys()].find((key) => !['denied', 'since', ...EQUAL].includes(key))
  if (unknown !== undefined)
    return `the trail cannot be narrowed down by "${unknown}", but by denied, since, ${EQUAL.join(', ')}`
  const since = query.get('since')
  const time = since === null ? 0 : /^\d+$/.test(since) ? Number(since) : Date.parse(since)
  if (Number.isNaN(time))
    return `since: "${since}" is no time: write 2026-01-31T12:00:00Z, or milliseconds since 1970`
  const equal = EQUAL.map((key) => [key, query.get(key) ?? undefined])
  return { ...Object.fromEntries(equal), denied: query.has('denied'), since: time }
}
