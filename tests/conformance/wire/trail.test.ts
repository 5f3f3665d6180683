/** What the cloud answers about its decisions: narrowed down at the server, streamed. */

import { CreateAccessKeyCommand, CreateUserCommand, IAMClient } from '@aws-sdk/client-iam'
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { beforeAll, expect, test } from 'vitest'
import { DEV, HUB, startTestCloud, type TestCloud } from '../cloud.ts'

let running: TestCloud

const ask = async (
  path: string,
): Promise<{ status: number; text: string; lines: Record<string, unknown>[] }> => {
  const answer = await fetch(`${running.cloud.endpoint}/_crossdock/${path}`)
  const text = await answer.text()
  return {
    status: answer.status,
    text,
    get lines() {
      return text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Record<string, unknown>)
    },
  }
}

beforeAll(async () => {
  running = await startTestCloud()
  const iam = running.client(IAMClient)
  await iam.send(new CreateUserCommand({ UserName: 'nobody' }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'nobody' }))
  const credentials = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }
  const ssm = running.client(SSMClient, { credentials })
  await expect(ssm.send(new GetParameterCommand({ Name: 'a' }))).rejects.toThrow('not authorized')
  await running.client(STSClient, { account: DEV }).send(new GetCallerIdentityCommand({}))
})

test('every decision comes as a line', async () => {
  const { lines } = await ask('trail')
  expect(lines).toEqual(running.cloud.trail.entries())
  expect(lines.length).toBeGreaterThan(2)
})

test.each([
  ['denied', ({ denial }: { denial?: unknown }) => denial !== undefined],
  [`account=${HUB}`, ({ account }: { account?: unknown }) => account === HUB],
  [
    `principal=arn:aws:iam::${HUB}:user/nobody`,
    ({ principal }: { principal?: unknown }) => principal === `arn:aws:iam::${HUB}:user/nobody`,
  ],
])('trail?%s', async (query, wanted) => {
  const { lines } = await ask(`trail?${query}`)
  expect(lines).toEqual(running.cloud.trail.entries().filter(wanted))
  expect(lines.length).toBeGreaterThan(0)
})

test('since takes a time, in words and in numbers', async () => {
  const newest = running.cloud.trail.entries().at(-1)!.time
  const all = (await ask(`trail?since=${new Date(0).toISOString()}`)).lines
  expect(all).toEqual(running.cloud.trail.entries())
  expect((await ask(`trail?since=${newest + 1}`)).lines).toEqual([])
})

test.each([
  ['since=yesterday', /"yesterday" is no time/],
  ['effect=denied', /"effect", but by denied, since/],
])('trail?%s is refused', async (query, message) => {
  const { status, text } = await ask(`trail?${query}`)
  expect(status).toBe(400)
  expect(text).toMatch(message)
})

test('denials that a pipeline met are asked for by many causes at once', async () => {
  const denied = running.cloud.trail.entries({ denied: true })[0]!
  for (const cause of ['a', 'b', 'c']) running.cloud.trail.record({ ...denied, cause })
  expect((await ask('denials')).lines.map(({ cause }) => cause)).toEqual(['a', 'b', 'c'])
  const { lines } = await ask('denials?cause=c&cause=a&cause=x')
  expect(lines.map(({ cause }) => cause)).toEqual(['c', 'a'])
  expect(lines[0]).toMatchObject({
    action: 'ssm:GetParameter',
    saidNo: expect.any(String),
    remedies: expect.any(Array),
  })
})
