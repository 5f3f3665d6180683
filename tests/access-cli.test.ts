/** `check`, `explain` and `graph` as a user calls them, on plain templates and on an example. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { UsageError } from '../src/cli/command.ts'
import { check } from '../src/cli/commands/check.ts'
import { explain } from '../src/cli/commands/explain.ts'
import { graph } from '../src/cli/commands/graph.ts'
import { runCommand as run } from './run-command.ts'

const STACKS = join(import.meta.dirname, 'cases', 'proof', 'stacks')
const HELLO = join(import.meta.dirname, '..', 'examples', 'hello', 'crossdock.yaml')
const folder = mkdtempSync(join(tmpdir(), 'crossdock-cli-'))
afterAll(() => rmSync(folder, { recursive: true }))

const HUB = `111111111111/us-east-1=${join(STACKS, 'hub.yaml')},TargetAccount=222222222222`
const TARGET = `222222222222/us-east-1=${join(STACKS, 'target.yaml')},HubAccount=111111111111,KeyArn=@hub.KeyArn,Bucket=@hub.BucketName`
const TEMPLATES = [HUB, TARGET] as unknown as string

/** The hub without the grant of its key to the target. */
function brokenHub(): string {
  const text = readFileSync(join(STACKS, 'hub.yaml'), 'utf8')
  const file = join(folder, 'hub.yaml')
  writeFileSync(file, text.replace(/ {10}- Sid: UseFromTarget\n(?: {12}.*\n)+/, ''))
  return HUB.replace(join(STACKS, 'hub.yaml'), file)
}

describe('check', () => {
  test('of a fleet that holds is one summary', async () => {
    const { status, text } = await run(check, { fleet: HELLO })
    expect(status).toBe(0)
    expect(text).toMatch(
      /^about \$[\d.]+ a month .*\n✔ hello: \d+ of \d+ permissions proven; 1 pipeline, 4 accounts, 2 regions \(\d+ ms\)$/,
    )
  })

  test('with --verbose has a line for every action', async () => {
    const { text } = await run(check, { fleet: HELLO, verbose: true })
    expect(text).toContain('  ✔ dev › deploy-hello-us-east-1  ')
    expect(text).toContain('  ✔ Build › Build  ')
  })

  test('of plain templates explains a denial like a compiler', async () => {
    const templates = [brokenHub(), TARGET] as unknown as string
    const { status, text } = await run(check, { templates })
    expect(status).toBe(1)
    expect(text).toContain('denied orders-deploy may not kms:Decrypt')
    expect(text).toContain('  in       orders › Deploy › Deploy')
    expect(text).toContain('  said no  key policy of arn:aws:kms:us-east-1:111111111111:key/<Key of hub>')
    expect(text).toMatch(
      /fix {6}add to the key policy of .* \(.*hub\.yaml:\d+:\d+, stack hub, Key, 111111111111 us-east-1\)/,
    )
    expect(text).toContain('"AWS": "arn:aws:iam::222222222222:role/orders-deploy"')
    expect(text).toMatch(/✖ 2 templates: 2 of \d+ permissions are denied/)
  })

  test('says what is not known', async () => {
    const { status, text } = await run(check, { templates: [HUB] as unknown as string })
    expect(status).toBe(0)
    expect(text).toMatch(
      /not proven \d+ permissions?: the role arn:aws:iam::222222222222:role\/orders-deploy is in no template/,
    )
  })

  test('as JSON and as SARIF is one document', async () => {
    const templates = [brokenHub(), TARGET] as unknown as string
    const json = JSON.parse((await run(check, { templates, json: true })).text)
    expect(json).toMatchObject({ name: '2 templates', proven: false, pipelines: ['orders'] })
    expect(json.cost.total).toBeGreaterThan(1)
    const sarif = JSON.parse((await run(check, { templates, sarif: true })).text)
    expect(sarif.runs[0].results[0]).toMatchObject({ ruleId: 'denied', level: 'error' })
  })

  test('refuses what it cannot understand', async () => {
    const given = (templates: string[]) => run(check, { templates: templates as unknown as string })
    await expect(given(['nowhere=x.yaml'])).rejects.toThrow('names no place')
    await expect(given(['111111111111/us-east-1=missing.yaml'])).rejects.toThrow(UsageError)
    await expect(given([`${HUB},Mode=@other.Thing`])).rejects.toThrow(
      'no other template is the stack "other"',
    )
    await expect(run(check, { fleet: HELLO, sarif: true, json: true })).rejects.toThrow('two documents')
    await expect(run(check, { fleet: HELLO, runs: 'many' })).rejects.toThrow('--runs many is no number')
  })
})

describe('explain', () => {
  const ARTIFACT = 'arn:aws:s3:::artifacts-111111111111-us-east-1/orders/Built/x'

  test('prints the chain of policies', async () => {
    const { status, text } = await run(
      explain,
      { templates: TEMPLATES, as: 'orders-deploy' },
      's3:GetObject',
      ARTIFACT,
    )
    expect(status).toBe(0)
    expect(text).toContain(`allowed s3:GetObject on ${ARTIFACT}`)
    expect(text).toContain(
      'allows bucket policy of arn:aws:s3:::artifacts-111111111111-us-east-1 (resource-based policy)',
    )
    expect(text).toContain('✔ Allow "ReadFromTarget"')
  })

  test('prints conditions with the values they were given', async () => {
    const { status, text } = await run(
      explain,
      { templates: TEMPLATES, as: 'orders-build' },
      'sts:AssumeRole',
      'arn:aws:iam::222222222222:role/orders-deploy',
    )
    expect(status).toBe(1)
    expect(text).toContain(
      '✖ ArnEquals aws:PrincipalArn: wanted arn:aws:iam::111111111111:role/orders-pipeline, got arn:aws:iam::111111111111:role/orders-build',
    )
  })

  test('takes values for condition keys, several for one key, whatever their case', async () => {
    const read = (...context: string[]) =>
      run(explain, { templates: TEMPLATES, as: 'orders-deploy', context }, 's3:GetObject', ARTIFACT)
    expect((await read()).status).toBe(0)
    const { status, text } = await read('AWS:securetransport=false')
    expect(status).toBe(1)
    expect(text).toContain('✔ Bool aws:SecureTransport: wanted false, got false')
    const several = await read('aws:SecureTransport=false', 'aws:SecureTransport=true')
    expect(several.text).toContain('✖ Bool aws:SecureTransport: wanted false, got false, true')
  })

  test('says what is not known, and calls nothing allowed that hangs on it', async () => {
    const ask = (as: string, resource = ARTIFACT) =>
      run(explain, { templates: TEMPLATES, as }, 's3:GetObject', resource)
    const stranger = await ask('arn:aws:iam::222222222222:role/stranger')
    expect(stranger.text).toContain(`not known s3:GetObject on ${ARTIFACT}`)
    expect(stranger.text).toContain('the role arn:aws:iam::222222222222:role/stranger is in no template')
    expect(stranger.status).toBe(1)
    expect((await ask('codebuild.amazonaws.com', 'arn:aws:s3:::elsewhere/x')).text).toContain('not known s3:')
    expect((await ask('orders-stack', 'arn:aws:s3:::elsewhere/x')).text).toContain('not allowed s3:GetObject')
    await expect(ask('arn:aws:iam::222222222222:role/path/orders-deploy')).rejects.toThrow(
      'but arn:aws:iam::222222222222:role/orders-deploy',
    )
    await expect(ask('arn:aws:iam::222222222222:user/jo')).rejects.toThrow('is not the ARN of a role')
    await expect(ask('orders-deploy', 'artifacts')).rejects.toThrow('"artifacts" is no ARN')
  })

  test('notices a slip in the name of an action', async () => {
    const ask = (action: string) =>
      run(explain, { templates: TEMPLATES, as: 'orders-deploy' }, action, ARTIFACT)
    expect((await ask('s3:GetObjct')).text).toContain('did you mean s3:GetObject?')
    expect((await ask('kms:Decyrpt')).text).toContain('did you mean kms:Decrypt?')
    expect((await ask('s3:DeleteObject')).text).not.toContain('did you mean')
    expect((await ask('S3:deleteobject')).text).not.toContain('did you mean')
  })

  test('wants a role and an action', async () => {
    await expect(run(explain, { templates: TEMPLATES }, 's3:GetObject', ARTIFACT)).rejects.toThrow(
      '--as is missing',
    )
    await expect(
      run(explain, { templates: TEMPLATES, as: 'orders-deploy' }, 'GetObject', ARTIFACT),
    ).rejects.toThrow('"GetObject" is no action')
    await expect(run(explain, { templates: TEMPLATES, as: 'x' }, 's3:GetObject', ARTIFACT)).rejects.toThrow(
      'there is no role x',
    )
  })
})

describe('graph', () => {
  test('prints a tree, Mermaid, or JSON', async () => {
    const tree = await run(graph, { templates: TEMPLATES, format: 'tree' })
    expect(tree).toMatchObject({ status: 0 })
    expect(tree.text).toContain('└─ acts as orders-pipeline  role, 111111111111')
    expect((await run(graph, { templates: TEMPLATES, format: 'mermaid' })).text).toMatch(/^flowchart LR/)
    expect(
      JSON.parse((await run(graph, { templates: TEMPLATES, format: 'tree', json: true })).text).nodes.length,
    ).toBeGreaterThan(5)
  })

  test('fails where a permission is denied', async () => {
    const templates = [brokenHub(), TARGET] as unknown as string
    const { status, text } = await run(graph, { templates, format: 'tree' })
    expect(status).toBe(1)
    expect(text).toContain('✖ denied')
  })

  test('writes SVG into a file', async () => {
    const output = join(folder, 'graph.svg')
    await run(graph, { templates: TEMPLATES, format: 'svg', output })
    expect(readFileSync(output, 'utf8')).toMatch(/^<svg .*<\/svg>\n$/s)
  })

  test('knows its formats and its pipelines', async () => {
    await expect(run(graph, { templates: TEMPLATES, format: 'png' })).rejects.toThrow(
      'there is no format "png"',
    )
    await expect(run(graph, { templates: TEMPLATES, format: 'tree' }, 'other')).rejects.toThrow(
      'no pipeline "other"',
    )
  })
})
