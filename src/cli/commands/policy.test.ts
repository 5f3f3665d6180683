import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { Terminal } from '../terminal.ts'
import { policy } from './policy.ts'

const folder = mkdtempSync(join(tmpdir(), 'crossdock-policy-'))
afterAll(() => rmSync(folder, { recursive: true }))
const FLEET = 'examples/hello/crossdock.yaml'

async function run(options: Record<string, string | boolean>, pipeline?: string) {
  const lines: string[] = []
  const terminal = { print: (text: string) => void lines.push(text) } as Terminal
  const status = await policy.run({
    arguments: pipeline === undefined ? [] : [pipeline],
    options: { fleet: FLEET, ...options },
    terminal,
  })
  return { status, text: lines.join('\n') }
}

const CALL = {
  action: 'lambda:CreateFunction',
  resource: 'arn:aws:lambda:us-east-1:222222222222:function:hello',
  principal: 'arn:aws:iam::222222222222:role/crossdock/crossdock-hello-hello-cloudformation',
  region: 'us-east-1',
  context: {},
  decision: { effect: 'allowed' },
}

describe('crossdock policy', () => {
  it('prints a policy for each stack of each account and region', async () => {
    const { status, text } = await run({}, 'hello')
    expect(status).toBe(0)
    expect(text.match(/^# hello-hello: stack hello in /gm)).toHaveLength(5)
    expect(text).toContain('# hello-hello: stack hello in prod (444444444444 eu-west-1)')
  })

  it('prints what whoever deploys must be allowed, account by account', async () => {
    const { status, text } = await run({ operator: true })
    expect(status).toBe(0)
    expect(text.match(/^# .*: whoever runs crossdock deploy must be allowed$/gm)).toEqual([
      '# hub (111111111111): whoever runs crossdock deploy must be allowed',
      '# dev (222222222222): whoever runs crossdock deploy must be allowed',
      '# test (333333333333): whoever runs crossdock deploy must be allowed',
      '# prod (444444444444): whoever runs crossdock deploy must be allowed',
    ])
    expect(text).toContain('#   to manage each AWS::CodePipeline::Pipeline of the fleet (')
    const { text: json } = await run({ operator: true, json: true })
    expect(JSON.parse(json).map(({ names }: { names: string[] }) => names)).toEqual([
      ['hub'],
      ['dev'],
      ['test'],
      ['prod'],
    ])
  })

  it('prints that of the whole fleet only', async () => {
    await expect(run({ operator: true }, 'hello')).rejects.toThrow('--operator is about the whole fleet')
  })

  it('fails when a type is not known, and says which', async () => {
    writeFileSync(join(folder, 'template.yaml'), 'Resources: { X: { Type: AWS::Wonder::Thing } }')
    writeFileSync(
      join(folder, 'crossdock.yaml'),
      `fleet: odd
hub: { account: "111111111111", region: us-east-1 }
environments: { dev: { account: "222222222222", regions: [us-east-1] } }
pipelines:
  odd:
    source: { github: odd/odd }
    deploy: [{ cloudformation: { template: template.yaml } }]
    stages: [dev]
`,
    )
    const { status, text } = await run({ fleet: join(folder, 'crossdock.yaml') })
    expect(status).toBe(1)
    expect(text).toContain('lacks what AWS::Wonder::Thing takes')
  })

  it('reads the trail of a run from a file', async () => {
    const file = join(folder, 'trail.jsonl')
    writeFileSync(file, `${JSON.stringify(CALL)}\n`)
    const { status, text } = await run({ fromTrail: file, json: true })
    const [first] = JSON.parse(text)
    expect(status).toBe(0)
    expect(first.policy.Statement).toEqual([
      { Sid: 'CallLambdaForStackHello', Effect: 'Allow', Action: CALL.action, Resource: CALL.resource },
    ])
  })

  it('reads it from an embedded AWS that runs', async () => {
    const asked: string[] = []
    const server = createServer((request, response) => {
      asked.push(request.url ?? '')
      response.end(`${JSON.stringify(CALL)}\n`)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const { text } = await run({ fromTrail: `http://127.0.0.1:${port}` })
    server.close()
    expect(asked).toEqual(['/_crossdock/trail'])
    expect(text).toContain('"lambda:CreateFunction"')
  })

  it.each([
    ['nowhere.jsonl', /there is no file nowhere\.jsonl/],
    [FLEET, /is no trail/],
    ['http://127.0.0.1:1', /nothing answers at http:\/\/127\.0\.0\.1:1/],
  ])('says what is wrong with the trail %s', async (place, message) => {
    await expect(run({ fromTrail: place })).rejects.toThrow(message)
  })

  it('knows its pipelines', async () => {
    await expect(run({}, 'hullo')).rejects.toThrow(/no pipeline "hullo"/)
  })
})
