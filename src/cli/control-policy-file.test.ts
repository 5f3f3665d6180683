import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { loadFleet } from '../fleet/index.ts'
import { readControlPolicy } from './control-policy-file.ts'
import { organizationOf } from './organization-input.ts'

const folder = mkdtempSync(join(tmpdir(), 'crossdock-control-'))
afterAll(() => rmSync(folder, { recursive: true }))
let files = 0
function write(text: string): string {
  const file = join(folder, `${++files}.json`)
  writeFileSync(file, text)
  return file
}
const DENY = { Effect: 'Deny', Action: 's3:*', Resource: '*' }
const document = (...Statement: object[]) => ({ Version: '2012-10-17', Statement })
const scp = write(JSON.stringify(document(DENY)))
const rcp = write(JSON.stringify(document({ ...DENY, Principal: '*' })))

/** What is said of a file, with the place. */
function refusals(text: string, kind: Parameters<typeof readControlPolicy>[1] = 'service control policy') {
  const file = write(text)
  try {
    readControlPolicy(file, kind, undefined)
  } catch (error) {
    const all = (error as { errors?: readonly Error[] }).errors ?? [error]
    return all.map((one) => String(one).replace(file, 'F').split('\n')[0])
  }
  return []
}

describe('a control policy', () => {
  test('is the document in its file, also behind a byte order mark', () => {
    expect(readControlPolicy(scp, 'service control policy', undefined)).toEqual(document(DENY))
    const marked = write(`\uFEFF${JSON.stringify(document(DENY))}`)
    expect(readControlPolicy(marked, 'service control policy', undefined)).toEqual(document(DENY))
  })

  test('that is not there is told where it is named', () => {
    const location = { file: 'crossdock.yaml', line: 3 }
    expect(() => readControlPolicy('/nowhere.json', 'resource control policy', location)).toThrow(
      expect.objectContaining({
        message: 'there is no file /nowhere.json',
        location,
        fix: expect.stringContaining('name the JSON file of a resource control policy'),
      }),
    )
    expect(() => readControlPolicy(folder, 'service control policy', undefined)).toThrow(
      'cannot be read: EISDIR',
    )
  })

  test.each([
    ['{\n  "Version": "2012-10-17"\n  "Statement": []\n}', /^F:3:3: it is no JSON/],
    ['{ "Version": ', /^F:1:14: it is no JSON/],
    ["{\n 'Version': 1 }", /^F:2:2: it is no JSON/],
  ])('%j that is no JSON says where', (text, message) => {
    expect(refusals(text)).toEqual([expect.stringMatching(message)])
  })

  test('has the place of each statement that is wrong', () => {
    const text = JSON.stringify(
      document(DENY, { ...DENY, Principal: '*' }, { ...DENY, Effect: 'Maybe' }),
      null,
      2,
    )
    expect(refusals(text)).toEqual([
      expect.stringMatching(/^F:9:5: the service control policy is refused: /),
      expect.stringMatching(/^F:15:5: the service control policy is refused: /),
    ])
  })

  test('names what is wrong with all of it, and statements that share a name', () => {
    expect(refusals('[]')).toHaveLength(1)
    const twins = document({ ...DENY, Sid: 'One' }, { ...DENY, Sid: 'One' })
    expect(refusals(JSON.stringify(twins))).toEqual([expect.stringMatching(/must be unique/)])
  })

  test('of resources needs a principal', () => {
    expect(refusals(JSON.stringify(document(DENY)), 'resource control policy')).toContainEqual(
      expect.stringMatching(/^F:1:\d+: the resource control policy is refused: .*Principal/),
    )
    expect(readControlPolicy(rcp, 'resource control policy', undefined).Statement).toHaveLength(1)
  })
})

describe('the organization', () => {
  const fleetFile = join(folder, 'crossdock.yaml')
  writeFileSync(join(folder, 't.yaml'), 'Resources: { Topic: { Type: AWS::SNS::Topic } }')
  writeFileSync(
    fleetFile,
    `fleet: f
hub: { account: "111111111111", region: us-east-1 }
environments: { dev: { account: "222222222222", regions: [us-east-1] } }
pipelines: { app: { source: { github: a/b }, deploy: [{ cloudformation: { template: t.yaml } }], stages: [dev] } }
`,
  )
  const given = async (options: object, withFleet = false) =>
    organizationOf({ options: options as never }, withFleet ? await loadFleet(fleetFile) : undefined)

  test('is unknown where nothing is given', async () => {
    expect(await given({})).toBeUndefined()
    expect(await given({}, true)).toBeUndefined()
  })

  test.each([
    ['o-a1b2c3d4e5', { id: 'o-a1b2c3d4e5' }],
    ['111111111111', { management: '111111111111' }],
    ['o-a1b2c3d4e5=111111111111', { id: 'o-a1b2c3d4e5', management: '111111111111' }],
  ])('%s is an identity', async (organization, identity) => {
    expect(await given({ organization })).toEqual({ ...identity, policies: [] })
  })

  test.each(['', 'o-1', '111', 'x=111111111111'])('"%s" is none', async (organization) => {
    await expect(given({ organization })).rejects.toThrow(`not "${organization}"`)
  })

  test('has the policies that are named, with their targets', async () => {
    const { policies } = (await given(
      { scp: [scp, `${scp}=dev,hub,333333333333,ou-ab12-x`], rcp: [rcp] },
      true,
    ))!
    expect(policies.map(({ kind, targets }) => [kind, targets])).toEqual([
      ['service control policy', []],
      ['service control policy', ['222222222222', '111111111111', '333333333333', 'ou-ab12-x']],
      ['resource control policy', []],
    ])
    expect(policies[0]).toMatchObject({ name: scp, document: document(DENY), origin: { file: scp } })
  })

  test('refuses a target that nobody knows', async () => {
    await expect(given({ scp: [`${scp}=prod`] }, true)).rejects.toThrow(
      '"prod" is no target; write an account id of twelve digits, or one of hub, dev',
    )
    await expect(given({ rcp: [`${rcp}=dev`] })).rejects.toThrow(
      /"dev" is no target; write .* twelve digits$/,
    )
  })
})
