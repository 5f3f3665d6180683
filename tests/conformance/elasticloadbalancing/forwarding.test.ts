/** What a listener makes of requests: weights, rules, stickiness, answers of its own, errors. */
import { type IncomingHttpHeaders, request } from 'node:http'
import { request as secureRequest } from 'node:https'
import { describe, expect, it } from 'vitest'
import { privateNetwork } from '../../../src/cloud/kernel/private-network.ts'
import { settling } from '../../../src/cloud/services/elasticloadbalancing/engine/settling.ts'
import { HUB, startTestCloud } from '../cloud.ts'
import { rootCaller } from '../modelled-client.ts'
import {
  callerOf,
  forwardTo,
  listening,
  makeBalancer,
  makeGroup,
  makeListener,
  reaches,
  runAt,
  type Share,
} from './shop.ts'

const test = await startTestCloud()
const call = callerOf(test)
const balancer = await makeBalancer(call, 'web')
const blue = await makeGroup(call, 'blue')
const green = await makeGroup(call, 'green')
await runAt(test, { ip: '172.31.0.10', port: 80 }, (_, response) => response.end('blue'))
await runAt(test, { ip: '172.31.0.11', port: 80 }, (request, response) => {
  if (request.url === '/headers') return response.end(JSON.stringify(request.headers))
  response.end('green')
})
await call('RegisterTargets', { TargetGroupArn: blue, Targets: [{ Id: '172.31.0.10' }] })
await call('RegisterTargets', { TargetGroupArn: green, Targets: [{ Id: '172.31.0.11' }] })
const listener = await makeListener(call, balancer, forwardTo([blue, 90], [green, 10]))
await reaches(call, blue, 'healthy')
await reaches(call, green, 'healthy')

const ask = async (path = '/', init: RequestInit = {}) => {
  const response = await fetch(`${listener.address}${path}`, { redirect: 'manual', ...init })
  return { status: response.status, headers: response.headers, text: await response.text() }
}
const shares = async (times: number) => {
  const found: Record<string, number> = {}
  for (let at = 0; at < times; at++) {
    const { text } = await ask()
    found[text] = (found[text] ?? 0) + 1
  }
  return found
}
const shift = (...groups: Share[]) =>
  call('ModifyListener', { ListenerArn: listener.arn, DefaultActions: [forwardTo(...groups)] })

describe('weights', () => {
  it('share requests, and a shift is seen at once', async () => {
    expect(await shares(50)).toEqual({ blue: 45, green: 5 })
    await shift([blue, 0], [green, 100])
    expect(await shares(5)).toEqual({ green: 5 })
    await shift([blue, 1], [green, 1])
    expect(await shares(10)).toEqual({ blue: 5, green: 5 })
  })
})

const rule = async (Priority: number, condition: object, action: object) => {
  const { Rules } = await call('CreateRule', {
    ListenerArn: listener.arn,
    Priority,
    Conditions: [condition],
    Actions: [action],
  })
  return Rules[0].RuleArn as string
}
const fixed = (StatusCode: string, MessageBody: string) => ({
  Type: 'fixed-response',
  FixedResponseConfig: { StatusCode, MessageBody, ContentType: 'text/plain' },
})

describe('rules', () => {
  it('go by path, host, header, query, method and address, the lowest priority first', async () => {
    const made = [
      await rule(10, { Field: 'path-pattern', Values: ['/img/*'] }, fixed('200', 'path')),
      await rule(
        20,
        { Field: 'host-header', HostHeaderConfig: { Values: ['*.Example.com'] } },
        fixed('200', 'host'),
      ),
      await rule(
        30,
        { Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'X-Canary', Values: ['y?s'] } },
        fixed('200', 'header'),
      ),
      await rule(
        40,
        { Field: 'query-string', QueryStringConfig: { Values: [{ Key: 'version', Value: 'V1' }] } },
        fixed('200', 'query'),
      ),
      await rule(
        50,
        { Field: 'http-request-method', HttpRequestMethodConfig: { Values: ['PUT'] } },
        fixed('201', 'method'),
      ),
      await rule(60, { Field: 'source-ip', SourceIpConfig: { Values: ['10.0.0.0/8'] } }, fixed('200', 'ten')),
    ]
    expect((await ask('/img/a.png?x')).text).toBe('path')
    expect((await ask('/IMG/a.png')).text).not.toBe('path')
    expect((await rawAsk('/', { host: 'shop.example.COM:80' })).text).toBe('host')
    expect((await ask('/', { headers: { 'x-canary': 'YES' } })).text).toBe('header')
    expect((await ask('/?a=1&Version=v1')).text).toBe('query')
    expect(await ask('/', { method: 'PUT' })).toMatchObject({ status: 201, text: 'method' })
    expect((await ask('/')).text).toMatch(/blue|green/)
    for (const RuleArn of made) await call('DeleteRule', { RuleArn })
    expect((await ask('/img/a.png')).text).toMatch(/blue|green/)
  })

  it('redirect, with what stays of the address', async () => {
    const RuleArn = await rule(
      1,
      { Field: 'path-pattern', Values: ['/old/*'] },
      {
        Type: 'redirect',
        RedirectConfig: { Protocol: 'HTTPS', Port: '443', Path: '/new/#{path}', StatusCode: 'HTTP_301' },
      },
    )
    const { status, headers } = await ask('/old/a?b=c')
    expect(status).toBe(301)
    expect(headers.get('location')).toBe('https://127.0.0.1:443/new/old/a?b=c')
    expect(headers.get('server')).toBe('awselb/2.0')
    await call('DeleteRule', { RuleArn })
  })
})

/** `fetch` sets hosts and origins by itself. */
function rawAsk(path: string, headers: Record<string, string>, address = listener.address) {
  return new Promise<{ status?: number; text: string; headers: IncomingHttpHeaders }>((resolve, reject) => {
    const { hostname, port } = new URL(address)
    request({ host: hostname, port, path, headers, agent: false }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (piece) => {
        text += piece
      })
      answer.on('end', () => resolve({ status: answer.statusCode, text, headers: answer.headers }))
    })
      .on('error', reject)
      .end()
  })
}

describe('what a target sees', () => {
  it('is the request with who asked, and a trace', async () => {
    await shift([green, 1])
    const { text } = await ask('/headers', { headers: { 'x-forwarded-for': '203.0.113.7', te: 'trailers' } })
    const seen = JSON.parse(text)
    expect(seen).toMatchObject({
      'x-forwarded-for': '203.0.113.7, 127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-port': '80',
      'x-amzn-trace-id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
      host: new URL(listener.address).host,
    })
    expect(seen.te).toBeUndefined()
  })

  it('is what the attributes of the load balancer say', async () => {
    const set = (Value: string) =>
      call('ModifyLoadBalancerAttributes', {
        LoadBalancerArn: balancer,
        Attributes: [{ Key: 'routing.http.xff_header_processing.mode', Value }],
      })
    await set('remove')
    expect(
      JSON.parse((await ask('/headers', { headers: { 'x-forwarded-for': '1.1.1.1' } })).text),
    ).not.toHaveProperty('x-forwarded-for')
    await set('preserve')
    const { text } = await ask('/headers', { headers: { 'x-forwarded-for': '1.1.1.1' } })
    expect(JSON.parse(text)['x-forwarded-for']).toBe('1.1.1.1')
    await set('append')
  })
})

describe('stickiness', () => {
  it('brings a client back to its group, and to its target', async () => {
    const action = forwardTo([blue, 1], [green, 1])
    await call('ModifyListener', {
      ListenerArn: listener.arn,
      DefaultActions: [
        {
          ...action,
          ForwardConfig: {
            ...action.ForwardConfig,
            TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 60 },
          },
        },
      ],
    })
    const first = await ask()
    const cookie = first.headers
      .getSetCookie()
      .find((one) => one.startsWith('AWSALBTG='))!
      .split(';')[0]!
    for (let at = 0; at < 4; at++) expect((await ask('/', { headers: { cookie } })).text).toBe(first.text)
    expect(first.headers.getSetCookie().some((one) => one.startsWith('AWSALBTGCORS='))).toBe(true)
  })

  it('of targets comes with a cookie of the group', async () => {
    const two = await makeGroup(call, 'two')
    const Targets = [{ Id: '172.31.0.10' }, { Id: '172.31.0.11' }]
    await call('RegisterTargets', { TargetGroupArn: two, Targets })
    await call('ModifyTargetGroupAttributes', {
      TargetGroupArn: two,
      Attributes: [{ Key: 'stickiness.enabled', Value: 'true' }],
    })
    await shift([two, 1])
    await reaches(call, two, 'healthy')
    const first = await ask()
    const second = await ask()
    expect([first.text, second.text].sort()).toEqual(['blue', 'green'])
    const cookie = first.headers
      .getSetCookie()
      .find((one) => one.startsWith('AWSALB='))!
      .split(';')[0]!
    for (let at = 0; at < 3; at++) expect((await ask('/', { headers: { cookie } })).text).toBe(first.text)
  })
})

describe('errors', () => {
  it('are 503 without a target, 504 where nobody is, 502 where nobody answers', async () => {
    const empty = await makeGroup(call, 'empty')
    await shift([empty, 1])
    expect(await ask()).toMatchObject({
      status: 503,
      text: expect.stringContaining('503 Service Temporarily Unavailable'),
    })
    await call('RegisterTargets', { TargetGroupArn: empty, Targets: [{ Id: '172.31.9.9' }] })
    expect((await ask()).status).toBe(504)
    const broken = await makeGroup(call, 'broken')
    await runAt(test, { ip: '172.31.0.12', port: 80 }, (request) => request.socket.destroy())
    await call('RegisterTargets', { TargetGroupArn: broken, Targets: [{ Id: '172.31.0.12' }] })
    await shift([broken, 1])
    expect((await ask()).status).toBe(502)
    await shift([blue, 0])
    expect((await ask()).status).toBe(503)
    expect((await rawAsk('/', {}, listener.address)).status).toBe(503)
  })
})

describe('a client that does not wait', () => {
  it('is told of as 460, and the request to its target ends', async () => {
    const slow = await makeGroup(call, 'slow')
    const { promise: ended, resolve } = settling<void>()
    const { promise: asked, resolve: reached } = settling<void>()
    await runAt(test, { ip: '172.31.0.14', port: 80 }, (request, response) => {
      if (request.headers['user-agent']?.startsWith('ELB')) return response.end()
      response.once('close', () => resolve())
      reached()
    })
    await call('RegisterTargets', { TargetGroupArn: slow, Targets: [{ Id: '172.31.0.14' }] })
    await shift([slow, 1])
    const impatience = new AbortController()
    const asking = fetch(listener.address, { signal: impatience.signal })
    await asked
    impatience.abort()
    await expect(asking).rejects.toThrow()
    await ended
    const cloudwatch = rootCaller(test.cloud, 'cloudwatch')
    const counted = async () =>
      (await cloudwatch('ListMetrics', { MetricName: 'HTTPCode_ELB_4XX_Count' })).Metrics.length
    // The load balancer hears of it by itself.
    while (!(await counted())) await new Promise((resolve) => setImmediate(resolve))
  })
})

describe('who asks', () => {
  it('is anybody but a web page of another origin', async () => {
    await shift([blue, 1])
    const own = new URL(listener.address).origin
    expect((await rawAsk('/', { host: 'anything.example' })).status).toBe(200)
    expect((await rawAsk('/', { origin: own, 'sec-fetch-site': 'same-origin' })).status).toBe(200)
    for (const headers of [
      { origin: 'https://evil.example' },
      { host: 'evil.example', 'user-agent': 'Mozilla/5.0 (X11)', 'sec-fetch-site': 'same-origin' },
      { 'sec-fetch-site': 'cross-site' },
    ] as Record<string, string>[])
      expect(await rawAsk('/', headers)).toMatchObject({
        status: 403,
        text: expect.stringContaining('To be let in'),
      })
  })

  it('comes by the DNS name through the cloud, too', async () => {
    const { LoadBalancers } = await call('DescribeLoadBalancers', { LoadBalancerArns: [balancer] })
    const name = LoadBalancers[0].DNSName
    expect(name).toMatch(/^web-\d{10}\.us-east-1\.elb\.amazonaws\.com$/)
    expect((await rawAsk('/', { host: name }, test.cloud.endpoint)).text).toBe('blue')
    expect((await rawAsk('/', { host: `${name}:81` }, test.cloud.endpoint)).status).toBe(502)
    const list = await (await fetch(`${test.cloud.endpoint}/_elasticloadbalancing/`)).text()
    expect(list).toContain(`${listener.address}  HTTP  ${name}:80  ${listener.arn}`)
  })
})

describe('upgrades', () => {
  it('are handed through', async () => {
    const { port } = await listening(() => undefined).then(({ port, server }) => {
      server.on('upgrade', (_, socket) => {
        socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n')
        socket.pipe(socket)
      })
      return { port }
    })
    test.cloud
      .part(privateNetwork)
      .register({ account: HUB, region: 'us-east-1', ip: '172.31.0.13', port: 80 }, { kind: 'port', port })
    const sockets = await makeGroup(call, 'sockets')
    await call('RegisterTargets', { TargetGroupArn: sockets, Targets: [{ Id: '172.31.0.13' }] })
    await shift([sockets, 1])
    const heard = await new Promise<string>((resolve) => {
      const { port: door } = new URL(listener.address)
      request({ host: '127.0.0.1', port: door, headers: { connection: 'Upgrade', upgrade: 'echo' } })
        .on('upgrade', (_, socket) => {
          socket.once('data', (data) => {
            socket.destroy()
            resolve(String(data))
          })
          socket.write('hello')
        })
        .end()
    })
    expect(heard).toBe('hello')
  })
})

describe('TLS', () => {
  it("ends at the listener, under the cloud's own authority", async () => {
    const CertificateArn = `arn:aws:acm:us-east-1:${HUB}:certificate/1`
    const { address } = await makeListener(call, balancer, forwardTo([blue, 1]), {
      Protocol: 'HTTPS',
      Port: 443,
      Certificates: [{ CertificateArn }],
    })
    const ca = await (await fetch(`${test.cloud.endpoint}/_elasticloadbalancing/certificate.pem`)).text()
    const text = await new Promise<string>((resolve, reject) => {
      const { port } = new URL(address)
      secureRequest({ host: '127.0.0.1', port, servername: 'shop.localhost', ca, agent: false }, (answer) =>
        answer.setEncoding('utf8').on('data', resolve),
      )
        .on('error', reject)
        .end()
    })
    expect(text).toBe('blue')
  })
})

describe('a listener that is deleted', () => {
  it('listens no longer', async () => {
    const { arn, address } = await makeListener(call, balancer, forwardTo([blue, 1]), { Port: 8080 })
    expect((await fetch(address)).status).toBe(200)
    await call('DeleteListener', { ListenerArn: arn })
    await test.cloud.settled()
    await expect(fetch(address)).rejects.toThrow()
  })
})
