/** What a listener makes of requests: weights, rules, stickiness, answers of its own, errors. */
import { describe, expect, it } from 'vitest'
import { startTestCloud } from '../cloud.ts'
import { callerOf, forwardTo, makeBalancer, makeGroup, makeListener, reaches, runAt } from './shop.ts'

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
const shift = (...groups: Parameters<typeof forwardTo>) =>
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
