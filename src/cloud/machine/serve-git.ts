/** Git's smart HTTP protocol through git's own http-backend: one request, answered from a bare repository. */

import type { ChildProcess } from 'node:child_process'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import { decodedBody, isDecodable } from './decoded-body.ts'
import type { Processes } from './processes.ts'

export interface GitRequest {
  readonly folder: string
  /** `/info/refs`, `/git-upload-pack` or `/git-receive-pack`. */
  readonly service: string
  readonly query: string
  /** Who asks; hooks and logs of git would know. */
  readonly user: string
  /** The body without its encoding, where it was looked into before. */
  readonly body?: Readable
}

/** Whether a request is about pushing: the push itself, or the question that comes before it. */
export const isPush = ({ service, query }: Pick<GitRequest, 'service' | 'query'>): boolean =>
  service === '/git-receive-pack' || query.includes('service=git-receive-pack')

/** Answers a request. `beforeAnswer` is done when git has ended, and git's answer is sent after it. */
export function serveGit(
  processes: Processes,
  request: IncomingMessage,
  response: ServerResponse,
  details: GitRequest,
  beforeAnswer?: () => Promise<void>,
): Promise<void> {
  if (!isDecodable(request)) return refuseEncoding(request, response)
  return new Promise((resolve, reject) => {
    const { child } = processes.start('git', ['http-backend'], {
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
    const body = details.body ?? decodedBody(request)
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
function refuseEncoding(request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.writeHead(415, { 'accept-encoding': 'gzip', 'content-type': 'text/plain' })
  const words = `The Content-Encoding ${request.headers['content-encoding']} is not supported here; gzip is.\n`
  return new Promise((resolve) => response.end(words, resolve))
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
