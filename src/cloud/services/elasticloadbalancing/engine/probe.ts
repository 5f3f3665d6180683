/** One health check of a target: a request as a load balancer's, to what really stands behind its address. */
import { request as plainRequest } from 'node:http'
import { request as secureRequest } from 'node:https'
import { connect } from 'node:net'
import type { Context } from '../../../kernel/context.ts'
import { type PrivateEndpoint, privateNetwork } from '../../../kernel/private-network.ts'
import type { Target, TargetGroup } from '../state.ts'
import { codesOf, isHttp } from './health-settings.ts'
import { invokeTarget } from './invoke-target.ts'
import { settling } from './settling.ts'
import type { Finding } from './target-health.ts'

const TIMEOUT: Finding = { Reason: 'Target.Timeout', Description: 'Request timed out' }
const FAILED: Finding = { Reason: 'Target.FailedHealthChecks', Description: 'Health checks failed' }

/** AWS: what health checks call themselves. */
const AGENT = 'ELB-HealthChecker/2.0'

export async function probe(ctx: Context, group: TargetGroup, target: Target): Promise<Finding> {
  const { healthCheck } = group
  const over = new AbortController()
  const signal = AbortSignal.any([ctx.cloud.signal, over.signal])
  const status =
    group.type === 'lambda' ? askFunction(ctx, group, target) : askAddress(ctx, { group, target, signal })
  const late = ctx.cloud.clock.sleep(healthCheck.timeout * 1000, signal).then((): Finding => TIMEOUT)
  try {
    return await Promise.race([status.then((one) => findingOf(healthCheck.matcher, one)), late])
  } finally {
    over.abort()
  }
}

type Answered = number | 'connected' | Finding

function findingOf(matcher: string | undefined, answered: Answered): Finding {
  if (typeof answered === 'object' || answered === 'passed') return answered
  if (answered === 'connected' || codesOf(matcher ?? '200')?.(answered)) return 'passed'
  return {
    Reason: 'Target.ResponseCodeMismatch',
    Description: `Health checks failed with these codes: [${answered}]`,
  }
}

/** AWS: a function is asked as by a request of the path that is checked. */
async function askFunction(ctx: Context, group: TargetGroup, target: Target): Promise<Answered> {
  const answer = await invokeTarget(ctx, group, target, {
    method: 'GET',
    path: group.healthCheck.path ?? '/',
    rawHeaders: ['user-agent', AGENT],
    body: Buffer.alloc(0),
  })
  return answer === undefined ? 502 : answer.status
}

interface Asked {
  readonly group: TargetGroup
  readonly target: Target
  readonly signal: AbortSignal
}

async function askAddress(ctx: Context, { group, target, signal }: Asked): Promise<Answered> {
  const { account, region } = ctx
  const { healthCheck } = group
  const port =
    healthCheck.port === 'traffic-port' ? (target.port ?? group.port ?? 0) : Number(healthCheck.port)
  const endpoint = ctx.cloud.part(privateNetwork).find({ account, region, ip: target.id, port })
  // AWS: nobody answers under an address that is nobody's.
  if (!endpoint) return TIMEOUT
  if (!isHttp(healthCheck.protocol)) return connected(endpoint, signal)
  const usual = healthCheck.protocol === 'HTTPS' ? 443 : 80
  const headers = { host: port === usual ? target.id : `${target.id}:${port}`, 'user-agent': AGENT }
  const path = healthCheck.path ?? '/'
  if (endpoint.kind === 'port')
    return askPort(endpoint.port, { path, headers, secure: usual === 443, signal })
  const body = Buffer.alloc(0)
  const { status } = await endpoint.answer({ method: 'GET', path, headers, body })
  return status
}

interface Question {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly secure: boolean
  readonly signal: AbortSignal
}

function askPort(port: number, { path, headers, secure, signal }: Question): Promise<Answered> {
  const { promise, resolve } = settling<Answered>()
  const send = secure ? secureRequest : plainRequest
  // AWS: the certificates of targets are not verified, and each check has a connection of its own.
  const question = send(
    {
      host: '127.0.0.1',
      port,
      path,
      headers: { ...headers, connection: 'close' },
      agent: false,
      signal,
      ...(secure && { rejectUnauthorized: false }),
    },
    (answer) => {
      answer.resume()
      resolve(answer.statusCode ?? 0)
    },
  )
  question.on('error', () => resolve(FAILED))
  question.end()
  return promise
}

function connected(endpoint: PrivateEndpoint, signal: AbortSignal): Promise<Answered> {
  if (endpoint.kind !== 'port') return Promise.resolve('connected')
  const { promise, resolve } = settling<Answered>()
  const socket = connect({ port: endpoint.port, host: '127.0.0.1', signal }, () => {
    socket.destroy()
    resolve('connected')
  })
  socket.on('error', () => resolve(FAILED))
  return promise
}
