/** What the cloud's own port answers of load balancers: requests under their DNS names, and where each listens. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TLSSocket } from 'node:tls'
import type { Cloud } from '../../../kernel/cloud.ts'
import type { ContextFactory } from '../../../kernel/context.ts'
import { serviceIdentity } from '../../../kernel/identity.ts'
import { principal } from '../engine/identity.ts'
import { listeners, listenersOf, loadBalancers } from '../state.ts'
import { loopbackAddress } from './doors.ts'
import { serveRequest } from './serve-request.ts'
import { authorityCertificate } from './tls.ts'

/**
 * Builds and functions reach the cloud under AWS's host names: under a load balancer's they reach its listener on the
 * port that they name. At the cloud's own address a list says where each listener is reached on this machine.
 */
export async function answerPlain(
  request: IncomingMessage,
  response: ServerResponse,
  cloud: Cloud,
  context: ContextFactory,
): Promise<void> {
  const { host = '' } = request.headers
  const found = byName(cloud, host.replace(/\.?(?::\d*)?$/, '').toLowerCase())
  if (!found) return answerList(request, response, cloud)
  const usual = (request.socket as Partial<TLSSocket>).encrypted ? 443 : 80
  const port = Number(/:(\d+)$/.exec(host)?.[1] ?? usual)
  const { account, region, arn } = found
  const listener = cloud.store
    .of(listeners, account, region)
    .where(listenersOf, arn)
    .find((one) => one.port === port && one.protocol !== 'TCP')
  if (!listener)
    return text(response, 502, `The load balancer has no HTTP or HTTPS listener on port ${port}.\n`)
  const ctx = context({ identity: serviceIdentity(principal), account, region })
  await serveRequest(ctx, listener.arn, request, response)
}

function byName(cloud: Cloud, name: string) {
  for (const { account, region, table } of cloud.store.everywhere(loadBalancers))
    for (const { dnsName, arn } of table.values())
      if (dnsName.toLowerCase() === name) return { account, region, arn }
  return undefined
}

const LIST = '/_elasticloadbalancing/'
const CERTIFICATE = `${LIST}certificate.pem`

function answerList({ url = '/', method }: IncomingMessage, response: ServerResponse, cloud: Cloud): void {
  if (method !== 'GET' && method !== 'HEAD') return text(response, 405, 'Only GET is answered here.\n')
  if (url === CERTIFICATE) return text(response, 200, authorityCertificate(cloud))
  if (url !== LIST)
    return text(response, 404, `There is no such load balancer. ${LIST} lists the listeners.\n`)
  const lines = cloud.store.everywhere(listeners).flatMap(({ account, region, table }) =>
    table.values().map((one) => {
      const balancer = cloud.store.of(loadBalancers, account, region).get(one.loadBalancer)
      const name = `${balancer?.dnsName}:${one.port}`
      return `${loopbackAddress(one)}  ${one.protocol}  ${name}  ${one.arn}\n`
    }),
  )
  text(response, 200, lines.join('') || 'There are no listeners.\n')
}

function text(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' })
  response.end(body)
}
