/** What a check tells beside its verdict: quotas, cost, SARIF, graphs, answers to questions. */
import { describe, expect, test } from 'vitest'
import {
  accessGraph,
  countQuotas,
  estimateCost,
  explainAccess,
  problemsOf,
  prove,
  readLandscape,
  toMermaid,
  toSarif,
  toSvg,
  toTree,
} from '../src/access/index.ts'
import { policyName } from '../src/iam/index.ts'
import { type Change, check, checkStacks, systems } from './access-systems.ts'

const WITHOUT_GRANT: Change[] = [
  { stack: 'hub', at: 'Resources.Key.Properties.KeyPolicy.Statement.UseFromTarget' },
]
const landscape = readLandscape(systems.stack())
const DEPLOY = 'arn:aws:iam::222222222222:role/orders-deploy'

describe('quotas', () => {
  test('are counted, and tight from 80 %', () => {
    const long = 'x'.repeat(850)
    const { quotas } = checkStacks('stack', [
      {
        stack: 'hub',
        at: 'Resources.Pipeline.Properties.Stages.Source.Actions.Source.Configuration.BranchName',
        to: long,
      },
    ])
    expect(
      quotas.find(({ quota, state }) => quota === 'quota-configuration-value' && state !== 'fine'),
    ).toMatchObject({
      used: 850,
      limit: 1000,
      state: 'tight',
      subject: 'the action Source in Source of orders',
    })
  })

  test('beyond the limit are errors', () => {
    const names = Array.from(
      { length: 60 },
      (_, index) => `arn:aws:iam::222222222222:role/role-number-${index}`,
    )
    const results = checkStacks('stack', [
      {
        stack: 'target',
        at: 'Resources.DeployRole.Properties.AssumeRolePolicyDocument.Statement.Hub.Condition.ArnEquals',
        to: { 'aws:PrincipalArn': ['arn:aws:iam::111111111111:role/orders-pipeline', ...names] },
      },
    ])
    const [problem] = problemsOf(results).filter(({ rule }) => rule === 'quota-trust-policy')
    expect(problem).toMatchObject({ level: 'error', origin: { stack: 'target', logicalId: 'DeployRole' } })
    expect(problem?.message).toMatch(/trust policy of .*orders-deploy uses \d{4} of 2048 bytes/)
  })

  test('count names that are too long', () => {
    const { quotas } = checkStacks('stack', [
      { stack: 'target', at: 'Resources.StackRole.Properties.RoleName', to: 'r'.repeat(65) },
    ])
    expect(quotas.find(({ quota }) => quota === 'quota-name-of-role')).toMatchObject({
      state: 'over',
      used: 65,
    })
  })

  test('count what AWS will make up as short as it can be', () => {
    const template = (id: string) => ({
      Resources: {
        [id]: {
          Type: 'AWS::IAM::Role',
          Properties: {
            AssumeRolePolicyDocument: {
              Statement: [
                { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
              ],
            },
          },
        },
      },
    })
    const target = { account: '111111111111', region: 'us-east-1' }
    const read = readLandscape(
      ['Short', 'TheRoleThatBuildsEverythingThatThereIs'].map((id) => ({
        ...{ stack: `a-stack-with-quite-a-long-name-${id}`, target, template: template(id) as never },
      })),
    )
    expect([...read.roles.values()].map(({ name }) => name.length > 64)).toContain(true)
    expect(countQuotas(read).filter(({ quota }) => quota === 'quota-name-of-role')).toEqual([])
  })
})

describe('cost', () => {
  test('is a line for the keys, one for each pipeline, and their total', () => {
    const { lines, total } = estimateCost(landscape, { runs: 1000, buildMinutes: 2 })
    expect(lines).toEqual([
      { subject: 'keys', dollars: 1, parts: ['1 at $1.00'] },
      {
        subject: 'orders',
        dollars: 11,
        parts: ['V1 $1.00', '1000 builds $10.00'],
      },
    ])
    expect(total).toBe(12)
  })

  test('of a V2 pipeline follows its minutes, less the free ones', () => {
    const stacks = systems.stack()
    const pipeline = stacks[0]!.template.Resources.Pipeline!.Properties as Record<string, unknown>
    pipeline.PipelineType = 'V2'
    const { lines } = estimateCost(readLandscape(stacks), { runs: 300, buildMinutes: 1 })
    expect(lines.map(({ subject, dollars }) => [subject, dollars.toFixed(2)])).toEqual([
      ['keys', '1.00'],
      ['orders', (300 * 3 * 0.002 + 300 * 0.005).toFixed(2)],
      ['free tier', '-0.20'],
    ])
    expect(lines[1]!.parts[0]).toContain('V1 would be $1.00')
  })

  test('of conditions counts their rules and what they compute on; no V1 would do then', () => {
    const stacks = systems.stack()
    const pipeline = stacks[0]!.template.Resources.Pipeline!.Properties as {
      PipelineType?: string
      Stages: Record<string, unknown>[]
    }
    pipeline.PipelineType = 'V2'
    const rule = (Provider: string) => ({
      Name: Provider,
      RuleTypeId: { Category: 'Rule', Owner: 'AWS', Provider, Version: '1' },
    })
    const window = { ...rule('DeploymentWindow'), Configuration: { Cron: '* * 9-17 ? * MON-FRI *' } }
    const look = { ...rule('Commands'), Commands: ['true'] }
    pipeline.Stages.at(-1)!.BeforeEntry = { Conditions: [{ Result: 'FAIL', Rules: [window, look] }] }
    const { lines } = estimateCost(readLandscape(stacks), { runs: 300, buildMinutes: 1 })
    expect(lines[1]!.parts).toEqual(['V2, 1500 action minutes $3.00', '600 builds $3.00'])
  })
})

describe('SARIF', () => {
  const log = toSarif(problemsOf(checkStacks('stack', WITHOUT_GRANT)), '1.2.3') as {
    version: string
    runs: {
      tool: { driver: { name: string; version: string; rules: { id: string }[] } }
      results: {
        ruleId: string
        ruleIndex: number
        level: string
        message: { text: string }
        locations: { physicalLocation: { artifactLocation: { uri: string } } }[]
      }[]
    }[]
  }
  const [run] = log.runs

  test('names its version, its tool, and a rule for every result', () => {
    expect(log.version).toBe('2.1.0')
    expect(run!.tool.driver).toMatchObject({ name: 'Crossdock', version: '1.2.3' })
    for (const { ruleId, ruleIndex } of run!.results)
      expect(run!.tool.driver.rules[ruleIndex]?.id).toBe(ruleId)
    const ids = run!.tool.driver.rules.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('puts a denial into the file that the statement belongs in', () => {
    const [denied] = run!.results
    expect(denied).toMatchObject({ ruleId: 'denied', level: 'error' })
    expect(denied!.locations[0]!.physicalLocation.artifactLocation.uri).toBe('hub.yaml')
    expect(denied!.message.text).toContain('"Action":"kms:Decrypt"')
  })
})

describe('the graph', () => {
  const whole = accessGraph(landscape, prove(landscape))
  const broken = check(
    (() => {
      const stacks = systems.stack()
      const key = stacks[0]!.template.Resources.Key!.Properties as { KeyPolicy: { Statement: unknown[] } }
      key.KeyPolicy.Statement.splice(1)
      return stacks
    })(),
  )

  test('tells who acts as whom and who reads what with which key', () => {
    const label = (id: string) => whole.nodes.find((node) => node.id === id)?.label
    const told = whole.relations.map(
      ({ from, to, verbs }) => `${label(from)} ${verbs.join('+')} ${label(to)}`,
    )
    expect(told).toEqual(
      expect.arrayContaining([
        'orders acts as orders-pipeline',
        'orders-pipeline assumes orders-deploy',
        'orders-build acts as orders-build',
        'orders-deploy passes orders-stack',
        'orders-deploy reads artifacts-111111111111-us-east-1',
        'artifacts-111111111111-us-east-1 is encrypted with artifacts',
      ]),
    )
    expect(whole.relations.some(({ failed }) => failed)).toBe(false)
  })

  test('is empty for a pipeline that is not there', () => {
    expect(accessGraph(landscape, prove(landscape), 'other').nodes).toEqual([])
  })

  test('as Mermaid has accounts and regions as subgraphs, and failed edges in red', () => {
    const graph = accessGraph(landscape, broken.proof)
    const text = toMermaid(graph, new Map([['111111111111', 'hub']]))
    expect(text).toMatch(/^flowchart LR\n {2}subgraph a0\["hub 111111111111"\]/)
    expect(text).toContain('["us-east-1"]')
    expect(text).toMatch(/linkStyle [\d,]+ stroke:#d1242f/)
    expect(toMermaid(whole)).not.toContain('linkStyle')
  })

  test('as a tree goes from the pipeline down and marks what fails', () => {
    const lines = toTree(accessGraph(landscape, broken.proof))
    expect(lines[0]!.text).toBe('orders  pipeline in us-east-1, 111111111111')
    expect(lines.filter(({ failed }) => failed).map(({ text }) => text.trim())).toEqual([
      expect.stringContaining('decrypts with artifacts  key'),
      expect.stringContaining('decrypts with artifacts  key'),
    ])
  })

  test('as SVG holds every node once, and draws failed edges red', async () => {
    const svg = await toSvg(accessGraph(landscape, broken.proof))
    expect(svg.match(/>orders-deploy</g)).toHaveLength(1)
    expect(svg).toContain('stroke="#d1242f"')
    expect(svg).toContain('✖ decrypts with')
    expect(await toSvg(whole)).not.toContain('✖')
  })
})

describe('a question', () => {
  const KEY = 'arn:aws:kms:us-east-1:111111111111:alias/artifacts'

  test('is answered with the chain of policies', () => {
    const answer = explainAccess(landscape, {
      principal: 'orders-deploy',
      action: 'kms:Decrypt',
      resource: KEY,
    })
    expect(answer.explanation.decision.effect).toBe('allowed')
    expect(
      answer.explanation.policies.map(({ policy, verdict }) => `${verdict} ${policyName(policy)}`),
    ).toEqual([
      'allows key policy of arn:aws:kms:us-east-1:111111111111:key/<Key of hub>',
      `allows identity policy deploy of ${DEPLOY}`,
    ])
    expect(answer.assumed).toEqual([])
  })

  test('that is denied names what to add', () => {
    const answer = explainAccess(landscape, {
      principal: DEPLOY,
      action: 'kms:GenerateDataKey',
      resource: KEY,
    })
    expect(answer.explanation.decision.effect).toBe('implicitDeny')
    expect(answer.remedies).toMatchObject([
      { origin: { stack: 'target', logicalId: 'DeployRole' }, statement: { Action: 'kms:GenerateDataKey' } },
    ])
  })

  test('takes context keys', () => {
    const ask = (context?: Record<string, string>) =>
      explainAccess(landscape, {
        principal: 'orders-pipeline',
        action: 'sts:AssumeRole',
        resource: DEPLOY,
        context,
      }).explanation.decision.effect
    expect(ask()).toBe('allowed')
    expect(ask({ 'sts:ExternalId': 'x' })).toBe('allowed')
  })

  test('says what is not known', () => {
    const answer = explainAccess(landscape, {
      principal: DEPLOY,
      action: 's3:GetObject',
      resource: 'arn:aws:s3:::elsewhere/key',
    })
    expect(answer.assumed).toEqual(['the owner and the policy of the bucket elsewhere'])
  })

  test('about a role that is not there lists those that are', () => {
    expect(() =>
      explainAccess(landscape, { principal: 'nobody', action: 's3:GetObject', resource: '*' }),
    ).toThrow(/there is no role nobody; there are\n.*orders-build/s)
  })
})
