/** Local git repositories that stand for the provider's: served over HTTP, and a push is told to the pipelines. */

import { type ChildProcess, spawn } from 'node:child_process'
import { createHash, timingSafeEqual } from 'node:crypto'
import { existsSync, mkdirSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import type { Cloud } from '../../../kernel/cloud.ts'
import { runGit } from '../../../machine/run-git.ts'
import { announcePush, branches } from './announce-push.ts'
import { decodedBody, isDecodable } from './decoded-body.ts'

const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/
const ADDRESS =
  /^\/_codeconnections\/([^/?]+)\/([^/?]+?)(?:\.git)?(\/(?:info\/refs|git-upload-pack|git-receive-pack))(?:\?(.*))?$/

/** The folder of a repository `owner/name`; undefined where the name could not be a repository's. */
export function repositoryFolder(cloud: Cloud, owner: string, name: string): string | undefined {
  if (!NAME.test(owner) || !NAME.test(name)) return undefined
  return join(cloud.folder, 'repositories', owner, `${name}.git`)
}

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
  const folder = repositoryFolder(cloud, owner, name)
  const writes = service === '/git-receive-pack' || query.includes('service=git-receive-pack')
  if (!service || !folder || (!writes && !existsSync(folder))) {
    response
      .writeHead(404, { 'content-type': 'text/plain' })
      .end(`There is no repository at ${request.url}\n`)
    return
  }
  if (!isDecodable(request)) return refuseEncoding(request, response)
  if (!existsSync(folder)) await createRepository(folder)
  const pushing = service === '/git-receive-pack'
  const before = pushing ? await branches(folder) : new Map<string, string>()
  await backend(request, response, { folder, service, query, user })
  if (pushing) await announcePush(cloud, folder, `${owner}/${name}`, before)
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

async function createRepository(folder: string): Promise<void> {
  mkdirSync(dirname(folder), { recursive: true })
  await runGit(dirname(folder), 'init', '--quiet', '--bare', '--initial-branch=main', folder)
}

function backend(
  request: IncomingMessage,
  response: ServerResponse,
  details: { folder: string; service: string; query: string; user: string },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', ['http-backend'], {
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
      detached: true,
    })
    const stop = () => stopGroup(child)
    const body = decodedBody(request)
    let misread: Error | undefined
    body.on('error', (error) => {
      misread = error
      stop()
    })
    body.pipe(child.stdin)
    child.stdin.on('error', stop)
    // A client may be gone before git has begun.
    if (request.socket.destroyed) stop()
    response.on('close', stop)
    // Git begins its answer before it has read everything, and what follows may not be what its encoding says.
    const begin = passOn(child.stdout, response)
    body.on('end', begin)
    child.on('error', reject)
    child.on('close', () => {
      // What git has not read would stand before the next request of this connection.
      request.unpipe().resume()
      if (!misread) begin()
      if (response.headersSent) response.end(() => resolve())
      else endBadly(request, response, misread).then(resolve)
    })
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
