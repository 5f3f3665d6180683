/** The cloud as a proxy: AWS's host names end in it, others where they lead, and no tunnel outlives it. */

import { readFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import {
  type AddressInfo,
  connect as connectPlainly,
  createServer as createPlainServer,
  type Socket,
} from 'node:net'
import { text } from 'node:stream/consumers'
import { connect } from 'node:tls'
import { afterEach, expect, test } from 'vitest'
import { type Cloud, startCloud } from '../../../src/cloud/index.ts'
import { startTestCloud } from '../cloud.ts'

const { cloud } = await startTestCloud()
const { authority } = await cloud.hostNames.files()
const ca = readFileSync(authority, 'utf8')
const closing: { close(): unknown }[] = []
const before = { ...process.env }
afterEach(() => {
  for (const one of closing.splice(0)) one.close()
  for (const name of ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'NO_PROXY', 'no_proxy']) {
    if (before[name] === undefined) delete process.env[name]
    else process.env[name] = before[name]
  }
})

/** Opens a tunnel; gives the status with which it was answered. */
async function tunnel(
  to: string,
  through: Pick<Cloud, 'endpoint'> = cloud,
): Promise<{ status?: number; socket: Socket }> {
  const { hostname, port } = new URL(through.endpoint)
  const asking = request({ hostname, port, method: 'CONNECT', path: to, headers: { host: to } }).end()
  return new Promise((resolve, reject) => {
    asking.once('connect', (response, socket, head) => {
      socket.unshift(head)
      resolve({ status: response.statusCode, socket })
    })
    asking.once('error', reject)
  })
}

/** Asks for a path over TLS in a tunnel; gives the whole answer, or why there is none. */
async function askSecurely(socket: Socket, servername: string, head: string): Promise<string> {
  const secure = connect({ socket, servername, ca })
  secure.on('error', () => undefined)
  secure.write(`${head}\r\nHost: ${servername}\r\nConnection: close\r\n\r\n`)
  return text(secure).catch((error) => error.code ?? error.message)
}

async function listening<S extends ReturnType<typeof createPlainServer>>(server: S): Promise<number> {
  closing.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

test('a host of AWS ends in the cloud, over TLS', async () => {
  const host = 'sts.us-east-1.amazonaws.com'
  const { status, socket } = await tunnel(`${host}:443`)
  expect(status).toBe(200)
  const answer = await askSecurely(socket, host, 'GET /?Action=GetCallerIdentity HTTP/1.1')
  expect(answer).toContain('MissingAuthenticationToken')
})

test.each(['/v2/x', '/_crossdock/health', '/_cloudformation/x'])(
  '%s is a key under the name of a bucket',
  async (path) => {
    const host = 'nobodys-bucket.s3.eu-west-1.amazonaws.com'
    const { socket } = await tunnel(`${host}:443`)
    const answer = await askSecurely(socket, host, `PUT ${path} HTTP/1.1`)
    expect(answer).toContain('<Code>NoSuchBucket</Code>')
  },
)

test('a name of nobody in particular has no certificate', async () => {
  const { socket } = await tunnel('sts.amazonaws.com:443')
  expect(await askSecurely(socket, 'bank.example', 'GET / HTTP/1.1')).toMatch(/ECONNRESET|^$/)
})

test('a web page is refused in a tunnel as everywhere', async () => {
  const { socket } = await tunnel('sts.amazonaws.com:443')
  const head = 'GET /?Action=GetCallerIdentity HTTP/1.1\r\nOrigin: https://evil.example'
  expect(await askSecurely(socket, 'sts.amazonaws.com', head)).toMatch(/^HTTP\/1\.1 403 .*evil\.example/s)
})

test('another host is reached, and what it does not answer is said', async () => {
  const port = await listening(createPlainServer((one) => one.end('hello')))
  const { status, socket } = await tunnel(`127.0.0.1:${port}`)
  expect([status, await text(socket)]).toEqual([200, 'hello'])
  const gone = createPlainServer()
  const closed = await listening(gone)
  await new Promise((resolve) => gone.close(resolve))
  closing.pop()
  expect((await tunnel(`127.0.0.1:${closed}`)).status).toBe(502)
})

test("another host is reached through the user's own proxy, but where it is excepted", async () => {
  const asked: string[] = []
  const proxy = createServer()
  proxy.on('connect', (one, socket) => {
    asked.push(`${one.url} ${one.headers['proxy-authorization']}`)
    socket.end('HTTP/1.1 200 OK\r\n\r\nfrom the proxy')
  })
  process.env.https_proxy = `http://me:se%20cret@127.0.0.1:${await listening(proxy)}`
  process.env.no_proxy = '.amazonaws.com,excepted.example'
  const { socket } = await tunnel('far.example:443')
  expect(await text(socket)).toBe('from the proxy')
  expect(asked).toEqual([`far.example:443 Basic ${Buffer.from('me:se cret').toString('base64')}`])
  expect((await tunnel('excepted.example:443')).status).toBe(502)
  expect(asked).toHaveLength(1)
})

test('an address of HTTPS in the place of a path is sent on, or answered here where it is of AWS', async () => {
  const asked: string[] = []
  const proxy = createServer()
  proxy.on('connect', (one, socket) => {
    asked.push(String(one.url))
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
  })
  process.env.https_proxy = `http://127.0.0.1:${await listening(proxy)}`
  const ask = async (path: string, host: string) => {
    const { hostname, port } = new URL(cloud.endpoint)
    const asking = request({ hostname, port, path, headers: { host } }).end()
    const response = await new Promise<import('node:http').IncomingMessage>((resolve) =>
      asking.once('response', resolve),
    )
    return `${response.statusCode} ${await text(response)}`
  }
  expect(await ask('https://far.example/x', 'far.example')).toMatch(
    /^502 far\.example: the proxy .* answers 403/,
  )
  expect(asked).toEqual(['far.example:443'])
  expect(await ask('https://sts.amazonaws.com/?Action=GetCallerIdentity', 'sts.amazonaws.com')).toContain(
    'MissingAuthenticationToken',
  )
})

test('a bucket that the cloud lacks is looked for on AWS by who reads without a signature', async () => {
  const asked: string[] = []
  const proxy = createServer()
  proxy.on('connect', (one, socket) => {
    asked.push(String(one.url))
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
  })
  process.env.https_proxy = `http://127.0.0.1:${await listening(proxy)}`
  const host = 'installers.s3.eu-west-1.amazonaws.com'
  for (const head of ['GET /latest HTTP/1.1', 'PUT /latest HTTP/1.1', 'GET /?X-Amz-Expires=1 HTTP/1.1']) {
    const { socket } = await tunnel(`${host}:443`)
    expect(await askSecurely(socket, host, head)).toMatch(/<Error>/)
  }
  expect(asked).toEqual([`${host}:443`])
  // HEAD tells no code: what GET would be told counts.
  const { socket } = await tunnel(`${host}:443`)
  expect(await askSecurely(socket, host, 'HEAD /latest HTTP/1.1')).toMatch(/^HTTP\/1\.1 404 /)
  expect(asked).toEqual([`${host}:443`, `${host}:443`])
})

test('a cloud that stops ends its tunnels', async () => {
  const short = await startCloud()
  await short.hostNames.files()
  const port = await listening(createPlainServer((one) => one.on('error', () => undefined).resume()))
  const elsewhere = await tunnel(`127.0.0.1:${port}`, short)
  const inside = await tunnel('sts.amazonaws.com:443', short)
  const secure = connect({ socket: inside.socket, servername: 'sts.amazonaws.com', ca }).on(
    'error',
    () => undefined,
  )
  const idle = connectPlainly(Number(new URL(short.endpoint).port), '127.0.0.1')
  await new Promise((resolve) => idle.once('connect', resolve))
  const closed = [elsewhere.socket, secure, idle].map(
    (one) =>
      new Promise((resolve) =>
        one
          .on('error', () => undefined)
          .once('close', resolve)
          .resume(),
      ),
  )
  await short.stop()
  await Promise.all(closed)
})
