/** Local git repositories that stand for the provider's: served over HTTP, and a push is told to the pipelines. */

import type { ChildProcess } from 'node:child_process'
import { createHash, timingSafeEqual } from 'node:crypto'
import { existsSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import type { Cloud } from '../../../kernel/cloud.ts'
import { announcePushes } from './announce-push.ts'
import { decodedBody, isDecodable } from './decoded-body.ts'
import { createRepository, keepRepository, repositoryFolder } from './repository-folder.ts'

const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/
const ADDRESS =
  /^\/_codeconnections\/([^/?]+)\/([^/?]+?)(?:\.git)?(\/(?:info\/refs|git-upload-pack|git-receive-pack))(?:\?(.*))?$/

/**
 * Git's smart HTTP protocol at `/_codeconnections/<owner>/<name>.git`, through git's own http-backend.
 * User name and password are an access key id and its secret. Pushing to a repository that is not there makes it.
 */
export async function serveRepository(
  request: IncomingMessage,
  response: ServerResponse,
  cloud: Cloud,
): Promise<void> {
  const user = authenticatedUser(request, cloud)
  if (!user) {
    response.writeHead(401, { 'www-authenticate': 'Basic realm="crossdock"', 'content-type': 'text/plain' })
    response.end('Give an access key id as user name and its secret access key as password.\n')
    return
  }
  const [, owner = '', name = '', service = '', query = ''] = ADDRESS.exec(request.url ?? '') ?? []
  const repository = `${owner}/${name}`
  const folder = NAME.test(owner) && NAME.test(name) ? repositoryFolder(cloud, repository) : undefined
  const writes = service === '/git-receive-pack' || query.includes('service=git-receive-pack')
  if (!service || !folder || (!writes && !existsSync(folder))) {
    response
      .writeHead(404, { 'content-type': 'text/plain' })
      .end(`There is no repository at ${request.url}\n`)
    return
  }
  if (!isDecodable(request)) return refuseEncoding(request, response)
  if (!existsSync(folder)) await createRepository(folder)
  if (writes) await keepRepository(cloud, repository)
  const details = { folder, service, query, user }
  if (service !== '/git-receive-pack') return backend(cloud, request, response, details)
  // Git is answered once the push is told and on disk: what it has heard of starts what it should.
  await backend(cloud, request, response, details, () => announcePushes(cloud, repository))
}

function authenticatedUser(request: IncomingMessage, cloud: Cloud): string | undefined {
  const [scheme, encoded = ''] = (request.headers.authorization ?? '').split(' ')
  if (scheme?.toLowerCase() !== 'basic') return undefined
  const [id = '', ...rest] = Buffer.from(encoded, 'base64').toString().split(':')
  const known = /^\d{12}$/.test(id) && (cloud.accounts?.includes(id) ?? true)
  const secret = known ? cloud.secret : cloud.directory.accessKey(id)?.secretAccessKey
  return secret !== undefined && equal(rest.join(':'), secret) ? id : undefined
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Takes the same time whatever the texts have in common. */
const equal = (given: string, secret: string): boolean => timingSafeEqual(digest(given), digest(secret))

function backend(
  cloud: Cloud,
  request: IncomingMessage,
  response: ServerResponse,
  details: { folder: string; service: string; query: string; user: string },
  beforeAnswer?: () => Promise<void>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const { child } = cloud.processes.start('git', ['http-backend'], {
      env: {
        PATH: process.env.PATH,
        GIT_PROJECT_ROOT: details.folder,
        GIT_HTTP_EXPORT_ALL: '1',
        PATH_INFO: details.service,
        QUERY_STRING: details.query,
        REQUEST_METHOD: request.method,
        CONTENT_TYPE: request.headers['content-type'] ?? '',
        GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
        REMOTE_USER: details.user,
        REMOTE_ADDR: '127.0.0.1',
      },
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    const [input, output] = [child.stdin!, child.stdout!]
    const stop = () => stopGroup(child)
    const body = decodedBody(request)
    let misread: Error | undefined
    body.on('error', (error) => {
      misread = error
      stop()
    })
    body.pipe(input)
    input.on('error', stop)
    // A client may be gone before git has begun.
    if (request.socket.destroyed) stop()
    response.on('close', stop)
    // Git begins its answer before it has read everything, and what follows may not be what its encoding says.
    const begin = passOn(output, response)
    if (!beforeAnswer) body.on('end', begin)
    const read = new Promise<void>((done) => {
      for (const event of ['end', 'error', 'close']) body.once(event, () => done())
      request.once('close', () => request.complete || done())
    })
    const end = async () => {
      // What git has not read may be no gzip either, and would stand before the next request of this connection.
      body.unpipe(input).resume()
      await read
      request.unpipe().resume()
      if (!misread) {
        await beforeAnswer?.()
        begin()
      }
      if (response.headersSent) response.end(() => resolve())
      else endBadly(request, response, misread).then(resolve)
    }
    child.on('error', reject)
    child.on('close', () => end().catch(reject))
  })
}

/** RFC 9110, 15.5.16: the answer names what would have been taken. */
function refuseEncoding(request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(415, { 'accept-encoding': 'gzip', 'content-type': 'text/plain' })
  response.end(
    `The Content-Encoding ${request.headers['content-encoding']} is not supported here; gzip is.\n`,
  )
}

/** Answers for a git that has ended without an answer: it was fed what was no gzip, or nothing it understood. */
function endBadly(request: IncomingMessage, response: ServerResponse, misread?: Error): Promise<void> {
  const why = misread
    ? `The body is not ${request.headers['content-encoding']}, as its Content-Encoding says: ${misread.message}.`
    : 'Git ended without an answer.'
  response.writeHead(misread ? 400 : 500, { 'content-type': 'text/plain' })
  return new Promise((resolve) => response.end(`${why}\n`, resolve))
}

/** Turns what git answers as a CGI program into the response, once the function that it gives is called. */
function passOn(output: Readable, response: ServerResponse): () => void {
  let held = Buffer.alloc(0)
  let begun = false
  const tell = () => {
    const end = held.indexOf('\r\n\r\n')
    if (!begun || response.headersSent || end < 0) return
    writeHead(response, held.subarray(0, end).toString())
    response.write(held.subarray(end + 4))
  }
  output.on('data', (chunk: Buffer) => {
    if (response.headersSent) return void response.write(chunk)
    held = Buffer.concat([held, chunk])
    tell()
  })
  return () => {
    begun = true
    tell()
  }
}

/** Ends git and what it has started; all of it is one process group. */
function stopGroup({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return
  try {
    process.kill(-pid)
  } catch {
    // It has ended at this very moment.
  }
}

/** Turns the CGI header block into a response head. */
function writeHead(response: ServerResponse, block: string): void {
  let status = 200
  const headers: Record<string, string> = {}
  for (const line of block.split('\r\n')) {
    const [name = '', ...value] = line.split(':')
    const text = value.join(':').trim()
    if (name.toLowerCase() === 'status') status = Number.parseInt(text, 10)
    else headers[name.toLowerCase()] = text
  }
  response.writeHead(status, headers)
}
