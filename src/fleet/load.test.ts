import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { FleetErrors, fleetJsonSchema, loadFleet, parseFleet } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'crossdock-fleet-'))
afterAll(() => rmSync(folder, { recursive: true }))

const GOOD = `fleet: acme
hub: { account: 011111111111, region: us-east-1 }
environments:
  dev: { account: 022222222222, regions: [us-east-1] }
  prod: { account: "444444444444", regions: [us-east-1, eu-west-1] }
pipelines:
  orders:
    source: { github: acme/orders }
    build: { environment: { RATE: 1.10, ON: true }, compute: large }
    deploy:
      - cloudformation: { template: packaged.yaml, parameters: { Stage: "\${environment}" } }
    stages:
      - dev
      - { environment: prod, approve: true, regions: [eu-west-1] }
`

/** The errors of a fleet file that is the good one with a text replaced, as lines. */
function complaints(find: string, replacement: string): string[] {
  const text = GOOD.replace(find, () => replacement)
  expect(text).not.toBe(GOOD)
  try {
    parseFleet(text, 'crossdock.yaml')
  } catch (error) {
    expect(error).toBeInstanceOf(FleetErrors)
    return (error as FleetErrors).errors.map(String)
  }
  return []
}

describe('a fleet file', () => {
  it('is read with its defaults', () => {
    const fleet = parseFleet(GOOD, '/srv/acme/crossdock.yaml')
    expect(fleet.name).toBe('acme')
    expect(fleet.directory).toBe('/srv/acme')
    const [orders] = fleet.pipelines
    expect(orders?.sources[0]?.configuration).toEqual({ github: 'acme/orders', branch: 'main', clone: 'zip' })
    expect(orders?.executionMode).toBe('SUPERSEDED')
    expect(orders?.builds[0]).toMatchObject({
      buildspec: 'buildspec.yml',
      compute: 'BUILD_GENERAL1_LARGE',
      timeout: 60,
      privileged: false,
    })
    expect(orders?.stages[0]).toMatchObject({
      name: 'dev',
      places: [expect.objectContaining({ region: 'us-east-1' })],
      changeSets: false,
    })
    expect(orders?.stages[1]).toMatchObject({
      approve: { emails: [] },
      changeSets: true,
      places: [expect.objectContaining({ region: 'eu-west-1' })],
    })
  })

  it('keeps the zeros of account ids and the digits of values that nobody quoted', () => {
    const fleet = parseFleet(GOOD, 'crossdock.yaml')
    expect(fleet.hub.account).toBe('011111111111')
    expect(fleet.environments[0]?.accounts[0]?.account).toBe('022222222222')
    expect(fleet.pipelines[0]?.builds[0]?.environment).toEqual({ RATE: '1.10', ON: 'true' })
  })

  it('may be TypeScript', async () => {
    const file = join(folder, 'crossdock.config.ts')
    writeFileSync(
      file,
      `const account: string = '111111111111'
       export default {
         fleet: 'acme', hub: { account, region: 'us-east-1' },
         environments: { dev: { account: '222222222222', regions: ['us-east-1'] } },
         pipelines: { web: { source: { s3: { bucket: 'b', key: 'k' } }, deploy: [{ s3: { bucket: 'w' } }], stages: ['dev'] } },
       }`,
    )
    const fleet = await loadFleet(file)
    expect(fleet.pipelines[0]?.stages[0]?.places[0]?.account).toBe('222222222222')
  })

  it('that is missing is named', async () => {
    await expect(loadFleet(join(folder, 'nowhere.yaml'))).rejects.toThrow(/there is no file .*nowhere.yaml/)
  })

  it('has a JSON Schema for editors', () => {
    const schema = fleetJsonSchema() as { properties: Record<string, unknown>; required: string[] }
    expect(Object.keys(schema.properties).slice(0, 3)).toEqual(['fleet', 'hub', 'environments'])
    expect(schema.required).toEqual(['fleet', 'hub', 'environments', 'pipelines'])
  })
})

describe('an error in a fleet file', () => {
  it('names the nearest key for one that is unknown', () => {
    expect(
      complaints('source: { github: acme/orders }', 'source: { github: acme/orders, brnch: x }'),
    ).toEqual(['crossdock.yaml:8:36: unknown key `brnch` in pipelines.orders.source\n  fix: write `branch`'])
  })

  it('names the nearest environment', () => {
    expect(complaints('      - dev\n', '      - dve\n')).toEqual([
      'crossdock.yaml:13:9: there is no environment `dve`\n  fix: write `dev`',
    ])
  })

  it('names the text that may stand between braces', () => {
    expect(complaints('${environment}', '${enviroment}')).toEqual([
      'crossdock.yaml:11:73: pipelines.orders.deploy[0].cloudformation.parameters.Stage: ' +
        '${enviroment} does not stand for anything here\n  fix: write ${environment}',
    ])
  })

  it('is told with every other', () => {
    const errors = complaints(GOOD, GOOD.replace('fleet: acme', 'fleet: Acme').replace('022222222222', '22'))
    expect(errors).toEqual([
      expect.stringMatching(/^crossdock\.yaml:1:8: fleet: must be lower-case letters/),
      expect.stringMatching(
        /^crossdock\.yaml:4:19: environments\.dev\.account: an account id is twelve digits/,
      ),
    ])
  })

  it.each([
    [
      'regions: [eu-west-1]',
      'regions: [us-east-9]',
      /us-east-9 is no region of AWS\n {2}fix: write `us-east-1`/,
    ],
    ['regions: [eu-west-1]', 'regions: [eu-west-2]', /environment `prod` has no region eu-west-2/],
    ['      - dev\n', '      - dev\n      - dev\n', /two stages named `dev`/],
    ['approve: true', 'approve: maybe', /stages\[1\]\.approve: must be a boolean, not text/],
    ['compute: large', 'compute: larg', /must be `small` or `medium` or `large`.*\n {2}fix: write `large`/],
    ['compute: large', 'commands: [make], buildspec: b.yml', /from a buildspec or from here, not both/],
    ['    deploy:', '    deploys:', /pipelines\.orders\.deploy is missing/],
    ['region: us-east-1 }', 'region: Virginia }', /hub\.region: must be a region/],
    ['github: acme/orders', 'github: orders', /must be written owner\/repository/],
    ['  orders:', '  Orders:', /pipelines\.Orders: must be lower-case letters/],
    ['Stage:', 'St-age:', /parameters\.St-age: Invalid string: must match pattern/],
    ['RATE: 1.10', 'CODEBUILD_X: 1', /not start with CODEBUILD_/],
    ['  prod: {', '  hub: {', /no environment can be named `hub`/],
    ['fleet: acme', 'fleet: [acme', /crossdock\.yaml:\d+:\d+: .*\n {2}fix: mend the YAML/],
  ])('%s → %s', (find, replacement, message) => {
    expect(complaints(find, replacement).join('\n')).toMatch(message)
  })
})

describe('actions listed one by one', () => {
  const stage = (actions: string) => `- { name: notify, actions: [${actions}] }\n      - { environment: prod`
  it('name a provider that there is', () => {
    expect(complaints('- { environment: prod', stage('{ name: a, provider: Lamda }'))[0]).toMatch(
      /Lamda is no action provider[\s\S]*Lambda/,
    )
  })
  it('give the category of a provider that is not AWS’s', () => {
    expect(
      complaints('- { environment: prod', stage('{ name: a, provider: Own, owner: Custom }'))[0],
    ).toMatch(/its category is needed/)
  })
  it('stand in a stage by themselves', () => {
    const both = '- { name: x, environment: dev, approve: true, actions: [{ name: a, provider: Manual }] }'
    expect(complaints('- { environment: prod', `${both}\n      - { environment: prod`)[0]).toMatch(
      /approve|actions/,
    )
  })
})

describe('a file that is no fleet', () => {
  const told = async (reading: () => unknown): Promise<string> => {
    try {
      await reading()
    } catch (error) {
      return error instanceof FleetErrors ? error.errors.join('\n') : String(error)
    }
    return 'nothing'
  }

  it('is told as a whole', async () => {
    expect(await told(() => parseFleet('', 'c.yaml'))).toMatch(
      /^c\.yaml:1:1: the file must be a map, not empty\n {2}fix: write a map with `fleet`/,
    )
    expect(await told(() => loadFleet(folder))).toMatch(/ is a folder\n {2}fix: name the fleet file in it/)
  })

  it('cannot blow up by aliases of aliases', async () => {
    const names = [...'abcdefghij']
    const bomb = names.map((name, index) => {
      const item = index ? `*${names[index - 1]}` : 'x'
      return `${name}: &${name} [${Array(9).fill(item).join(', ')}]`
    })
    expect(await told(() => parseFleet(bomb.join('\n'), 'c.yaml'))).toMatch(
      /^c\.yaml:1:1: its aliases cannot be followed/,
    )
  })
})

it('YAML’s merge keys put one map into another', () => {
  const text = GOOD.replace('dev: {', 'dev: &dev {').replace(
    'pipelines:',
    '  test: { <<: *dev, account: 033333333333 }\npipelines:',
  )
  const { environments } = parseFleet(text, 'c.yaml')
  expect(environments.find(({ name }) => name === 'test')).toMatchObject({
    accounts: [expect.objectContaining({ account: '033333333333' })],
    regions: ['us-east-1'],
  })
})
