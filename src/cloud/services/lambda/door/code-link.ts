/** Links to the archives of functions and layers: each is good by itself, for some minutes. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Cloud } from '../../../kernel/cloud.ts'
import { readArchive } from '../engine/code.ts'

/** Milliseconds a link to the code is good for. AWS: ten minutes. */
const LINK_TIME = 600_000

const sign = (cloud: Cloud, text: string): Buffer =>
  createHmac('sha256', `lambda code of ${cloud.folder} ${cloud.secret}`).update(text).digest()

/** Gives a link that an archive can be downloaded by. */
export function codeLink(cloud: Cloud, codeSha256: string): string {
  const name = Buffer.from(codeSha256, 'base64').toString('hex')
  const until = cloud.clock.now() + LINK_TIME
  const signature = sign(cloud, `${name}:${until}`).toString('hex')
  return `${cloud.endpoint}/_lambda/code/${name}?until=${until}&signature=${signature}`
}

/** Answers these links. */
export async function downloadCode(
  request: IncomingMessage,
  response: ServerResponse,
  cloud: Cloud,
): Promise<void> {
  const url = new URL(request.url ?? '/', cloud.endpoint)
  const name = /^\/_lambda\/code\/([0-9a-f]{64})$/.exec(url.pathname)?.[1] ?? ''
  const until = url.searchParams.get('until') ?? ''
  const given = Buffer.from(url.searchParams.get('signature') ?? '', 'hex')
  const wanted = sign(cloud, `${name}:${until}`)
  const valid = given.length === wanted.length && timingSafeEqual(given, wanted)
  if (request.method !== 'GET' || !valid || Number(until) < cloud.clock.now()) {
    response.writeHead(403, { 'content-type': 'text/plain' }).end('this link is not valid (any more)\n')
    return
  }
  const archive = await readArchive(cloud, Buffer.from(name, 'hex').toString('base64')).catch(() => undefined)
  if (archive) response.writeHead(200, { 'content-type': 'application/zip' }).end(archive)
  else response.writeHead(404, { 'content-type': 'text/plain' }).end('this code is gone\n')
}
