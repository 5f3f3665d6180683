/** A baseline for forty accounts of an organizational unit, wave after wave: every stage, and every place of it proven. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { countQuotas, prove, readAssembly } from '../src/access/index.ts'
import { parseFleet } from '../src/fleet/index.ts'
import { synthesize } from '../src/synth/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'crossdock-forty-'))
afterAll(() => rmSync(folder, { recursive: true }))
writeFileSync(join(folder, 'baseline.yaml'), 'Resources: { Trail: { Type: "AWS::SNS::Topic" } }\n')

const FILE = `
fleet: baseline
hub: { account: "111111111111", region: eu-west-1 }
organization: { id: o-a1b2c3d4e5, management: { account: "999999999999" } }
iam: { boundary: "arn:aws:iam::\${account}:policy/delivery" }
environments:
  test: { organizationalUnit: /workloads/test, regions: [eu-west-1] }
  prod:
    organizationalUnit: /workloads/prod
    except: [frozen]
    regions: [eu-west-1, us-east-1]
    role: "arn:aws:iam::\${account}:role/crossdock-deploy"
    approve: { approvers: ["arn:aws:iam::111111111111:role/release"] }
    alarms: ["\${pipeline}-errors"]
pipelines:
  baseline:
    source: { github: acme/baseline }
    deploy: [ { cloudformation: { template: baseline.yaml, replaceOnFailure: true }, name: base } ]
    notify: [ops@acme.example]
    stages:
      - test
      - environment: prod
        changeSets: false
        window: { cron: "* * 8-15 ? * MON-THU *", timezone: Europe/Oslo }
        waves:
          - { accounts: 1, regions: [eu-west-1], bake: 240 }
          - { accounts: 1, bake: 60 }
          - { accounts: 25%, bake: 60, repeat: true }
`
const ids = Array.from({ length: 40 }, (_, index) => String(500_000_000_000 + index))
const accounts = {
  ...Object.fromEntries(ids.map((id, index) => [id, `team-${index}`])),
  '599999999999': 'frozen',
}
const lock = {
  environments: {
    test: { organizationalUnit: '/workloads/test', accounts: { '222222222222': 'test' } },
    prod: { organizationalUnit: '/workloads/prod', accounts },
  },
  branches: {},
}

const assembly = synthesize(parseFleet(FILE, join(folder, 'crossdock.yaml'), lock))

test('waves: one region of one account, the rest of it, then a quarter of all after a quarter', () => {
  const { stages } = assembly.pipelines[0]!.declaration
  const deploysOf = (index: number) =>
    stages[index]!.actions.filter(({ name }) => name.startsWith('deploy-')).length
  expect(stages.map(({ name }, index) => [name, deploysOf(index)])).toEqual([
    ['Source', 0],
    ['test', 1],
    ['prod-1', 1],
    ['prod-2', 1],
    ['prod-3', 20],
    ['prod-4', 20],
    ['prod-5', 20],
    ['prod-6', 18],
  ])
  const approvals = stages.flatMap(({ name, actions }) =>
    actions.some(({ actionTypeId }) => actionTypeId.category === 'Approval') ? name : [],
  )
  expect(approvals).toEqual(['prod-1'])
})

test('every account has a stack of roles, and every place is proven', () => {
  const access = assembly.waves[0]!.filter(({ name }) => name.endsWith('-access'))
  expect(access.map(({ target }) => target.account)).toEqual(['222222222222', ...ids])
  const { edges } = prove(readAssembly(assembly), { complete: true })
  expect(edges.filter(({ verdict }) => verdict !== 'allowed')).toEqual([])
  const reached = new Set(edges.flatMap(({ need }) => need.principal.split(':')[4] ?? []))
  expect([...reached].sort()).toEqual(['111111111111', '222222222222', ...ids])
})

test('nothing of it is past a quota', () => {
  expect(countQuotas(readAssembly(assembly)).filter(({ state }) => state === 'over')).toEqual([])
})

test('a hundred and sixty accounts: what the pipeline’s role has no room for stands in managed policies', () => {
  const many = Array.from({ length: 160 }, (_, index) => String(600_000_000_000 + index))
  const prod = {
    organizationalUnit: '/workloads/prod',
    accounts: Object.fromEntries(many.map((id) => [id, id])),
  }
  const file = FILE.replace('    except: [frozen]\n', '').replace(
    '{ accounts: 25%, bake: 60, repeat: true }',
    '{ accounts: 10, repeat: true }',
  )
  const large = synthesize(
    parseFleet(file, join(folder, 'crossdock.yaml'), {
      ...lock,
      environments: { ...lock.environments, prod },
    }),
  )
  const landscape = readAssembly(large)
  expect(countQuotas(landscape).filter(({ state }) => state === 'over')).toEqual([])
  const { edges } = prove(landscape, { complete: true })
  expect(edges.filter(({ verdict }) => verdict !== 'allowed')).toEqual([])
  const { Resources } = large.waves[1]![0]!.template
  expect(Object.keys(Resources).filter((id) => id.startsWith('PipelineRolePolicy')).length).toBeGreaterThan(1)
})
