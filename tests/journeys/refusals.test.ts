/** Who is not let into the cloud is told on its terminal, once, and `--allow-origin` lets in by name. */
import type { ChildProcess } from 'node:child_process'
import { request } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually, printed, User } from './command-line.ts'

const APPLICATIONS = ['http://localhost:3000', 'https://app.example']

let user: User
let cloud: ChildProcess
let port: string
let onTerminal = ''

beforeAll(async () => {
  user = await User.create()
  cloud = user.start(['cloud', '--port', '0', ...APPLICATIONS.flatMap((one) => ['--allow-origin', one])])
  cloud.stdout!.on('data', (chunk: Buffer) => {
    onTerminal += chunk
  })
  port = /AWS_ENDPOINT_URL=http:\/\/127\.0\.0\.1:(\d+)/.exec(await printed(cloud, /Ctrl-C/))![1]!
})
afterAll(async () => {
  cloud?.kill('SIGKILL')
  await user?.remove()
})

const ask = (headers: Record<string, string>, method = 'GET') =>
  new Promise<{ status?: number; allowed?: string }>((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port, path: '/_crossdock/health', method, headers },
      (answer) => {
        answer.resume()
        const allowed = answer.headers['access-control-allow-origin']
        answer.on('end', () => resolve({ status: answer.statusCode, ...(allowed && { allowed }) }))
      },
    )
    sent.on('error', reject).end()
  })

test('a page is refused, and told once with what to do', async () => {
  for (let times = 0; times < 3; times++)
    expect(await ask({ origin: 'http://evil.example' })).toEqual({ status: 403 })
  expect(await ask({ host: 'rebound.example' })).toEqual({ status: 403 })
  await eventually(
    async () => onTerminal,
    (text) => text.includes('rebound.example'),
  )
  expect(onTerminal.split('refused A web page of http://evil.example made this request')).toHaveLength(2)
  expect(onTerminal).toContain(
    'fix: if it is an application of yours, start the cloud with --allow-origin http://evil.example',
  )
})

test('every application that is named is let in', async () => {
  for (const origin of APPLICATIONS) {
    expect(await ask({ origin })).toEqual({ status: 200, allowed: origin })
    const preflight = { origin, 'access-control-request-method': 'POST' }
    expect(await ask(preflight, 'OPTIONS')).toEqual({ status: 204, allowed: origin })
  }
})
